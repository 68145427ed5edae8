import { randomInt } from 'node:crypto';
import type Stripe from 'stripe';
import { happening, type Happening } from './happening';
import { invoiceSettled } from './invoices';
import { ORDERS } from './orders';
import { newReceiptUrl } from './papers';
import { behaviourOf } from './methods/behaviours';
import { idIn, type World } from './world';

const DAY_SECONDS = 86_400;
const DAYS_UNTIL_AVAILABLE = 2;
/** 2.9 % + 30 of the smallest unit. */
const FEE_PER_MILLE = 29;
const FEE_FIXED = 30;

/** Some seconds after a payment: its balance transaction, its receipt, and the late events of its invoice. */
export function settleCharge(world: World, chargeId: string): void {
  const charge = world.store.charges.get(chargeId);
  if (!charge || charge.balance_transaction !== null) return;
  const transaction = world.store.balanceTransactions.put(buildTransaction(world, charge));
  if (transaction.status === 'pending') {
    world.later('release_funds', transaction.id, transaction.available_on * 1000);
  }
  const settled = world.store.charges.put({
    ...charge,
    balance_transaction: transaction.id,
    receipt_url: newReceiptUrl(world, charge.id),
  });
  const happenings: Happening[] = [
    happening('charge.updated', settled, { balance_transaction: null, receipt_url: charge.receipt_url }),
  ];
  const payment = world.store.invoicePayments.first('payment_intent', idIn(charge.payment_intent) ?? '');
  if (payment) {
    const receipted = world.store.charges.put({ ...settled, receipt_number: receiptNumber() });
    happenings.push(happening('charge.updated', receipted, { receipt_number: null }));
    happenings.push(...invoiceSettled(world, payment));
  }
  world.publish(world.byItself, happenings, ORDERS.settlement);
}

/** The funds of a payment can be paid out. Stripe sends no event for it. */
export function releaseFunds(world: World, transactionId: string): void {
  const transaction = world.store.balanceTransactions.get(transactionId);
  if (transaction) world.store.balanceTransactions.put({ ...transaction, status: 'available' });
}

function buildTransaction(world: World, charge: Stripe.Charge): Stripe.BalanceTransaction {
  const fee = Math.min(charge.amount, Math.round((charge.amount * FEE_PER_MILLE) / 1000) + FEE_FIXED);
  const isAvailable = skipsPending(world, charge);
  const now = world.now();
  return {
    id: world.ids.relative('txn', charge.id),
    object: 'balance_transaction',
    amount: charge.amount,
    available_on: isAvailable ? now : now + DAYS_UNTIL_AVAILABLE * DAY_SECONDS,
    balance_type: 'payments',
    created: now,
    currency: charge.currency,
    description: charge.description,
    exchange_rate: null,
    fee,
    fee_details: [
      {
        amount: fee,
        application: null,
        currency: charge.currency,
        description: 'Stripe processing fees',
        type: 'stripe_fee',
      },
    ],
    net: charge.amount - fee,
    reporting_category: 'charge',
    source: charge.id,
    status: isAvailable ? 'available' : 'pending',
    type: 'charge',
  };
}

function skipsPending(world: World, charge: Stripe.Charge): boolean {
  const method = world.store.paymentMethods.get(charge.payment_method ?? '');
  return method !== undefined && behaviourOf(world, method).skipsPending;
}

function receiptNumber(): string {
  const digits = String(randomInt(100_000_000)).padStart(8, '0');
  return `${digits.slice(0, 4)}-${digits.slice(4)}`;
}
