import type Stripe from 'stripe';
import { clockNow } from '../clocks/clock-time';
import { minimumAmount } from '../currencies';
import { happening, type Happening } from '../happening';
import { newInvoiceUrls } from '../papers';
import { idIn, type World } from '../world';

export interface Moved {
  invoice: Stripe.Invoice;
  happenings: Happening[];
}

/** The invoice's own time in Unix seconds. */
export function invoiceNow(world: World, invoice: Stripe.Invoice): number {
  return clockNow(world, idIn(invoice.test_clock));
}

/**
 * Draft to open: it gets its number and its addresses, and the customer's balance is settled with it. What is too
 * little to be charged, or less than nothing, goes to the balance. What Checkout has sold leaves the balance alone.
 */
export function openInvoice(world: World, draft: Stripe.Invoice, usesBalance = true): Moved {
  const customer = world.store.customers.must(idIn(draft.customer) ?? '');
  const now = invoiceNow(world, draft);
  const owed = draft.total + (usesBalance ? customer.balance : 0);
  const isCharged = !usesBalance || owed >= minimumAmount(draft.currency);
  const due = isCharged ? owed : 0;
  const ending = usesBalance ? owed - due : customer.balance;
  const sequence = customer.next_invoice_sequence ?? 1;
  const invoice = world.store.invoices.put({
    ...draft,
    ...newInvoiceUrls(world, draft.id),
    amount_due: due,
    amount_remaining: due,
    automatically_finalizes_at: null,
    effective_at: draft.effective_at ?? now,
    ending_balance: usesBalance ? ending : 0,
    next_payment_attempt: null,
    number: draft.number ?? `${customer.invoice_prefix ?? 'SANDBOX'}-${String(sequence).padStart(4, '0')}`,
    starting_balance: usesBalance ? customer.balance : 0,
    status: 'open',
    status_transitions: { ...draft.status_transitions, finalized_at: now },
    webhooks_delivered_at: now,
  });
  const settled = world.store.customers.put({
    ...customer,
    balance: ending,
    next_invoice_sequence: sequence + 1,
  });
  const happenings = [happening('invoice.finalized', invoice)];
  if (ending === customer.balance) return { invoice, happenings };
  return {
    invoice,
    happenings: [...happenings, happening('customer.updated', settled, { balance: customer.balance })],
  };
}

/** Open or uncollectible to paid. */
export function markPaid(world: World, open: Stripe.Invoice): Moved {
  const invoice = world.store.invoices.put({
    ...open,
    amount_paid: open.amount_due,
    amount_remaining: 0,
    attempted: true,
    auto_advance: false,
    next_payment_attempt: null,
    status: 'paid',
    status_transitions: { ...open.status_transitions, paid_at: invoiceNow(world, open) },
  });
  return {
    invoice,
    happenings: [happening('invoice.paid', invoice), happening('invoice.payment_succeeded', invoice)],
  };
}

/** The payment that an intent makes for an invoice. */
export function putPayment(
  world: World,
  invoice: Stripe.Invoice,
  intent: Stripe.PaymentIntent,
  status: 'open' | 'paid',
): Stripe.InvoicePayment {
  const now = invoiceNow(world, invoice);
  return world.store.invoicePayments.put({
    id: world.ids.long('inpay'),
    object: 'invoice_payment',
    amount_paid: status === 'paid' ? intent.amount_received : null,
    amount_requested: intent.amount,
    created: now,
    currency: intent.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: world.livemode,
    payment: { payment_intent: intent.id, type: 'payment_intent' },
    status,
    status_transitions: { canceled_at: null, paid_at: status === 'paid' ? now : null },
  });
}

/** Open or uncollectible to void: it can no longer be paid. */
export function voidInvoice(world: World, open: Stripe.Invoice): Moved {
  const now = invoiceNow(world, open);
  const invoice = world.store.invoices.put({
    ...open,
    auto_advance: false,
    next_payment_attempt: null,
    status: 'void',
    status_transitions: { ...open.status_transitions, voided_at: now },
  });
  return { invoice, happenings: [happening('invoice.voided', invoice), ...cancelPayments(world, invoice)] };
}

/** The intents that were to pay the invoice are not needed any more. */
export function cancelPayments(world: World, invoice: Stripe.Invoice): Happening[] {
  const now = invoiceNow(world, invoice);
  return world.store.invoicePayments
    .where('invoice', invoice.id)
    .filter(({ status }) => status === 'open')
    .flatMap((payment) => {
      world.store.invoicePayments.put({
        ...payment,
        status: 'canceled',
        status_transitions: { ...payment.status_transitions, canceled_at: now },
      });
      const intent = world.store.paymentIntents.get(idIn(payment.payment.payment_intent) ?? '');
      return intent ? cancelForInvoice(world, intent) : [];
    });
}

function cancelForInvoice(world: World, intent: Stripe.PaymentIntent): Happening[] {
  if (intent.status === 'succeeded' || intent.status === 'canceled') return [];
  const canceled = world.store.paymentIntents.put({
    ...intent,
    canceled_at: world.now(),
    cancellation_reason: 'void_invoice',
    next_action: null,
    status: 'canceled',
  });
  return [happening('payment_intent.canceled', canceled)];
}

export function subscriptionIdOf(invoice: Stripe.Invoice): string | null {
  return idIn(invoice.parent?.subscription_details?.subscription);
}

/** Oldest first. */
export function invoicesOf(world: World, subscription: string): Stripe.Invoice[] {
  return world.store.invoices.where('subscription', subscription);
}
