import type Stripe from 'stripe';
import { buildDraft } from './billing/draft-invoice';
import type { LineInput } from './billing/invoice-lines';
import { markPaid, openInvoice, putPayment } from './billing/invoice-states';
import { happening, type Happening } from './happening';
import { discountOf } from './price-session';
import { idIn, type World } from './world';

/** The invoice of a paid Checkout Session with `invoice_creation`: made draft, finalized and paid in one act. */
export function createSessionInvoice(
  world: World,
  session: Stripe.Checkout.Session,
  customer: Stripe.Customer,
  intent: Stripe.PaymentIntent | null,
): { invoice: Stripe.Invoice; happenings: Happening[] } {
  const draft = world.store.invoices.put(draftOf(world, session, customer));
  const opened = openInvoice(world, draft, false);
  const paid = markPaid(world, { ...opened.invoice, attempt_count: intent ? 1 : 0 });
  if (intent) putPayment(world, paid.invoice, intent, 'paid');
  const happenings = [happening('invoice.created', draft), ...opened.happenings];
  if (!intent) happenings.push(...paid.happenings);
  return { invoice: paid.invoice, happenings };
}

function draftOf(world: World, session: Stripe.Checkout.Session, customer: Stripe.Customer): Stripe.Invoice {
  const now = world.now();
  const data = session.invoice_creation?.invoice_data;
  const discount = discountOf(world, session.id);
  const collectionMethod = world.settings().postPaymentCollection;
  return buildDraft(world, {
    customer: { ...customer, balance: 0 },
    currency: session.currency ?? 'usd',
    reason: 'manual',
    collectionMethod,
    dueDate: collectionMethod === 'send_invoice' ? now : null,
    autoAdvance: false,
    subscription: null,
    period: { start: now, end: now },
    discounts: discount ? [discount] : [],
    isTaxed: session.automatic_tax.enabled,
    lines: world.store.sessionLines.must(session.id).items.map((item) => soldLine(world, item, now)),
    defaultPaymentMethod: null,
    description: data?.description ?? null,
    footer: data?.footer ?? null,
    customFields: data?.custom_fields ?? null,
    metadata: data?.metadata ?? {},
  });
}

/** What a session sold, at the discounts and taxes that its page showed. */
export function soldLine(
  world: World,
  item: Stripe.LineItem,
  at: number,
  subscription: string | null = null,
): LineInput {
  return {
    amount: item.amount_subtotal,
    description: item.description,
    price: item.price,
    quantity: item.quantity ?? 1,
    period: { start: at, end: at },
    metadata: {},
    isDiscountable: true,
    origin: {
      kind: 'invoice_item',
      invoiceItem: world.ids.long('ii'),
      subscription,
      subscriptionItem: null,
      isProration: false,
      credited: null,
    },
    settled: { discount: item.amount_discount, tax: item.amount_tax },
  };
}

/** What Stripe says of a paid invoice some seconds after the payment: of one made by Checkout, everything. */
export function invoiceSettled(world: World, payment: Stripe.InvoicePayment): Happening[] {
  const invoice = world.store.invoices.must(idIn(payment.invoice) ?? '');
  const paid = happening('invoice_payment.paid', payment);
  const session = world.store.sessions.first('payment_intent', idIn(payment.payment.payment_intent) ?? '');
  if (!session) return [paid];
  return [
    happening('invoice.sent', invoice),
    happening('invoice.paid', invoice),
    happening('invoice.payment_succeeded', invoice),
    paid,
  ];
}
