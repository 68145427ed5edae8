import * as z from 'zod';

import { amount, ours, reference, text, time, timeOrNone } from './fact-fields.server';
import {
  type InvoiceFact,
  type PlanInvoice,
  type PlanLine,
  SUBSCRIPTION_STATUSES,
  type SubscriptionEndReason,
  type SubscriptionFact,
} from './shared';

const origin = z.object({ proration: z.boolean() }).nullish();

export const planLine = z
  .object({
    id: z.string(),
    amount,
    quantity: z.int().nullish(),
    period: z.object({ start: time, end: time }),
    pricing: z.object({ price_details: z.object({ price: reference }).nullish() }).nullish(),
    parent: z.object({ invoice_item_details: origin, subscription_item_details: origin }).nullish(),
  })
  .transform((raw): PlanLine => {
    const { parent } = raw;
    const isProration =
      (parent?.subscription_item_details ?? parent?.invoice_item_details)?.proration ?? false;
    return {
      id: raw.id,
      amount: raw.amount,
      quantity: raw.quantity ?? 1,
      stripePrice: raw.pricing?.price_details?.price,
      periodStart: raw.period.start,
      periodEnd: raw.period.end,
      isProration,
      isTrial: !isProration && raw.amount === 0n,
    };
  });

const paidBy = z
  .object({
    status: z.string(),
    payment: z.object({
      payment_intent: z
        .union([
          z.string().transform((id) => ({ intentId: id, chargeId: undefined })),
          z
            .object({ id: z.string(), latest_charge: reference })
            .transform((intent) => ({ intentId: intent.id, chargeId: intent.latest_charge })),
        ])
        .nullish(),
    }),
  })
  .transform(({ status, payment }) => ({ isPaid: status === 'paid', intent: payment.payment_intent }));

const amounts = z
  .array(z.object({ amount }))
  .nullish()
  .transform((all) => (all ?? []).reduce((sum, one) => sum + one.amount, 0n));

const invoiced = z.object({
  status: text,
  billing_reason: text,
  currency: z.string(),
  subtotal: amount,
  total: amount,
  total_discount_amounts: amounts,
  total_taxes: amounts,
  amount_paid: amount,
  amount_due: amount,
  attempt_count: z.int(),
  next_payment_attempt: timeOrNone,
  lines: z.object({ data: z.array(planLine), has_more: z.boolean() }),
  payments: z.object({ data: z.array(paidBy) }).nullish(),
});

function planInvoice(raw: z.output<typeof invoiced>, metadata: PlanInvoice['ours']): PlanInvoice {
  return {
    ours: metadata,
    billingReason: raw.billing_reason,
    currency: raw.currency,
    subtotal: raw.subtotal,
    discount: raw.total_discount_amounts,
    tax: raw.total_taxes,
    total: raw.total,
    amountPaid: raw.amount_paid,
    amountDue: raw.amount_due,
    attempts: raw.attempt_count,
    nextAttemptAt: raw.next_payment_attempt,
    trouble: raw.status === 'open' && raw.attempt_count > 0 ? 'payment_failed' : undefined,
    lines: raw.lines.data,
    hasMoreLines: raw.lines.has_more,
    payments: raw.payments?.data.flatMap(({ isPaid, intent }) => (isPaid && intent ? [intent] : [])),
  };
}

const head = z.object({
  object: z.literal('invoice'),
  id: z.string(),
  metadata: ours,
  status: z.enum(['draft', 'open', 'paid', 'uncollectible', 'void']).nullish(),
  parent: z
    .object({ subscription_details: z.object({ subscription: reference, metadata: ours }).nullish() })
    .nullish(),
  hosted_invoice_url: text,
  invoice_pdf: text,
  customer: reference,
});

/** Only a plan's invoice is read to its lines: of a pack's its links are enough. */
export const invoice = head.loose().transform((raw, context): InvoiceFact => {
  const details = raw.parent?.subscription_details;
  const fact: InvoiceFact = {
    kind: 'invoice',
    id: raw.id,
    ours: raw.metadata,
    status: raw.status ?? undefined,
    subscriptionId: details?.subscription,
    invoiceUrl: raw.hosted_invoice_url,
    pdfUrl: raw.invoice_pdf,
    stripeCustomer: raw.customer,
    plan: undefined,
  };
  if (!details) return fact;
  const billed = invoiced.safeParse(raw);
  if (billed.success) return { ...fact, plan: planInvoice(billed.data, details.metadata) };
  for (const { path, message } of billed.error.issues)
    context.addIssue({ code: 'custom', message, path: [...path] });
  return z.NEVER;
});

const item = z.object({
  id: z.string(),
  price: z.object({ id: z.string() }),
  current_period_start: time,
  current_period_end: time,
});

const END_REASONS: Readonly<Record<string, SubscriptionEndReason>> = {
  cancellation_requested: 'requested',
  payment_failed: 'payment_failed',
  payment_disputed: 'payment_disputed',
};

export const subscription = z
  .object({
    object: z.literal('subscription'),
    id: z.string(),
    metadata: ours,
    status: z.enum(SUBSCRIPTION_STATUSES),
    customer: z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]),
    currency: z.string(),
    items: z.object({ data: z.array(item).min(1) }),
    trial_end: timeOrNone,
    cancel_at: timeOrNone,
    cancel_at_period_end: z.boolean(),
    ended_at: timeOrNone,
    cancellation_details: z.object({ reason: text }).nullish(),
    created: time,
    latest_invoice: z.union([z.string(), invoice]).nullish(),
  })
  .transform((raw, context): SubscriptionFact => {
    const [first] = raw.items.data;
    if (!first) {
      context.addIssue({ code: 'custom', message: 'has no items', path: ['items'] });
      return z.NEVER;
    }
    const { latest_invoice: latest } = raw;
    return {
      kind: 'subscription',
      id: raw.id,
      ours: raw.metadata,
      status: raw.status,
      stripeCustomer: raw.customer,
      currency: raw.currency,
      stripePrice: first.price.id,
      stripeItem: first.id,
      periodStart: first.current_period_start,
      periodEnd: first.current_period_end,
      trialEnd: raw.trial_end,
      isTrialEnding: false,
      endsAt: raw.cancel_at ?? (raw.cancel_at_period_end ? first.current_period_end : undefined),
      endedAt: raw.ended_at,
      endReason: END_REASONS[raw.cancellation_details?.reason ?? ''],
      startedAt: raw.created,
      latestInvoiceId: typeof latest === 'string' ? latest : latest?.id,
      latestInvoice: typeof latest === 'string' ? undefined : (latest ?? undefined),
      readAt: undefined,
    };
  });
