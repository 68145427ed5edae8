import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from '@remix-run/node';
import type * as z from 'zod';
import { type ActReply } from '~/components/console/act-reply';
import { eventCount, REPLAY_INTENTS } from '~/components/console/event-acts';
import { parseAct } from '~/console/act-form.server';
import { actingStaff, assertSameOrigin, requireStaff } from '~/modules/auth/index.server';
import { cancelReplay, startReplay } from '~/modules/webhooks/index.server';
import { assertNever } from '~/platform/assert-never';
import { db, inTransaction } from '~/platform/db.server';
import { replayForm } from '~/console/replay-form.server';

/** Nothing to see: the list of replays is. */
export async function loader({ request }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  return redirect('/admin/webhooks/replays');
}

export async function action({ request }: ActionFunctionArgs): Promise<ActReply> {
  assertSameOrigin(request);
  const acting = await actingStaff(request, 'support');
  if (acting.outcome === 'prove_first') return acting;
  const parsed = parseAct(await request.formData(), replayForm);
  if (!parsed.ok) return parsed.reply;
  const asked = parsed.value;
  switch (asked.intent) {
    case REPLAY_INTENTS.start:
      return start({ actor: acting.user.id, ...asked });
    case REPLAY_INTENTS.cancel:
      return cancel({ actor: acting.user.id, replayId: asked.replay });
    default:
      return assertNever(asked);
  }
}

type Start = Extract<z.infer<typeof replayForm>, { intent: 'start' }> & { actor: string };

async function start(asked: Start): Promise<ActReply> {
  const { actor, key, reason, comment, realm: realmId, selection, how } = asked;
  const dryRun = how === 'dry';
  const wish = { realmId, actor, reason, comment, key, selection, dryRun };
  const started = await inTransaction(db(), 'start replay', (tx) => startReplay(tx, wish));
  if (started.outcome === 'nothing_selected')
    return {
      outcome: 'refused',
      message:
        'Nothing was started: none of these events is at rest as you saw it. What is queued or waiting is processed anyway; look at the page again.',
    };
  const to = `/admin/webhooks/replays/${started.replayId}`;
  const events = eventCount(started.total);
  return dryRun
    ? {
        outcome: 'open',
        message: `${events}: each is tried, and nothing is kept.`,
        link: { to, label: 'Show what it would come to' },
      }
    : {
        outcome: 'open',
        message: started.total === 1 ? '1 event: it runs again.' : `${events} run again.`,
        link: { to, label: 'Show what becomes of them' },
      };
}

async function cancel(asked: { actor: string; replayId: string }): Promise<ActReply> {
  const { outcome } = await inTransaction(db(), 'cancel replay', (tx) => cancelReplay(tx, asked));
  return outcome === 'canceled'
    ? { outcome: 'done', message: 'No further events are taken. What was queued already is processed.' }
    : { outcome: 'refused', message: 'It has ended already.' };
}

export { sendAct as clientAction, unlessUnheard as shouldRevalidate } from '~/components/console/send-act';
