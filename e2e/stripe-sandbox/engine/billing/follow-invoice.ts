import type Stripe from 'stripe';
import { laterOn } from '../clocks/clock-time';
import type { Confirmed } from '../confirm-intent';
import { happening, type Happening } from '../happening';
import { idIn, type World } from '../world';
import { changeInvoice, changeSubscription } from './changes';
import { endSubscription } from './end-subscription';
import { invoiceNow, markPaid, subscriptionIdOf } from './invoice-states';
import { daysLater } from './periods';

/** What the answer to an intent means for the invoice that it pays, if it pays one; told in the same act. */
export function withInvoice(world: World, confirmed: Confirmed, isNewTry: boolean): Confirmed {
  const followed = followInvoice(world, confirmed.intent, isNewTry);
  return { ...confirmed, happenings: [...confirmed.happenings, ...followed] };
}

/** The bank has answered the debit of an invoice. */
export function invoiceDebitSettled(world: World, intent: Stripe.PaymentIntent): Happening[] {
  return followInvoice(world, intent, false);
}

function followInvoice(world: World, intent: Stripe.PaymentIntent, isNewTry: boolean): Happening[] {
  const payment = world.store.invoicePayments.first('payment_intent', intent.id);
  if (payment?.status !== 'open') return [];
  const before = world.store.invoices.must(idIn(payment.invoice) ?? '');
  if (before.status !== 'open' && before.status !== 'uncollectible') return [];
  const attempt = before.attempt_count + (isNewTry ? 1 : 0);
  const tried = { ...before, attempt_count: attempt, attempted: true };
  switch (intent.status) {
    case 'succeeded':
      return invoicePaid(world, tried, payment, intent);
    case 'requires_action':
      return paymentFailed(world, before, tried, true);
    case 'requires_payment_method':
      return paymentFailed(world, before, tried, false);
    case 'processing':
      world.store.invoices.put(tried);
      return [];
    case 'canceled':
    case 'requires_capture':
    case 'requires_confirmation':
      return [];
    default:
      throw new Error(`An intent that is ${intent.status} is unknown`);
  }
}

function invoicePaid(
  world: World,
  open: Stripe.Invoice,
  payment: Stripe.InvoicePayment,
  intent: Stripe.PaymentIntent,
): Happening[] {
  world.store.invoicePayments.put({
    ...payment,
    amount_paid: intent.amount_received,
    status: 'paid',
    status_transitions: { ...payment.status_transitions, paid_at: invoiceNow(world, open) },
  });
  const paid = markPaid(world, open);
  return [...paid.happenings, ...subscriptionPaid(world, paid.invoice, idIn(intent.payment_method))];
}

/** The subscription of a paid invoice is good again; `methodId` is what paid, if anything did. */
export function subscriptionPaid(
  world: World,
  invoice: Stripe.Invoice,
  methodId: string | null,
): Happening[] {
  markDelinquent(world, invoice, false);
  const before = world.store.subscriptions.get(subscriptionIdOf(invoice) ?? '');
  if (!before || before.ended_at !== null) return [];
  const isLatest = idIn(before.latest_invoice) === invoice.id;
  const recovers = isLatest && ['incomplete', 'past_due', 'unpaid'].includes(before.status);
  const saves = before.payment_settings?.save_default_payment_method === 'on_subscription';
  return changeSubscription(world, before, {
    ...before,
    ...(saves && methodId !== null && { default_payment_method: methodId }),
    ...(recovers && { status: 'active' }),
  });
}

function paymentFailed(
  world: World,
  before: Stripe.Invoice,
  tried: Stripe.Invoice,
  mustAct: boolean,
): Happening[] {
  const next = retryAt(world, tried);
  const updated = changeInvoice(world, before, { ...tried, next_payment_attempt: next });
  const failed = world.store.invoices.must(before.id);
  if (next !== null && next !== before.next_payment_attempt) {
    laterOn(world, idIn(failed.test_clock), 'retry_invoice', failed.id, next);
  }
  markDelinquent(world, failed, true);
  return [
    ...(mustAct ? [happening('invoice.payment_action_required', failed)] : []),
    happening('invoice.payment_failed', failed),
    ...updated,
    ...subscriptionUnpaid(world, failed),
  ];
}

/** When the invoice is tried again. Tries by hand change nothing about it. */
export function retryAt(world: World, invoice: Stripe.Invoice): number | null {
  const first = invoice.status_transitions.finalized_at;
  if (!invoice.auto_advance || invoice.collection_method !== 'charge_automatically' || first === null) {
    return null;
  }
  const now = invoiceNow(world, invoice);
  const days = world.settings().invoiceRetryDays.find((after) => daysLater(first, after) > now);
  return days === undefined ? null : daysLater(first, days);
}

/** A failed payment, and after the last try of all what the account has chosen for it. */
export function subscriptionUnpaid(world: World, invoice: Stripe.Invoice): Happening[] {
  const before = world.store.subscriptions.get(subscriptionIdOf(invoice) ?? '');
  if (!before || before.ended_at !== null || before.status === 'incomplete') return [];
  const isOver = invoice.auto_advance === true && invoice.next_payment_attempt === null;
  const end = world.settings().invoiceRetryEnd;
  const happenings = changeSubscription(world, before, {
    ...before,
    ...(before.status !== 'unpaid' && { status: isOver && end === 'unpaid' ? 'unpaid' : 'past_due' }),
  });
  if (!isOver || end !== 'cancel') return happenings;
  const pastDue = world.store.subscriptions.must(before.id);
  return [...happenings, ...endSubscription(world, pastDue, 'payment_failed')];
}

/**
 * Whether the customer owes what was asked for by itself: a try by hand changes nothing. Stripe sends no event for it.
 */
export function markDelinquent(world: World, invoice: Stripe.Invoice, delinquent: boolean): void {
  const customer = world.store.customers.get(idIn(invoice.customer) ?? '');
  if (!customer || customer.delinquent === delinquent) return;
  const isByHand = invoice.billing_reason === 'manual' && invoice.collection_method !== 'send_invoice';
  if (delinquent && isByHand && !invoice.auto_advance) return;
  world.store.customers.put({ ...customer, delinquent });
}
