import type Stripe from 'stripe';
import { HOUR_SECONDS } from '../../durations';
import { clockNow } from '../clocks/clock-time';
import { idIn, type World } from '../world';
import { buildLines, type LineInput } from './invoice-lines';

export interface DraftInput {
  customer: Stripe.Customer;
  currency: string;
  reason: Stripe.Invoice.BillingReason;
  collectionMethod: Stripe.Invoice.CollectionMethod;
  /** Unix seconds. */
  dueDate: number | null;
  /** It is finalized an hour from now and then paid, without being asked to. */
  autoAdvance: boolean;
  subscription: Stripe.Subscription | null;
  period: { start: number; end: number };
  discounts: Stripe.Discount[];
  isTaxed: boolean;
  lines: LineInput[];
  defaultPaymentMethod: string | null;
  /** What it may be paid with; null or absent: as its subscription says. */
  methodTypes?: string[] | null;
  description: string | null;
  footer: string | null;
  customFields: Stripe.Invoice.CustomField[] | null;
  metadata: Stripe.Metadata;
}

export function buildDraft(world: World, input: DraftInput): Stripe.Invoice {
  const { customer, subscription } = input;
  const id = world.ids.long('in');
  const clock = idIn(customer.test_clock);
  const now = clockNow(world, clock);
  const finalizesAt = input.autoAdvance ? now + HOUR_SECONDS : null;
  const draft: Stripe.Invoice = {
    id,
    object: 'invoice',
    account_country: world.account.country ?? null,
    account_name: world.account.business_profile?.name ?? null,
    account_tax_ids: null,
    amount_due: 0,
    amount_overpaid: 0,
    amount_paid: 0,
    amount_remaining: 0,
    amount_shipping: 0,
    application: null,
    attempt_count: 0,
    attempted: false,
    auto_advance: input.autoAdvance,
    automatic_tax: automaticTax(input.isTaxed),
    automatically_finalizes_at: finalizesAt,
    billing_reason: input.reason,
    collection_method: input.collectionMethod,
    created: now,
    currency: input.currency,
    custom_fields: input.customFields,
    customer: customer.id,
    customer_account: null,
    customer_address: customer.address ?? null,
    customer_email: customer.email,
    customer_name: customer.name ?? null,
    customer_phone: customer.phone ?? null,
    customer_shipping: customer.shipping,
    customer_tax_exempt: customer.tax_exempt ?? 'none',
    customer_tax_ids: [],
    default_payment_method: input.defaultPaymentMethod,
    default_source: null,
    default_tax_rates: [],
    description: input.description,
    discounts: input.discounts.map((discount) => discount.id),
    due_date: input.dueDate,
    effective_at: null,
    ending_balance: null,
    footer: input.footer,
    from_invoice: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    issuer: { type: 'self' },
    last_finalization_error: null,
    latest_revision: null,
    lines: { object: 'list', data: [], has_more: false, url: `/v1/invoices/${id}/lines` },
    livemode: world.livemode,
    metadata: input.metadata,
    next_payment_attempt: input.collectionMethod === 'charge_automatically' ? finalizesAt : null,
    number: null,
    on_behalf_of: null,
    parent: subscription && parentOf(subscription),
    payment_settings: {
      default_mandate: null,
      payment_method_options: null,
      payment_method_types: input.methodTypes ?? subscription?.payment_settings?.payment_method_types ?? null,
    },
    period_end: input.period.end,
    period_start: input.period.start,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: customer.balance,
    statement_descriptor: null,
    status: 'draft',
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    subtotal: 0,
    subtotal_excluding_tax: 0,
    test_clock: clock,
    total: 0,
    total_discount_amounts: [],
    total_excluding_tax: 0,
    total_pretax_credit_amounts: [],
    total_taxes: [],
    webhooks_delivered_at: null,
  };
  return withLines(world, draft, input.lines, input.discounts);
}

/** The draft with these lines instead of its own, and the totals that they make. */
export function withLines(
  world: World,
  draft: Stripe.Invoice,
  inputs: LineInput[],
  discounts: Stripe.Discount[],
): Stripe.Invoice {
  const data = buildLines(world, inputs, {
    invoice: draft.id,
    currency: draft.currency,
    discounts,
    isTaxed: draft.automatic_tax.enabled,
    exempt: draft.customer_tax_exempt,
  });
  return withTotals({ ...draft, lines: { ...draft.lines, data } });
}

export function withTotals(invoice: Stripe.Invoice): Stripe.Invoice {
  const lines = invoice.lines.data;
  const subtotal = lines.reduce((total, line) => total + line.amount, 0);
  const discountAmounts = totalBy(
    lines.flatMap((line) => line.discount_amounts ?? []),
    (part) => idIn(part.discount) ?? '',
  );
  const taxes = totalBy(
    lines.flatMap((line) => line.taxes ?? []),
    (tax) => tax.tax_behavior,
    (left, right) => ({ taxable_amount: (left.taxable_amount ?? 0) + (right.taxable_amount ?? 0) }),
  );
  const inclusive = sumOf(taxes.filter((tax) => tax.tax_behavior === 'inclusive'));
  const total = subtotal - sumOf(discountAmounts) + sumOf(taxes) - inclusive;
  const due = Math.max(0, total + invoice.starting_balance);
  return {
    ...invoice,
    amount_due: due,
    amount_remaining: due,
    subtotal,
    subtotal_excluding_tax: subtotal - inclusive,
    total,
    total_discount_amounts: discountAmounts,
    total_excluding_tax: total - sumOf(taxes),
    total_taxes: taxes,
  };
}

function totalBy<T extends { amount: number }>(
  parts: T[],
  keyOf: (part: T) => string,
  more: (left: T, right: T) => Partial<T> = () => ({}),
): T[] {
  const totals = new Map<string, T>();
  for (const part of parts) {
    const known = totals.get(keyOf(part));
    const total = known
      ? { ...known, ...more(known, part), amount: known.amount + part.amount }
      : { ...part };
    totals.set(keyOf(part), total);
  }
  return [...totals.values()];
}

const sumOf = (parts: ReadonlyArray<{ amount: number }>): number =>
  parts.reduce((total, { amount }) => total + amount, 0);

function automaticTax(enabled: boolean): Stripe.Invoice.AutomaticTax {
  return {
    disabled_reason: null,
    enabled,
    liability: enabled ? { type: 'self' } : null,
    provider: enabled ? 'stripe' : null,
    status: enabled ? 'complete' : null,
  };
}

function parentOf(subscription: Stripe.Subscription): NonNullable<Stripe.Invoice['parent']> {
  return {
    quote_details: null,
    subscription_details: { metadata: subscription.metadata, subscription: subscription.id },
    type: 'subscription_details',
  };
}
