import type Stripe from 'stripe';
import * as z from 'zod';

import { minutes, seconds, toUnix } from '~/platform/time';

import { type CallKind } from './call-kinds.server';
import { callObject, type CallObject } from './calls.server';
import { stripeClient, type StripeSettings } from './client.server';
import { endsTarget, findEnded } from './find-ended.server';
import { isMissing } from './stripe-faults.server';

/** A call whose outcome is unknown, with what is needed to find what it may have made. */
export interface UnknownCall {
  kind: CallKind;
  realmId: string;
  purpose: string;
  target: string | null;
  body: unknown;
  firstSentAt: Date;
}

/** Stripe's clock and ours may differ by this much. */
const CLOCK_SKEW = minutes(10);
const PAGE = { limit: 100 } as const;
const TIMEOUT = { timeout: seconds(8) };

const metadata = z.object({ metadata: z.record(z.string(), z.string()).nullish() });
const customerBody = z.object({ email: z.optional(z.string()) });
const customerOf = z.object({ customer: z.string() });
const refundBody = z.object({ payment_intent: z.string() });

/**
 * What a call has made at Stripe, found by the metadata that its body carries; undefined when there is none. Lists are
 * read, never the search: Stripe's search knows no Checkout Sessions and lags behind by a minute or more.
 * @throws StripeError when Stripe does not answer
 */
export async function findMade(settings: StripeSettings, call: UnknownCall): Promise<CallObject | undefined> {
  try {
    if (endsTarget(call)) return await findEnded(settings, call);
    for await (const object of candidates(settings, call)) {
      const carried = metadata.parse(object).metadata;
      if (carried?.['credence_id'] !== call.purpose || carried['credence_realm'] !== call.realmId) continue;
      return callObject.parse(object);
    }
  } catch (error) {
    // The account does not have the customer that the list was asked for.
    if (!isMissing(error)) throw error;
  }
  return undefined;
}

type Candidate =
  | Stripe.Customer
  | Stripe.Checkout.Session
  | Stripe.Subscription
  | Stripe.BillingPortal.Configuration
  | Stripe.Refund
  | Stripe.PaymentIntent;

async function* candidates(settings: StripeSettings, call: UnknownCall): AsyncGenerator<Candidate> {
  // What a call changes carries the last of its changes.
  if (call.target !== null)
    yield await stripeClient(settings).subscriptions.retrieve(call.target, {}, TIMEOUT);
  else yield* listCandidates(settings, call);
}

function listCandidates(settings: StripeSettings, call: UnknownCall): AsyncIterable<Candidate> {
  const stripe = stripeClient(settings);
  const created = { gte: toUnix(new Date(call.firstSentAt.getTime() - CLOCK_SKEW)) };
  switch (call.kind) {
    case 'customer.create': {
      const { email } = customerBody.parse(call.body);
      return stripe.customers.list({ ...PAGE, created, ...(email === undefined ? {} : { email }) }, TIMEOUT);
    }
    case 'checkout_session.create':
    case 'subscription_session.create':
    case 'setup_session.create':
      return stripe.checkout.sessions.list(
        { ...PAGE, created, customer: customerOf.parse(call.body).customer },
        TIMEOUT,
      );
    case 'portal_configuration.create':
      return stripe.billingPortal.configurations.list(PAGE, TIMEOUT);
    case 'refund.create':
      return stripe.refunds.list(
        { ...PAGE, payment_intent: refundBody.parse(call.body).payment_intent },
        TIMEOUT,
      );
    case 'payment_intent.create':
      return stripe.paymentIntents.list(
        { ...PAGE, created, customer: customerOf.parse(call.body).customer },
        TIMEOUT,
      );
    case 'portal_session.create':
    case 'subscription.update':
    case 'checkout_session.expire':
    case 'subscription.cancel':
    case 'payment_method.detach':
      return NOTHING;
  }
}

/** Sessions of the portal are not listed, and one that nobody was sent to is worth nothing. */
const NOTHING: AsyncIterable<Candidate> = {
  [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true as const, value: undefined }) }),
};
