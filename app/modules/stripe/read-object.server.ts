import { assertNever } from '~/platform/assert-never';
import { seconds } from '~/platform/time';

import { stripeClient, type StripeSettings } from './client.server';
import { cardFact, cardSetupFact, chargeFact, intentFact, sessionFact } from './facts.server';
import { chargeRefundsFact, disputeFact, refundFact } from './money-back-facts.server';
import { readInvoice, readSubscription } from './read-billing.server';
import { type ObjectRef, type StripeFact } from './shared';
import { isMissing } from './stripe-faults.server';

/** Three reads of one try (event, evidence, parent) end before its claim of thirty seconds does. */
const TIMEOUT = { timeout: seconds(8) };
const MAX_REFUNDS = 1000;

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
        return await readInvoice(stripe, ref.id, TIMEOUT);
      case 'subscription':
        return await readSubscription(stripe, ref.id, TIMEOUT);
      case 'refund':
        return refundFact(await stripe.refunds.retrieve(ref.id, {}, TIMEOUT));
      case 'dispute':
        return disputeFact(await stripe.disputes.retrieve(ref.id, {}, TIMEOUT));
      case 'payment_method':
        return cardFact(await stripe.paymentMethods.retrieve(ref.id, {}, TIMEOUT));
      case 'setup_intent': {
        const expand = ['payment_method'];
        return cardSetupFact(await stripe.setupIntents.retrieve(ref.id, { expand }, TIMEOUT));
      }
      case 'charge.refunds': {
        const charge = await stripe.charges.retrieve(ref.id, {}, TIMEOUT);
        const refunds = stripe.refunds.list({ charge: ref.id, limit: 100 }, TIMEOUT);
        return chargeRefundsFact(charge, await refunds.autoPagingToArray({ limit: MAX_REFUNDS }));
      }
      default:
        return assertNever(ref.object);
    }
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
