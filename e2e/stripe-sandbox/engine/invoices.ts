import Stripe from 'stripe';
import { happening, type Happening } from './happening';
import { newInvoiceUrls } from './papers';
import { idIn, type World } from './world';

/** The invoice of a paid Checkout Session with `invoice_creation`: made draft, finalized and paid in one act. */
export function createSessionInvoice(
  world: World,
  session: Stripe.Checkout.Session,
  customer: Stripe.Customer,
  intent: Stripe.PaymentIntent | null,
): { invoice: Stripe.Invoice; happenings: Happening[] } {
  const draft = buildDraft(world, session, customer);
  const now = world.now();
  const sequence = customer.next_invoice_sequence ?? 1;
  const open: Stripe.Invoice = {
    ...draft,
    ...newInvoiceUrls(world, draft.id),
    attempted: false,
    effective_at: now,
    ending_balance: 0,
    number: `${customer.invoice_prefix ?? 'SANDBOX'}-${String(sequence).padStart(4, '0')}`,
    status: 'open',
    status_transitions: { ...draft.status_transitions, finalized_at: now },
  };
  const invoice = world.store.invoices.put({
    ...open,
    amount_paid: open.amount_due,
    amount_remaining: 0,
    attempt_count: intent ? 1 : 0,
    attempted: true,
    status: 'paid',
    status_transitions: { ...open.status_transitions, paid_at: now },
    webhooks_delivered_at: now,
  });
  world.store.customers.put({ ...customer, next_invoice_sequence: sequence + 1 });
  if (intent) world.store.invoicePayments.put(buildPayment(world, invoice, intent));
  const happenings = [happening('invoice.created', draft), happening('invoice.finalized', open)];
  if (!intent) happenings.push(...paidEvents(invoice));
  return { invoice, happenings };
}

/** What Stripe says about a paid invoice some seconds after the payment. */
export function invoiceSettled(world: World, payment: Stripe.InvoicePayment): Happening[] {
  const invoice = world.store.invoices.must(idIn(payment.invoice) ?? '');
  return [
    happening('invoice.sent', invoice),
    ...paidEvents(invoice),
    happening('invoice_payment.paid', payment),
  ];
}

function paidEvents(invoice: Stripe.Invoice): Happening[] {
  return [happening('invoice.paid', invoice), happening('invoice.payment_succeeded', invoice)];
}

function buildPayment(
  world: World,
  invoice: Stripe.Invoice,
  intent: Stripe.PaymentIntent,
): Stripe.InvoicePayment {
  const now = world.now();
  return {
    id: world.ids.long('inpay'),
    object: 'invoice_payment',
    amount_paid: intent.amount_received,
    amount_requested: intent.amount,
    created: now,
    currency: intent.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: world.livemode,
    payment: { payment_intent: intent.id, type: 'payment_intent' },
    status: 'paid',
    status_transitions: { canceled_at: null, paid_at: now },
  };
}

function buildDraft(
  world: World,
  session: Stripe.Checkout.Session,
  customer: Stripe.Customer,
): Stripe.Invoice {
  const id = world.ids.long('in');
  const now = world.now();
  const total = session.amount_total ?? 0;
  const currency = session.currency ?? 'usd';
  const data = session.invoice_creation?.invoice_data;
  const items = world.store.sessionLines.must(session.id).items;
  return {
    id,
    object: 'invoice',
    account_country: world.account.country ?? null,
    account_name: world.account.business_profile?.name ?? null,
    account_tax_ids: null,
    amount_due: total,
    amount_overpaid: 0,
    amount_paid: 0,
    amount_remaining: total,
    amount_shipping: 0,
    application: null,
    attempt_count: 0,
    attempted: false,
    auto_advance: false,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null, provider: null, status: null },
    automatically_finalizes_at: null,
    billing_reason: 'manual',
    collection_method: 'send_invoice',
    created: now,
    currency,
    custom_fields: data?.custom_fields ?? null,
    customer: customer.id,
    customer_account: null,
    customer_address: customer.address ?? null,
    customer_email: customer.email,
    customer_name: customer.name ?? null,
    customer_phone: customer.phone ?? null,
    customer_shipping: customer.shipping,
    customer_tax_exempt: customer.tax_exempt ?? 'none',
    customer_tax_ids: [],
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: data?.description ?? null,
    discounts: [],
    due_date: now,
    effective_at: null,
    ending_balance: null,
    footer: data?.footer ?? null,
    from_invoice: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    issuer: { type: 'self' },
    last_finalization_error: null,
    latest_revision: null,
    lines: {
      object: 'list',
      data: items.map((item) => buildLine(world, id, item)),
      has_more: false,
      url: `/v1/invoices/${id}/lines`,
    },
    livemode: world.livemode,
    metadata: data?.metadata ?? {},
    next_payment_attempt: null,
    number: null,
    on_behalf_of: null,
    parent: null,
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    period_end: now,
    period_start: now,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: 0,
    statement_descriptor: null,
    status: 'draft',
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    subtotal: session.amount_subtotal ?? 0,
    subtotal_excluding_tax: session.amount_subtotal ?? 0,
    test_clock: null,
    total,
    total_discount_amounts: [],
    total_excluding_tax: total,
    total_pretax_credit_amounts: [],
    total_taxes: [],
    webhooks_delivered_at: null,
  };
}

function buildLine(world: World, invoiceId: string, item: Stripe.LineItem): Stripe.InvoiceLineItem {
  const now = world.now();
  const quantity = item.quantity ?? 1;
  return {
    id: world.ids.long('il'),
    object: 'line_item',
    amount: item.amount_total,
    currency: item.currency,
    description: item.description,
    discount_amounts: [],
    discountable: true,
    discounts: [],
    invoice: invoiceId,
    livemode: world.livemode,
    metadata: {},
    parent: {
      invoice_item_details: {
        invoice_item: world.ids.long('ii'),
        proration: false,
        proration_details: { credited_items: null },
        subscription: null,
      },
      subscription_item_details: null,
      type: 'invoice_item_details',
    },
    period: { end: now, start: now },
    pretax_credit_amounts: [],
    pricing: item.price && {
      price_details: { price: item.price.id, product: idIn(item.price.product) ?? '' },
      type: 'price_details',
      unit_amount_decimal: item.price.unit_amount_decimal,
    },
    quantity,
    quantity_decimal: Stripe.Decimal.from(quantity),
    subscription: null,
    subtotal: item.amount_subtotal,
    taxes: [],
  };
}
