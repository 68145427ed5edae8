import type Stripe from 'stripe';

import { planLine } from './billing-facts.server';
import { invoiceFact, subscriptionFact } from './facts.server';
import { type InvoiceFact, type SubscriptionFact } from './shared';

/** More lines than any plan of ours makes: an invoice beyond it is left to a person. */
const MAX_LINES = 300;
const PAID_BY = 'payments.data.payment.payment_intent';

/** An invoice with all of its lines and what paid it. */
export async function readInvoice(
  stripe: Stripe,
  id: string,
  options: Stripe.RequestOptions,
): Promise<InvoiceFact> {
  const fact = invoiceFact(await stripe.invoices.retrieve(id, { expand: [PAID_BY] }, options));
  if (fact.plan === undefined || !fact.plan.hasMoreLines) return fact;
  const all = await stripe.invoices
    .listLineItems(id, { limit: 100 }, options)
    .autoPagingToArray({ limit: MAX_LINES });
  const lines = all.map((line) => planLine.parse(line));
  return { ...fact, plan: { ...fact.plan, lines, hasMoreLines: lines.length >= MAX_LINES } };
}

/** A subscription with its latest invoice, both of the same moment. */
export async function readSubscription(
  stripe: Stripe,
  id: string,
  options: Stripe.RequestOptions,
): Promise<SubscriptionFact> {
  return subscriptionFact(await stripe.subscriptions.retrieve(id, { expand: ['latest_invoice'] }, options));
}
