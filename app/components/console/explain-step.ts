import {
  type EventDecision,
  type MoneyBackKind,
  type MoneyBackLevel,
  type TimelineEntry,
} from '~/modules/admin/shared';
import { type TransferKind } from '~/modules/ledger/shared';
import { type PaymentState } from '~/modules/payments/shared';
import { type EventStatus, VERDICT } from '~/modules/webhooks/shared';
import { assertNever } from '~/platform/assert-never';

type Entry<Kind extends TimelineEntry['kind']> = Extract<TimelineEntry, { kind: Kind }>;

const STATE: Record<Exclude<PaymentState, 'created'>, string> = {
  open: 'The payment page is open. The customer can pay; nothing has been taken.',
  processing: 'The customer paid in a way that takes days. Credits come when the bank confirms.',
  expired: 'The payment page closed unpaid. Nothing was taken; the customer can buy again.',
  canceled: 'The payment was called off. Nothing was taken; the customer can buy again.',
  failed: 'The payment did not go through. Nothing was taken; the customer can buy again.',
  review: 'The money was taken, but something does not add up: no credits until a person has looked.',
  paid: 'The money is settled. The credits are granted in the same step.',
};

/** What Stripe says by a type of event. */
const EVENT: Readonly<Record<string, string>> = {
  'charge.failed': 'One try to charge the card failed. The customer may try again.',
  'charge.succeeded': 'The card was charged.',
  'charge.updated': 'Stripe added details of the charge, such as its fee or receipt.',
  'checkout.session.async_payment_failed': 'The bank refused a payment that takes days. Nothing was taken.',
  'checkout.session.async_payment_succeeded': 'The bank confirmed a payment that takes days.',
  'checkout.session.completed': 'The customer finished the payment page.',
  'checkout.session.expired': 'The payment page closed unpaid.',
  'customer.created': 'Stripe made its image of the customer.',
  'invoice.paid': 'The invoice is paid. It brings the receipt.',
  'invoice.payment_succeeded': 'The invoice is paid. It brings the receipt.',
  'payment_intent.canceled': 'The payment was called off at Stripe. Nothing was taken.',
  'payment_intent.created': 'Stripe made ready to take the money.',
  'payment_intent.payment_failed': 'The card was declined. The customer may try again.',
  'payment_intent.processing': 'The bank is working on the payment.',
  'payment_intent.requires_action': "The customer's bank asks them to confirm the payment (3-D Secure).",
  'payment_intent.succeeded': 'The money was taken.',
};

const DECISION: Record<EventDecision, string> = {
  applied: 'It changed something here.',
  duplicate: 'It says what was known already: nothing was counted twice.',
  stale: 'It is older than what is known: nothing changed.',
  noop: 'Nothing had to change.',
  ignored: 'Nothing here depends on it.',
};

const STATUS: Record<Exclude<EventStatus, 'done'>, string> = {
  queued: 'It waits for a worker.',
  waiting: 'It is tried again by itself.',
  quarantined: 'It is ours, but does not fit what we know: a person must look.',
  dead: 'Processing it failed for good. It is kept; a redelivery starts it again.',
  dismissed: 'A person closed it.',
};

/** What stopped an attempt. */
const CODE: Readonly<Record<string, string>> = {
  amount_differs: 'The amount is not the one that was asked for.',
  crashed: 'The process ended in the middle of it; nothing was kept.',
  customer_deleted: 'It settled after the deletion of its customer was asked for. Refund it.',
  database_unreachable: 'The database could not be reached.',
  exhausted: 'It was tried as often as is sensible.',
  invariant: 'A rule of the database refused it.',
  lost_race: 'Another step held the same rows.',
  no_payment: 'The customer is ours, but no payment of theirs fits.',
  paid_twice: 'This money came beside the money of its sale. It is kept as a payment of its own.',
  parent_missing: 'It speaks of something that is not known yet.',
  schema: 'Stripe sent something that we do not understand.',
  secret_of_another_account:
    'The account of our key has no such event: the webhook secret is of another endpoint.',
  stripe_key_refused: 'Stripe refused our key.',
  stripe_unreachable: 'Stripe could not be reached.',
  unknown: 'An error that nobody foresaw.',
  unknown_payment: 'It names a payment that we do not have.',
};

const CALL: Readonly<Record<string, string>> = {
  'checkout_session.create': 'We asked Stripe for a payment page.',
  'checkout_session.expire': 'We asked Stripe to close the page: the customer is being deleted.',
  'customer.create': 'We asked Stripe to make its image of the customer.',
  'refund.create': 'We asked Stripe for a refund.',
  'payment_method.detach': 'We asked Stripe to forget the saved card: the customer is being deleted.',
  'subscription.cancel': 'We asked Stripe to end the plan: the customer is being deleted.',
};

