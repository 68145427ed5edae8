import type Stripe from 'stripe';
import { invoicePath, receiptPath, subjectOf, tokenOf } from '../engine/papers';
import { idIn, type World } from '../engine/world';
import type { InvoiceView, Paper, PaperDesk, PaperLine, ReceiptView } from '../sandbox';

/** What a receipt or an invoice says, to whoever holds its token. */
export function paperDesk(world: World): PaperDesk {
  return {
    receipt(token) {
      const charge = world.store.charges.get(subjectOf(world, token) ?? '');
      return charge && receiptView(world, charge);
    },
    invoice(accountId, token) {
      if (accountId !== world.account.id) return undefined;
      const invoice = world.store.invoices.get(subjectOf(world, token) ?? '');
      return invoice && invoiceView(world, invoice, invoicePath(world, token));
    },
  };
}

function receiptView(world: World, charge: Stripe.Charge): ReceiptView {
  const intentId = idIn(charge.payment_intent) ?? '';
  const session = world.store.sessions.first('payment_intent', intentId);
  const payment = world.store.invoicePayments.first('payment_intent', intentId);
  const invoice = payment && world.store.invoices.get(idIn(payment.invoice) ?? '');
  const invoiceToken = invoice && tokenOf(world, invoice.id);
  return {
    businessName: businessName(world),
    currency: charge.currency,
    lines: session ? world.store.sessionLines.must(session.id).items.map(lineOfItem) : [wholeCharge(charge)],
    subtotal: session?.amount_subtotal ?? charge.amount,
    discount: session?.total_details?.amount_discount ?? 0,
    tax: session?.total_details?.amount_tax ?? 0,
    total: charge.amount,
    card: cardOf(charge),
    number: charge.receipt_number,
    paidAt: charge.created,
    invoice:
      invoice && invoiceToken !== undefined
        ? { number: numberOf(invoice), path: invoicePath(world, invoiceToken) }
        : null,
  };
}

function invoiceView(world: World, invoice: Stripe.Invoice, path: string): InvoiceView {
  const payment = world.store.invoicePayments.first('invoice', invoice.id);
  const intent = world.store.paymentIntents.get(idIn(payment?.payment.payment_intent) ?? '');
  const charge = world.store.charges.get(idIn(intent?.latest_charge) ?? '');
  const receiptToken = charge && tokenOf(world, charge.id);
  return {
    businessName: businessName(world),
    businessCountry: invoice.account_country,
    currency: invoice.currency,
    lines: invoice.lines.data.map(lineOfInvoice),
    subtotal: invoice.subtotal,
    discount: sum(invoice.total_discount_amounts),
    tax: sum(invoice.total_taxes),
    total: invoice.total,
    card: charge ? cardOf(charge) : null,
    number: numberOf(invoice),
    status: invoice.status ?? 'draft',
    customer: {
      name: invoice.customer_name,
      email: invoice.customer_email,
      address: invoice.customer_address,
    },
    customFields: invoice.custom_fields ?? [],
    description: invoice.description,
    footer: invoice.footer,
    issuedAt: invoice.status_transitions.finalized_at ?? invoice.created,
    paidAt: invoice.status_transitions.paid_at,
    amountPaid: invoice.amount_paid,
    amountRemaining: invoice.amount_remaining,
    pdfPath: `${path}/pdf`,
    receiptPath: receiptToken === undefined ? null : receiptPath(receiptToken),
  };
}

function businessName(world: World): string {
  return world.account.business_profile?.name ?? 'Sandbox';
}

function numberOf(invoice: Stripe.Invoice): string {
  return invoice.number ?? invoice.id;
}

function cardOf(charge: Stripe.Charge): Paper['card'] {
  const card = charge.payment_method_details?.card;
  return card?.last4 ? { brand: card.brand ?? 'card', last4: card.last4 } : null;
}

function lineOfItem(item: Stripe.LineItem): PaperLine {
  return {
    description: item.description ?? 'Item',
    quantity: item.quantity ?? 1,
    unitAmount: item.price?.unit_amount ?? null,
    amount: item.amount_subtotal,
  };
}

function lineOfInvoice(line: Stripe.InvoiceLineItem): PaperLine {
  const unit = Number(line.pricing?.unit_amount_decimal?.toString() ?? Number.NaN);
  return {
    description: line.description ?? 'Item',
    quantity: line.quantity ?? 1,
    unitAmount: Number.isSafeInteger(unit) ? unit : null,
    amount: line.subtotal,
  };
}

/** A payment made without the hosted page has no lines of its own. */
function wholeCharge(charge: Stripe.Charge): PaperLine {
  return {
    description: charge.description ?? 'Payment',
    quantity: 1,
    unitAmount: null,
    amount: charge.amount,
  };
}

function sum(amounts: ReadonlyArray<{ amount: number }> | null): number {
  return (amounts ?? []).reduce((total, { amount }) => total + amount, 0);
}
