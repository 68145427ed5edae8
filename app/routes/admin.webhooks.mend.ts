import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from '@remix-run/node';
import { type ActReply } from '~/components/console/act-reply';
import { eventCount, MEND_INTENTS } from '~/components/console/event-acts';
import { parseAct } from '~/console/act-form.server';
import { consoleRealm, readRealms } from '~/modules/admin/index.server';
import { actingStaff, assertSameOrigin, requireStaff } from '~/modules/auth/index.server';
import { heldReader, isKeyFault, isPassing } from '~/modules/stripe/index.server';
import {
  assignEvent,
  type AssignOutcome,
  type Correction,
  correctEvent,
  type CorrectOutcome,
  startReplay,
} from '~/modules/webhooks/index.server';
import { assertNever } from '~/platform/assert-never';
import { db, inTransaction } from '~/platform/db.server';
import { mendForm, type Asked } from '~/console/mend-form.server';

/** Nothing to see: the events are. */
export async function loader({ request }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  return redirect('/admin/dead-letters');
}

export async function action({ request }: ActionFunctionArgs): Promise<ActReply> {
  assertSameOrigin(request);
  const acting = await actingStaff(request, 'support');
  if (acting.outcome === 'prove_first') return acting;
  const parsed = parseAct(await request.formData(), mendForm);
  if (!parsed.ok) return parsed.reply;
  const asked = parsed.value;
  const { reason, comment, realm: realmId, event: eventId, run } = asked;
  const by = { actor: acting.user.id, role: acting.user.role, reason, comment };
  const seen = { realmId, eventId, run };
  if (!(await isOfThisBook(realmId))) return refused(OTHER_BOOK);
  if (asked.intent !== MEND_INTENTS.assign) return correct(seen, asked, by);
  const { customer: customerId, version: versionId, quantity } = asked;
  try {
    return assigned(
      await assignEvent(db(), await heldReader(realmId), { ...seen, customerId, versionId, quantity }, by),
    );
  } catch (error) {
    if (!isPassing(error) && !isKeyFault(error)) throw error;
    return refused(
      'Stripe does not answer, and nothing is granted on an event’s word alone. Nothing was done.',
    );
  }
}

/** The console acts on one book; the other mode has a console of its own. */
async function isOfThisBook(realmId: string): Promise<boolean> {
  const { mode } = await consoleRealm();
  return (await readRealms(db())).some((realm) => realm.id === realmId && realm.mode === mode);
}

type Corrected = Exclude<Asked, { intent: 'assign' }>;
type By = Parameters<typeof correctEvent>[3];

function correctionOf(asked: Corrected): Correction {
  if (asked.intent === MEND_INTENTS.customer)
    return { kind: 'customer', stripeCustomer: asked.stripeCustomer, customerId: asked.customer };
  const [versionId = '', currency = ''] = asked.version.split(' ');
  return { kind: 'price', stripePrice: asked.stripePrice, versionId, currency };
}

/** Mends one event, and has all that wait for the same thing run again with it. */
async function correct(
  seen: Parameters<typeof correctEvent>[1],
  asked: Corrected,
  by: By,
): Promise<ActReply> {
  const correction = correctionOf(asked);
  const names = correction.kind === 'price' ? correction.stripePrice : correction.stripeCustomer;
  const done = await inTransaction(db(), 'correct event', async (tx) => {
    const { outcome } = await correctEvent(tx, seen, correction, by);
    if (outcome !== 'corrected' || asked.others === 0) return { outcome };
    const { actor, reason, comment } = by;
    const selection = { status: 'quarantined' as const, reason: asked.code, names };
    const wish = { realmId: seen.realmId, actor, reason, comment, key: asked.key, selection, dryRun: false };
    const started = await startReplay(tx, wish);
    return { outcome, replay: started.outcome === 'started' ? started : undefined };
  });
  if (done.outcome !== 'corrected') return refused(NOT_CORRECTED[done.outcome]);
  const { replay } = done;
  if (replay === undefined)
    return {
      outcome: 'open',
      message: 'Kept. The event runs again, and finds what it lacked.',
      link: eventLink(seen.eventId),
    };
  const link = { to: `/admin/webhooks/replays/${replay.replayId}`, label: 'Show what becomes of them' };
  return { outcome: 'open', message: `Kept. It runs again, and ${eventCount(replay.total)} with it.`, link };
}

const refused = (message: string): ActReply => ({ outcome: 'refused', message });
const eventLink = (id: string) => ({ to: `/admin/webhooks/events/${id}`, label: 'Show the event' });

const MOVED =
  'The event is not as you saw it any more: it ran since, perhaps by what you sent before. Nothing more was done; look at it again.';
const OTHER_BOOK =
  'Nothing was done: this event is of the other mode. Mend it in the console that works with a key of that mode.';
const UNKNOWN_CUSTOMER = 'There is no such customer. Nothing was done.';

const NOT_CORRECTED: Record<Exclude<CorrectOutcome['outcome'], 'corrected'>, string> = {
  moved: MOVED,
  needs_finance: 'What something is sold for is finance’s to say. Nothing was done.',
  taken: 'It is known already as something else. Nothing was done.',
  no_price: 'That version has no price in this currency. Nothing was done.',
  unknown_customer: UNKNOWN_CUSTOMER,
};

const NOT_ASSIGNED: Record<
  Exclude<AssignOutcome['outcome'], 'granted' | 'asked' | 'already_asked' | 'money_known'>,
  string
> = {
  moved: MOVED,
  own_wallet: 'That is your own wallet: somebody else has to do it. Nothing was done.',
  not_paid: 'Stripe says that this is not paid, so nothing can be granted for it.',
  not_money: 'This event names no money that could be assigned.',
  no_key_of_realm:
    'It belongs to another realm: only a process with that realm’s key can read what was paid.',
  more_than_paid: 'That costs more than was paid. Nothing was done: choose less, or refund it.',
  unknown_customer: UNKNOWN_CUSTOMER,
  no_price: 'That pack has no price in the currency that was paid. Nothing was done.',
};

function assigned(outcome: AssignOutcome): ActReply {
  switch (outcome.outcome) {
    case 'granted': {
      const link = { to: `/admin/payments/${outcome.paymentId}`, label: 'Show the payment' };
      return {
        outcome: 'done',
        message: 'The credits are there. Its events run again and find the payment.',
        link,
      };
    }
    case 'asked':
    case 'already_asked': {
      const link = { to: '/admin/approvals', label: 'Show approvals' };
      return {
        outcome: 'asked',
        message: 'It is above your limit: nothing has moved until a second person approves.',
        link,
      };
    }
    case 'money_known':
      return refused(`Nothing was granted: this money belongs to ${outcome.paymentId} already. Look there.`);
    case 'moved':
    case 'own_wallet':
    case 'not_paid':
    case 'not_money':
    case 'no_key_of_realm':
    case 'more_than_paid':
    case 'unknown_customer':
    case 'no_price':
      return refused(NOT_ASSIGNED[outcome.outcome]);
    default:
      return assertNever(outcome);
  }
}

export { sendAct as clientAction, unlessUnheard as shouldRevalidate } from '~/components/console/send-act';
