import { assertNever } from '~/platform/assert-never';
import { seconds } from '~/platform/time';

import { stripeClient, type StripeSettings } from './client.server';
import { type Keep, keepFields } from './keep-fields';
import { type ObjectRef } from './shared';
import { isMissing } from './stripe-faults.server';

const TIMEOUT = { timeout: seconds(8) };
const MAX_REFUNDS = 1000;

/**
 * Reads one object as `readObject` does, and answers what Stripe said of it without what names people; undefined when this
 * account has none of that id. Refunds of a charge come as `{ data }`.
 * @throws StripeError when Stripe does not answer
 */
export async function readNameless(
  settings: StripeSettings,
  ref: ObjectRef,
  keep: Keep,
): Promise<Record<string, unknown> | undefined> {
  try {
    return keepFields(await read(settings, ref), keep);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function read(settings: StripeSettings, { object, id }: ObjectRef): Promise<object> {
  const stripe = stripeClient(settings);
  switch (object) {
    case 'checkout.session':
      return stripe.checkout.sessions.retrieve(id, {}, TIMEOUT);
    case 'payment_intent':
      return stripe.paymentIntents.retrieve(id, {}, TIMEOUT);
    case 'charge':
      return stripe.charges.retrieve(id, {}, TIMEOUT);
    case 'charge.refunds': {
      const refunds = stripe.refunds.list({ charge: id, limit: 100 }, TIMEOUT);
      return { data: await refunds.autoPagingToArray({ limit: MAX_REFUNDS }) };
    }
    case 'invoice':
      return stripe.invoices.retrieve(id, { expand: ['payments.data.payment.payment_intent'] }, TIMEOUT);
    case 'subscription':
      return stripe.subscriptions.retrieve(id, { expand: ['latest_invoice'] }, TIMEOUT);
    case 'refund':
      return stripe.refunds.retrieve(id, {}, TIMEOUT);
    case 'dispute':
      return stripe.disputes.retrieve(id, {}, TIMEOUT);
    case 'payment_method':
      return stripe.paymentMethods.retrieve(id, {}, TIMEOUT);
    case 'setup_intent':
      return stripe.setupIntents.retrieve(id, { expand: ['payment_method'] }, TIMEOUT);
    default:
      return assertNever(object);
  }
}
