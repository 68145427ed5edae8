import { randomInt } from 'node:crypto';
import { recordPayment } from './balance/record-transaction';
import { expectReturn } from './disputes/return-debit';
import { happening, type Happening } from './happening';
import { invoiceSettled } from './invoices';
import { ORDERS } from './orders';
import { newReceiptUrl } from './papers';
import { idIn, type World } from './world';

/** Some seconds after a payment: its balance transaction, its receipt, and the late events of its invoice. */
export function settleCharge(world: World, chargeId: string): void {
  const charge = world.store.charges.get(chargeId);
  if (!charge || charge.balance_transaction !== null) return;
  const transaction = recordPayment(world, charge);
  expectReturn(world, charge);
  const intent = idIn(charge.payment_intent) ?? '';
  const payment = world.store.invoicePayments.first('payment_intent', intent);
  // Of an invoice that Checkout made for a payment everything is told late; others were told of with their payment.
  const isBilled = payment !== undefined && !world.store.sessions.first('payment_intent', intent);
  const settled = world.store.charges.put({
    ...charge,
    balance_transaction: transaction.id,
    receipt_url: newReceiptUrl(world, charge.id),
    ...(isBilled && { receipt_number: receiptNumber() }),
  });
  const happenings: Happening[] = [
    happening('charge.updated', settled, {
      balance_transaction: null,
      ...(isBilled && { receipt_number: null }),
      receipt_url: charge.receipt_url,
    }),
  ];
  if (payment && isBilled) {
    return world.publish(world.byItself, [...invoiceSettled(world, payment), ...happenings]);
  }
  if (payment) {
    const receipted = world.store.charges.put({ ...settled, receipt_number: receiptNumber() });
    happenings.push(happening('charge.updated', receipted, { receipt_number: null }));
    happenings.push(...invoiceSettled(world, payment));
  }
  world.publish(world.byItself, happenings, ORDERS.settlement);
}

/** The funds of a payment can be paid out. Stripe sends no event for it. */
export function releaseFunds(world: World, transactionId: string): void {
  const { balanceTransactions, disputes } = world.store;
  const pending = balanceTransactions.get(transactionId);
  if (!pending) return;
  const released = balanceTransactions.put({ ...pending, status: 'available' });
  const dispute = disputes.get(idIn(released.source) ?? '');
  if (!dispute) return;
  const moved = dispute.balance_transactions.map((one) => (one.id === released.id ? released : one));
  disputes.put({ ...dispute, balance_transactions: moved });
}

function receiptNumber(): string {
  const digits = String(randomInt(100_000_000)).padStart(8, '0');
  return `${digits.slice(0, 4)}-${digits.slice(4)}`;
}
