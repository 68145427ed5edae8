import type Stripe from 'stripe';

export interface PlanSessionInput {
  realmId: string;
  orderId: string;
  customerId: string;
  planCode: string;
  stripeCustomer: string;
  stripePrice: string;
  /** Undefined for none. */
  trialDays: number | undefined;
  /** Tax by Stripe Tax, on top of the price, on every invoice. */
  automaticTax: boolean;
  successUrl: string;
  cancelUrl: string;
}

/**
 * A session for one plan. The order rides on the session alone: a subscription hands its metadata to every renewal, so
 * it says what is true of all of them, and never a payment.
 */
export function planSessionBody(input: PlanSessionInput): Stripe.Checkout.SessionCreateParams {
  const metadata = {
    credence_customer: input.customerId,
    credence_plan: input.planCode,
    credence_realm: input.realmId,
  };
  return {
    mode: 'subscription',
    customer: input.stripeCustomer,
    client_reference_id: input.orderId,
    line_items: [{ price: input.stripePrice, quantity: 1 }],
    allow_promotion_codes: true,
    adaptive_pricing: { enabled: false },
    ...(input.automaticTax
      ? { automatic_tax: { enabled: true }, customer_update: { address: 'auto' as const } }
      : {}),
    subscription_data: {
      metadata,
      ...(input.trialDays === undefined ? {} : { trial_period_days: input.trialDays }),
    },
    metadata: { ...metadata, credence_id: input.orderId, credence_order: input.orderId },
    success_url: input.successUrl,
    cancel_url: input.cancelUrl,
  };
}

export type SubscriptionChange =
  /** Set to end with its period, or no more. */
  | { change: 'end'; atPeriodEnd: boolean }
  /** A new cycle now, at the full price; refused as a whole where it cannot be paid. */
  | { change: 'price_now'; stripeItem: string; stripePrice: string; planCode: string }
  /** Another price from the next period on. */
  | { change: 'price_next'; stripeItem: string; stripePrice: string; planCode: string }
  /** Another rhythm once the period is over: what is paid runs to its end as if it were a trial. */
  | {
      change: 'rhythm_next';
      stripeItem: string;
      stripePrice: string;
      planCode: string;
      /** Seconds since 1970. */
      periodEnd: number;
    };

/** Credits are stock: no change of ours makes a proration. The act rides along, so that a lost answer can be looked for. */
export function subscriptionUpdateBody(
  act: { id: string; realmId: string },
  change: SubscriptionChange,
): Stripe.SubscriptionUpdateParams {
  const metadata = { credence_id: act.id, credence_realm: act.realmId };
  if (change.change === 'end') return { cancel_at_period_end: change.atPeriodEnd, metadata };
  const body: Stripe.SubscriptionUpdateParams = {
    items: [{ id: change.stripeItem, price: change.stripePrice }],
    proration_behavior: 'none',
    metadata: { ...metadata, credence_plan: change.planCode },
  };
  if (change.change === 'price_now')
    return { ...body, billing_cycle_anchor: { type: 'now' }, payment_behavior: 'error_if_incomplete' };
  if (change.change === 'rhythm_next') return { ...body, trial_end: change.periodEnd };
  return body;
}

/** The portal does what needs no thought about credits: cards, invoices, ending with the period and going on. */
export function portalBody(purpose: string, realmId: string): Stripe.BillingPortal.ConfigurationCreateParams {
  return {
    features: {
      customer_update: { enabled: false },
      invoice_history: { enabled: true },
      payment_method_update: { enabled: true },
      subscription_cancel: { enabled: true, mode: 'at_period_end', proration_behavior: 'none' },
      subscription_update: { enabled: false },
    },
    metadata: { credence_id: purpose, credence_realm: realmId },
  };
}
