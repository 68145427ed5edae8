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
 * little to be charged, or less than nothing, goes to the balance.
 */
export function openInvoice(world: World, draft: Stripe.Invoice): Moved {
  const customer = world.store.customers.must(idIn(draft.customer) ?? '');
  const now = invoiceNow(world, draft);
  const owed = draft.total + customer.balance;
  const due = owed < minimumAmount(draft.currency) ? 0 : owed;
  const ending = owed - due;
  const sequence = customer.next_invoice_sequence ?? 1;
  const invoice = world.store.invoices.put({
    ...draft,
    ...newInvoiceUrls(world, draft.id),
    amount_due: due,
    amount_remaining: due,
    automatically_finalizes_at: null,
    effective_at: draft.effective_at ?? now,
    ending_balance: ending,
    next_payment_attempt: null,
    number: draft.number ?? `${customer.invoice_prefix ?? 'SANDBOX'}-${String(sequence).padStart(4, '0')}`,
    starting_balance: customer.balance,
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
