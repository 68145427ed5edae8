import { assertNever } from '~/platform/assert-never';
import { seconds } from '~/platform/time';

import { stripeClient, type StripeSettings } from './client.server';
import { chargeFact, intentFact, invoiceFact, sessionFact } from './facts.server';
import { type ObjectRef, type StripeFact } from './shared';
import { isMissing } from './stripe-faults.server';

/** Three reads of one try (event, evidence, parent) end before its claim of thirty seconds does. */
const TIMEOUT = { timeout: seconds(8) };

/**
 * Reads one object from Stripe as it stands now; undefined when this account has none of that id.
 * Never called inside a transaction.
 */
export async function readObject(settings: StripeSettings, ref: ObjectRef): Promise<StripeFact | undefined> {
  const stripe = stripeClient(settings);
  try {
    switch (ref.object) {
      case 'checkout.session':
        return sessionFact(await stripe.checkout.sessions.retrieve(ref.id, {}, TIMEOUT));
      case 'payment_intent':
        return intentFact(await stripe.paymentIntents.retrieve(ref.id, {}, TIMEOUT));
      case 'charge':
        return chargeFact(await stripe.charges.retrieve(ref.id, {}, TIMEOUT));
      case 'invoice':
        return invoiceFact(await stripe.invoices.retrieve(ref.id, {}, TIMEOUT));
      default:
        return assertNever(ref.object);
    }
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
