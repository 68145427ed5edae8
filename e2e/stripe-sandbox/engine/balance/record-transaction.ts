import type Stripe from 'stripe';
import { DAY_SECONDS } from '../../durations';
import { behaviourOf } from '../methods/behaviours';
import type { World } from '../world';
import { disputeFee, processingFee } from './fees';

const DAYS_UNTIL_AVAILABLE = 2;

interface Movement {
  id: string;
  /** Positive: to the account; in the smallest unit. */
  amount: number;
  description: string | null;
  fees: Stripe.BalanceTransaction.FeeDetail[];
  category: string;
  source: string;
  type: Stripe.BalanceTransaction['type'];
}

export function recordPayment(world: World, charge: Stripe.Charge): Stripe.BalanceTransaction {
  const fee = processingFee(charge);
  return record(world, charge, {
    id: world.ids.relative('txn', charge.id),
    amount: charge.amount_captured,
    description: charge.description,
    fees: fee === 0 ? [] : [stripeFee(fee, charge.currency, 'Stripe processing fees')],
    category: 'charge',
    source: charge.id,
    type: isDebit(charge) ? 'payment' : 'charge',
  });
}

/** The charge's own fee is not given back. */
export function recordRefund(
  world: World,
  charge: Stripe.Charge,
  refund: Pick<Stripe.Refund, 'id' | 'amount'>,
): Stripe.BalanceTransaction {
  return record(world, charge, {
    id: world.ids.relative('txn', charge.id),
    amount: -refund.amount,
    description: described(isDebit(charge) ? 'REFUND FOR PAYMENT' : 'REFUND FOR CHARGE', charge),
    fees: [],
    category: 'refund',
    source: refund.id,
    type: isDebit(charge) ? 'payment_refund' : 'refund',
  });
}

/** The money of a refund that did not arrive comes back. */
export function recordRefundReturn(
  world: World,
  charge: Stripe.Charge,
  refund: Stripe.Refund,
): Stripe.BalanceTransaction {
  return record(world, charge, {
    id: world.ids.relative('txn', charge.id),
    amount: refund.amount,
    description: described('REFUND FAILURE', charge),
    fees: [],
    category: 'refund_failure',
    source: refund.id,
    type: 'refund_failure',
  });
}

export function recordWithdrawal(
  world: World,
  charge: Stripe.Charge,
  dispute: Stripe.Dispute,
): Stripe.BalanceTransaction {
  return record(world, charge, {
    id: world.ids.long('txn'),
    amount: -dispute.amount,
    description: `Chargeback withdrawal for ${charge.id}`,
    fees: [stripeFee(disputeFee(charge.currency), charge.currency, 'Dispute fee')],
    category: 'dispute',
    source: dispute.id,
    type: 'adjustment',
  });
}

/** A won dispute gives back the amount, not the fee. */
export function recordReinstatement(
  world: World,
  charge: Stripe.Charge,
  dispute: Stripe.Dispute,
): Stripe.BalanceTransaction {
  return record(world, charge, {
    id: world.ids.long('txn'),
    amount: dispute.amount,
    description: `Chargeback reversal for ${charge.id}`,
    fees: [],
    category: 'dispute_reversal',
    source: dispute.id,
    type: 'adjustment',
  });
}

function record(world: World, charge: Stripe.Charge, movement: Movement): Stripe.BalanceTransaction {
  const now = world.now();
  const isAvailable = skipsPending(world, charge);
  const fee = movement.fees.reduce((sum, { amount }) => sum + amount, 0);
  const transaction = world.store.balanceTransactions.put({
    id: movement.id,
    object: 'balance_transaction',
    amount: movement.amount,
    available_on: isAvailable ? now : midnightAfter(now, DAYS_UNTIL_AVAILABLE),
    balance_type: 'payments',
    created: now,
    currency: charge.currency,
    description: movement.description,
    exchange_rate: null,
    fee,
    fee_details: movement.fees,
    net: movement.amount - fee,
    reporting_category: movement.category,
    source: movement.source,
    status: isAvailable ? 'available' : 'pending',
    type: movement.type,
  });
  if (!isAvailable) world.later('release_funds', transaction.id, transaction.available_on * 1000);
  return transaction;
}

/** Money of a bank account and not of a card. */
export function isDebit(charge: Pick<Stripe.Charge, 'id'>): boolean {
  return charge.id.startsWith('py_');
}

function described(what: string, { description }: Stripe.Charge): string {
  return description === null ? what : `${what} (${description})`;
}

function stripeFee(
  amount: number,
  currency: string,
  description: string,
): Stripe.BalanceTransaction.FeeDetail {
  return { amount, application: null, currency, description, type: 'stripe_fee' };
}

function midnightAfter(now: number, days: number): number {
  return (Math.floor(now / DAY_SECONDS) + days) * DAY_SECONDS;
}

function skipsPending(world: World, charge: Stripe.Charge): boolean {
  const method = world.store.paymentMethods.get(charge.payment_method ?? '');
  return method !== undefined && behaviourOf(world, method).skipsPending;
}