const TRANSFER: Record<TransferKind, string> = {
  grant: 'Credits were added to the wallet.',
  spend: 'Credits were spent.',
  hold: 'Credits were set aside for something that is still going on.',
  capture: 'Credits that had been set aside were spent.',
  release: 'Credits that had been set aside are free again.',
  claim: 'Credits follow money that goes or went back.',
  expire: 'Credits reached their end.',
  reverse: 'An earlier act was taken back.',
  adjust: 'A person corrected the balance.',
  repay: 'A debt was paid from new credits.',
};

const MAIL: Readonly<Record<string, string>> = {
  'approvals.asked': 'A mail asks somebody who may decide.',
  'approvals.closed': 'A mail tells who asked how their request ended.',
  'payments.credits_added': 'A mail tells the customer that the credits are there.',
  'payments.in_review': 'A mail tells the customer that a person looks at the payment.',
  'refunds.done': 'A mail tells the customer that their money is on its way back.',
  'payments.failed': 'A mail tells the customer that the payment failed.',
};

const MAIL_STATE: Record<Entry<'mail'>['state'], string> = {
  queued: 'It waits to be sent.',
  sent: 'The mail server took it.',
  failed: 'It could not be sent.',
};

/** What the level of a refund or dispute does to the payment's credits. */
const BACK_LEVEL: Record<MoneyBackKind, Record<MoneyBackLevel, string>> = {
  refund: {
    none: 'It takes no credits.',
    pending: 'Its credits are held back until the money has gone or stays.',
    gone: 'The money has gone back, and its credits with it.',
  },
  dispute: {
    none: 'The bank has none of the money because of it: it takes no credits.',
    pending: 'The bank wants the money back: its credits are held back.',
    gone: 'The bank has the money: its credits are revoked.',
  },
};

/** What an event means, and Stripe's own sentence when the money did not move. */
export function explainEvent({ type, fault }: { type: string; fault: string | null }): string {
  const means = EVENT[type] ?? `Stripe reports ${type.replaceAll(/[._]/g, ' ')}.`;
  return fault === null ? means : `${means} Stripe says: “${fault}”`;
}

/** What became of an event here. */
export function explainOutcome(event: { status: EventStatus; decision: EventDecision | null }): string {
  if (event.status !== 'done') return STATUS[event.status];
  return event.decision === null ? 'It is done.' : DECISION[event.decision];
}

/** Why an attempt did not decide its event; undefined for codes that explain themselves. */
export const explainCode = (code: string): string | undefined => CODE[code];

/** What is known of a call to Stripe. */
export function explainCall(call: Pick<Entry<'call'>, 'state' | 'sends' | 'absentAt'>): string {
  switch (call.state) {
    case 'open':
      if (call.sends === 0) return 'It is written down and not sent yet.';
      return call.absentAt === null
        ? 'No answer came, so it may or may not have happened. It is sent again with the same key: it cannot happen twice.'
        : 'No answer came, and a first look at Stripe did not find it. A second look decides.';
    case 'succeeded':
      return 'Stripe did it.';
    case 'refused':
      return 'Stripe refused it: nothing happened there.';
    case 'lost':
      return 'Stripe did it, and what it made is gone since.';
    case 'absent':
      return 'No answer came, and two looks at Stripe found nothing: nothing happened there.';
    default:
      return assertNever(call.state);
  }
}

export const explainCallKind = (kind: string): string => CALL[kind] ?? `We asked Stripe for ${kind}.`;

/** What made a payment, by its cause: `customer:cst_…`. */
export function explainBeginning(cause: string): string {
  const [kind = ''] = cause.split(':', 1);
  switch (kind) {
    case 'customer':
      return 'The customer picked what to buy. Stripe was not asked for anything yet.';
    case 'event':
    case 'check':
    case 'recheck':
    case 'return':
      return 'It was paid at Stripe, and became a payment here by what Stripe said.';
    case 'top_up':
      return 'Credits ran low, and the rule that the customer agreed to buys. Stripe was not asked for anything yet.';
    default:
      return 'It was begun here.';
  }
}

/** One step in a sentence for somebody who answers customers. */
export function explainStep(entry: TimelineEntry): string {
  switch (entry.kind) {
    case 'state':
      return entry.to === 'created' ? explainBeginning(entry.cause) : STATE[entry.to];
    case 'event':
      return `${explainEvent(entry)} ${explainOutcome(entry)}`;
    case 'delivery':
      return VERDICT[entry.verdict].means;
    case 'attempt':
      if (entry.outcome === 'done') return 'A worker processed the event.';
      return CODE[entry.code ?? ''] ?? 'A worker tried to process the event.';
    case 'call':
      return `${explainCallKind(entry.call)} ${explainCall(entry)}`;
    case 'transfer':
      return TRANSFER[entry.transfer];
    case 'mail':
      return `${MAIL[entry.mail] ?? 'A mail about it goes to the customer.'} ${MAIL_STATE[entry.state]}`;
    case 'back':
      return BACK_LEVEL[entry.back][entry.level];
    case 'act':
      return entry.comment ?? '';
    case 'note':
      return entry.text === '' ? 'Its words were redacted.' : entry.text;
    default:
      return assertNever(entry);
  }
}
