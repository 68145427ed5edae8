import type Stripe from 'stripe';
import { randomInt } from 'node:crypto';
import { isDebit, recordRefund } from '../balance/record-transaction';
import { findCardByNumber, type RefundCourse } from '../cards';
import { changedFields } from '../changed-fields';
import { warningsAnswered } from '../disputes/early-fraud-warnings';
import { happening } from '../happening';
import type { Cause, World } from '../world';
import { unrefunded } from './judge-refund';

export interface RefundInput {
  charge: Stripe.Charge;
  /** In the smallest unit; a judge has allowed it. */
  amount: number;
  reason: 'duplicate' | 'fraudulent' | 'requested_by_customer' | null;
  metadata: Stripe.Metadata;
  instructionsEmail: string | null;
}

/** Gives money back. It leaves the balance at once, also while the bank takes its time. */
export function createRefund(world: World, cause: Cause, input: RefundInput): Stripe.Refund {
  const { charge } = input;
  const course = courseOf(world, charge);
  const refund = world.store.refunds.put(buildRefund(world, input, course));
  const after = world.store.charges.put({
    ...charge,
    amount_refunded: charge.amount_refunded + refund.amount,
    ...(input.reason === 'fraudulent' && {
      fraud_details: { ...charge.fraud_details, user_report: 'fraudulent' as const },
    }),
    refunded: unrefunded(world, charge) === 0,
  });
  expectAnswer(world, refund, course);
  const happenings = [
    happening('refund.created', refund),
    { ...happening('charge.refunded', after), previous: changedFields(charge, after) },
    ...(after.refunded ? warningsAnswered(world, after) : []),
  ];
  world.publish(cause, happenings);
  return refund;
}

function courseOf(world: World, charge: Stripe.Charge): RefundCourse {
  if (isDebit(charge)) return 'pending';
  const testCard = world.store.cards.get(charge.payment_method ?? '')?.testCard;
  return (testCard === undefined ? undefined : findCardByNumber(testCard))?.refund ?? 'sync';
}

function expectAnswer(world: World, refund: Stripe.Refund, course: RefundCourse): void {
  const { refundDelayMs, refundReferenceMs } = world.settings();
  const kind = { sync: 'reference_refund', pending: 'settle_refund', fails_later: 'fail_refund' } as const;
  const waitMs = course === 'sync' ? refundReferenceMs : refundDelayMs;
  world.later(kind[course], refund.id, world.nowMs() + waitMs);
}

function buildRefund(world: World, input: RefundInput, course: RefundCourse): Stripe.Refund {
  const { charge, amount } = input;
  const id = world.ids.relative(isDebit(charge) ? 'pyr' : 're', charge.id);
  return {
    id,
    object: 'refund',
    amount,
    balance_transaction: recordRefund(world, charge, { id, amount }).id,
    charge: charge.id,
    created: world.now(),
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    ...(!isDebit(charge) && { destination_details: cardDestination(null) }),
    ...(input.instructionsEmail !== null && { instructions_email: input.instructionsEmail }),
    metadata: input.metadata,
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    ...(course === 'pending' && { pending_reason: 'processing' as const }),
    reason: input.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: course === 'pending' ? 'pending' : 'succeeded',
    transfer_reversal: null,
  };
}

type Destination = NonNullable<Stripe.Refund['destination_details']>;

function cardDestination(reference: string | null): Destination {
  return {
    card: {
      ...(reference !== null && { reference }),
      reference_status: reference === null ? 'pending' : 'available',
      reference_type: 'acquirer_reference_number',
      type: 'refund',
    },
    type: 'card',
  };
}

/** The bank's number of a card refund, by which the customer's bank finds it. */
export function withReference(refund: Stripe.Refund): Stripe.Refund {
  if (refund.destination_details?.type !== 'card') return refund;
  const reference = `${randomInt(10 ** 8)}`.padStart(8, '0') + `${randomInt(10 ** 8)}`.padStart(8, '0');
  return { ...refund, destination_details: cardDestination(reference) };
}

/** Until the bank has a number for it, a refund has not left and may still be stopped. */
export function isOnItsWay(refund: Stripe.Refund): boolean {
  return refund.status === 'succeeded' && refund.destination_details?.card?.reference_status !== 'pending';
}
