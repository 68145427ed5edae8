import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from '@remix-run/node';
import { type ActReply } from '~/components/console/act-reply';
import { eventCount } from '~/components/console/event-acts';
import { parseAct } from '~/console/act-form.server';
import { actingStaff, assertSameOrigin, requireStaff } from '~/modules/auth/index.server';
import { dismissEvent, type DismissOutcome } from '~/modules/webhooks/index.server';
import { db, inTransaction } from '~/platform/db.server';
import { dismissForm } from '~/console/dismiss-form.server';

/** Nothing to see: the events are. */
export async function loader({ request }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  return redirect('/admin/dead-letters');
}

/** Each event by itself: one that has moved or needs another role keeps none of the others. */
export async function action({ request }: ActionFunctionArgs): Promise<ActReply> {
  assertSameOrigin(request);
  const acting = await actingStaff(request, 'support');
  if (acting.outcome === 'prove_first') return acting;
  const parsed = parseAct(await request.formData(), dismissForm);
  if (!parsed.ok) return parsed.reply;
  const { events, reason, comment } = parsed.value;
  const by = { actor: acting.user.id, role: acting.user.role, reason, comment };
  const outcomes: DismissOutcome['outcome'][] = [];
  for (const event of events) {
    const { outcome } = await inTransaction(db(), 'dismiss event', (tx) => dismissEvent(tx, event, by));
    outcomes.push(outcome);
  }
  return replyTo(outcomes);
}

const SAID: Record<DismissOutcome['outcome'], (n: number) => string> = {
  dismissed: (n) => `${eventCount(n)} dismissed.`,
  asked: (n) => `${eventCount(n)}: the money is above your limit, a second person is asked.`,
  already_asked: (n) => `${eventCount(n)}: a second person is asked already.`,
  needs_finance: (n) => `${eventCount(n)} left: settled money is finance’s to dismiss.`,
  moved: (n) => `${eventCount(n)} left: not as you saw it any more, so look again.`,
  own_wallet: (n) => `${eventCount(n)} left: it is about your own wallet.`,
};

/** What became of all of them; the best of it names the reply. */
function replyTo(outcomes: readonly DismissOutcome['outcome'][]): ActReply {
  const counts = new Map<DismissOutcome['outcome'], number>();
  for (const outcome of outcomes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const message = [...counts].map(([outcome, n]) => SAID[outcome](n)).join(' ');
  const queue = { to: '/admin/approvals', label: 'Show approvals' };
  if (counts.has('asked') || counts.has('already_asked'))
    return { outcome: counts.has('dismissed') ? 'done' : 'asked', message, link: queue };
  return counts.has('dismissed') ? { outcome: 'done', message } : { outcome: 'refused', message };
}

export { sendAct as clientAction, unlessUnheard as shouldRevalidate } from '~/components/console/send-act';
