import type Stripe from 'stripe';
import { invoiceDebitSettled } from '../billing/follow-invoice';
import type { Refusal } from '../cards';
import { settleSessionDebit } from '../complete-session';
import { refuseIntent } from '../confirm-intent';
import { happening, type Happening } from '../happening';
import { ORDERS } from '../orders';
import { newReceiptUrl } from '../papers';
import { idIn, type World } from '../world';
import { behaviourOf, type MethodBehaviour } from './behaviours';
import { chargeOutcome } from './charge-details';
import { DEBIT_FAILED } from './debits';

/** Whatever waits for the money of an intent; each adds its own events to the bank's answer. */
const FOLLOWERS: ReadonlyArray<(world: World, intent: Stripe.PaymentIntent) => Happening[]> = [
  settleSessionDebit,
  invoiceDebitSettled,
];

interface Debit {
  charge: Stripe.Charge;
  intent: Stripe.PaymentIntent;
  method: Stripe.PaymentMethod;
  behaviour: MethodBehaviour;
}

/** The bank's answer to an accepted debit, as the account has it. */
export function settleDebit(world: World, chargeId: string): void {
  const debit = pendingDebit(world, chargeId);
  if (debit) answer(world, debit, debit.behaviour.refusal);
}

/** The bank's answer at once, whatever the account has; false: no bank is being waited for. */
export function answerDebit(world: World, chargeId: string, isPaid: boolean): boolean {
  const debit = pendingDebit(world, chargeId);
  if (!debit) return false;
  answer(world, debit, isPaid ? null : (debit.behaviour.refusal ?? DEBIT_FAILED));
  return true;
}

function answer(world: World, debit: Debit, refusal: Refusal | null): void {
  const { intent, happenings } =
    refusal === null ? paidDebit(world, debit) : failedDebit(world, debit, refusal);
  const followed = FOLLOWERS.flatMap((follow) => follow(world, intent));
  const order = refusal === null ? ORDERS.debitPaid : ORDERS.debitFailed;
  world.publish(world.byItself, [...happenings, ...followed], order);
}

function pendingDebit(world: World, chargeId: string): Debit | undefined {
  const { store } = world;
  const charge = store.charges.get(chargeId);
  const intent = store.paymentIntents.get(idIn(charge?.payment_intent) ?? '');
  const method = store.paymentMethods.get(charge?.payment_method ?? '');
  if (charge?.status !== 'pending' || !intent || !method) return undefined;
  return { charge, intent, method, behaviour: behaviourOf(world, method) };
}

interface Answered {
  intent: Stripe.PaymentIntent;
  happenings: Happening[];
}

function paidDebit(world: World, debit: Debit): Answered {
  const charge = world.store.charges.put({
    ...debit.charge,
    paid: true,
    receipt_url: newReceiptUrl(world, debit.charge.id),
    status: 'succeeded',
  });
  const intent = world.store.paymentIntents.put({
    ...debit.intent,
    amount_received: debit.intent.amount,
    status: 'succeeded',
  });
  world.later('settle_charge', charge.id, world.nowMs() + world.settings().settleDelayMs);
  return {
    intent,
    happenings: [happening('charge.succeeded', charge), happening('payment_intent.succeeded', intent)],
  };
}

function failedDebit(world: World, debit: Debit, refusal: Refusal): Answered {
  const { behaviour, intent: tried, method } = debit;
  const charge = world.store.charges.put({
    ...debit.charge,
    amount_captured: 0,
    captured: false,
    failure_code: refusal.code,
    failure_message: refusal.message,
    outcome: chargeOutcome(behaviour, refusal),
    status: 'failed',
  });
  const intent = refuseIntent(world, tried, method, refusal, charge.id);
  return {
    intent,
    happenings: [happening('charge.failed', charge), happening('payment_intent.payment_failed', intent)],
  };
}
