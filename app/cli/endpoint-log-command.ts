import * as z from 'zod';
import {
  listSendings,
  readSending,
  replaySendings,
  type ReplaySendingsOutcome,
  type ReplayWish,
  type SendingView,
} from '../modules/outbox/index.server';
import { SENDING_STATES } from '../modules/outbox/shared';
import { type Db, inTransaction } from '../platform/db.server';
import { type EndpointOptions, type Say } from './endpoint-command';
import { OperatorError } from './operator-error';

const PAGE = 50;

/** `endpoint log`: what an endpoint was sent, or each request of one sending. */
export async function logCommand(db: Db, id: string, values: EndpointOptions, say: Say): Promise<void> {
  if (id.startsWith('snd_')) return logOf(db, id, say);
  const state = z.enum(SENDING_STATES).optional().safeParse(values.state);
  if (!state.success) throw new OperatorError(`--state must be one of ${SENDING_STATES.join(', ')}.`);
  const filter = { endpointId: id, state: state.data, before: values.before, take: PAGE };
  const page = await listSendings(db, filter);
  if (page.length === 0) say('Nothing was sent there.');
  for (const sending of page) say(lineOf(sending));
  if (page.length === PAGE) say(`Older ones: --before ${page.at(-1)?.id ?? ''}`);
}

async function logOf(db: Db, sendingId: string, say: Say): Promise<void> {
  const sending = await readSending(db, sendingId);
  if (!sending) throw new OperatorError(`There is no sending ${sendingId}.`);
  say(lineOf(sending));
  for (const { n, at, ms, status, error, answer } of sending.log)
    say(`  ${n}. ${at.toISOString()}  ${status ?? error ?? ''}  ${ms} ms  ${answer ?? ''}`.trimEnd());
}

function lineOf({ id, message, messageId, state, tries, dueAt, actor }: SendingView): string {
  const when = state === 'pending' ? `, due ${dueAt.toISOString()}` : '';
  const who = actor === null ? '' : `, asked for by ${actor}`;
  return `${id}  ${message.type}  ${messageId}  ${message.at.toISOString()}  ${state} after ${tries} tries${when}${who}`;
}

/** `endpoint replay`: one sending, or all that failed or never went to an endpoint since a time. */
export async function replayCommand(db: Db, id: string, values: EndpointOptions, say: Say): Promise<void> {
  const { endpointId, wish } = await wishOf(db, id, values);
  let total = 0;
  let replayed: ReplaySendingsOutcome;
  do {
    replayed = await inTransaction(db, 'replay sendings', (tx) =>
      replaySendings(tx, { endpointId, wish, actor: 'cli' }),
    );
    if (replayed.outcome === 'not_on')
      throw new OperatorError(`There is no endpoint ${endpointId} that is on.`);
    if (replayed.outcome === 'replayed') total += replayed.count;
  } while (replayed.outcome === 'replayed' && replayed.hasMore);
  if (total === 0) throw new OperatorError('Nothing fits: what is still on its way is tried anyway.');
  say(`${total} on their way to ${endpointId}.`);
}

async function wishOf(
  db: Db,
  id: string,
  { since, missed = false }: EndpointOptions,
): Promise<{ endpointId: string; wish: ReplayWish }> {
  if (id.startsWith('snd_')) {
    const sending = await readSending(db, id);
    if (!sending) throw new OperatorError(`There is no sending ${id}.`);
    return { endpointId: sending.endpointId, wish: { what: 'these', sendingIds: [id] } };
  }
  const at = new Date(since ?? '');
  if (Number.isNaN(at.getTime()))
    throw new OperatorError('--since must be a time, such as 2026-11-20T12:00:00Z.');
  return { endpointId: id, wish: { what: missed ? 'missed' : 'failed', since: at } };
}
