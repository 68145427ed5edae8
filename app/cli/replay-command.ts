import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import {
  cancelReplay,
  readReplay,
  type ReplaySelection,
  type ReplayTally,
  type ReplayView,
  selectionSchema,
  startReplay,
} from '../modules/webhooks/index.server';
import { type Db, inTransaction } from '../platform/db.server';
import { seconds } from '../platform/time';
import { onDatabase } from './on-database';
import { OperatorError } from './operator-error';

type Say = (sentence: string) => void;

const string = { type: 'string' } as const;
const USAGE = `Usage: replay EVENT… --reason TEXT [--dry-run]
       replay --status dead|quarantined|done|dismissed [--type TYPE] [--code CODE] [--from TIME] [--before TIME] [--realm REALM] --reason TEXT [--dry-run]
       replay --of REPLAY --reason TEXT
       replay --show REPLAY
       replay --cancel REPLAY`;

/**
 * `replay`: starts it, then shows how far it is and what became of its events.
 * @throws OperatorError when the words fit no replay, or nothing fits them
 */
export async function replayCommand(args: string[], say: Say): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...{ status: string, type: string, code: string, from: string, before: string, realm: string },
      ...{ reason: string, of: string, show: string, cancel: string, 'dry-run': { type: 'boolean' } },
    },
  });
  await onDatabase(async (db) => {
    if (values.show !== undefined) return tell(await viewOf(db, values.show), say);
    if (values.cancel !== undefined) return cancel(db, values.cancel, say);
    const { reason } = values;
    if (reason === undefined || reason.trim() === '')
      throw new OperatorError(`--reason must say why: it is kept with the replay.\n${USAGE}`);
    const selection = selectionOf(positionals, values);
    const realmId = await realmOf(db, selection, values.realm);
    const input = { realmId, actor: 'cli', reason, selection, dryRun: values['dry-run'] ?? false };
    const started = await inTransaction(db, 'start replay', (tx) => startReplay(tx, input));
    if (started.outcome === 'nothing_selected')
      throw new OperatorError(
        'No event at rest fits: those that are queued or waiting are processed anyway.',
      );
    say(`${started.replayId}: ${started.total} events.`);
    await follow(db, started.replayId, say);
  });
}

interface Options {
  status?: string | undefined;
  type?: string | undefined;
  code?: string | undefined;
  from?: string | undefined;
  before?: string | undefined;
  of?: string | undefined;
}

/** Events by name, by filter, or those of a dry run: one of the three. */
function selectionOf(ids: string[], options: Options): ReplaySelection {
  const { status, type, code, from, before, of } = options;
  const filter = { status, type, reason: code, receivedFrom: instant(from), receivedBefore: instant(before) };
  const given = [
    ...(ids.length > 0 ? [{ ids }] : []),
    ...(of === undefined ? [] : [{ dryRun: of }]),
    ...(Object.values(filter).some((value) => value !== undefined) ? [filter] : []),
  ];
  const parsed = selectionSchema.safeParse(given[0]);
  if (given.length !== 1 || !parsed.success) throw new OperatorError(USAGE);
  return parsed.data;
}

function instant(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const at = new Date(text);
  if (Number.isNaN(at.getTime()))
    throw new OperatorError(`${text} is no time, such as 2026-11-20T12:00:00Z.`);
  return at.toISOString();
}

const MANY = 100;

/** The realm that holds them; a filter needs it named when there are several. */
async function realmOf(db: Db, selection: ReplaySelection, named: string | undefined): Promise<string> {
  const where =
    named !== undefined
      ? { id: named }
      : 'ids' in selection
        ? { id: { in: await realmsOf(db, selection.ids) } }
        : 'dryRun' in selection
          ? { replays: { some: { id: selection.dryRun } } }
          : {};
  const realms = await db.realm.findMany({ where, select: { id: true }, orderBy: { id: 'asc' }, take: MANY });
  const [first, ...others] = realms.map(({ id }) => id);
  if (first === undefined) throw new OperatorError('No realm has these.');
  if (others.length > 0) throw new OperatorError(`--realm must be one of ${[first, ...others].join(', ')}.`);
  return first;
}

async function realmsOf(db: Db, ids: string[]): Promise<string[]> {
  const rows = await db.event.findMany({
    where: { id: { in: ids } },
    select: { id: true, realmId: true },
    take: MANY * ids.length,
  });
  const unknown = ids.filter((id) => !rows.some((row) => row.id === id));
  if (unknown.length > 0) throw new OperatorError(`Never received: ${unknown.join(', ')}.`);
  return [...new Set(rows.map(({ realmId }) => realmId))];
}

const LOOK_EVERY = seconds(0.5);
const WORKER_WITHIN = seconds(15);

/** Shows progress until every event is decided. A worker does the work; without one it stands until one comes. */
async function follow(db: Db, replayId: string, say: Say): Promise<void> {
  let said = '';
  let movedAt = Date.now();
  for (;;) {
    const view = await viewOf(db, replayId);
    const line = progressOf(view);
    if (line !== said) {
      say(line);
      said = line;
      movedAt = Date.now();
    }
    if (view.state !== 'running' && pendingOf(view) === 0) return tell(view, say);
    if (Date.now() - movedAt > WORKER_WITHIN) {
      say(`No worker moves it. It stands, and goes on when one runs: replay --show ${replayId}`);
      return;
    }
    await pause(LOOK_EVERY);
  }
}

const pendingOf = ({ results }: ReplayView): number =>
  results.reduce((sum, { status, count }) => sum + (status === 'queued' ? count : 0), 0);

const progressOf = (view: ReplayView): string =>
  `${view.done} of ${view.total}${view.dryRun ? ' tried' : ' started anew'}, ${pendingOf(view)} in the queue`;

function tell(view: ReplayView, say: Say): void {
  const kind = view.dryRun ? 'dry run' : 'replay';
  say(`${view.id}, ${kind} by ${view.actor} (${view.reason}): ${view.state}, ${view.done} of ${view.total}.`);
  if (view.skipped > 0) say(`  ${view.skipped} left alone: they had moved meanwhile`);
  for (const line of view.predicted) say(`  predicted  ${textOf(line)}`);
  for (const line of view.results) say(`  result     ${textOf(line)}`);
}

const textOf = ({ status, code, count }: ReplayTally): string =>
  `${String(count).padStart(6)}  ${status}${code === null ? '' : `: ${code}`}`;

async function cancel(db: Db, replayId: string, say: Say): Promise<void> {
  const asked = { replayId, actor: 'cli' };
  const { outcome } = await inTransaction(db, 'cancel replay', (tx) => cancelReplay(tx, asked));
  if (outcome === 'not_running') throw new OperatorError(`${replayId} does not run.`);
  say(`${replayId} is canceled. What it had queued is processed.`);
}

async function viewOf(db: Db, replayId: string): Promise<ReplayView> {
  const view = await readReplay(db, replayId);
  if (!view) throw new OperatorError(`There is no replay ${replayId}.`);
  return view;
}
