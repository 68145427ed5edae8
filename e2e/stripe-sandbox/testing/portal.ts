import type Stripe from 'stripe';
import type { PortalView } from '../sandbox-billing';
import { startUnderTest, typesDuring, type UnderTest } from './under-test';

export const RETURN = 'http://shop.test/account';

/** A customer with a card, two prices of one product, and the portal that lets them do everything. */
export interface PortalTest {
  under: UnderTest;
  customer: Stripe.Customer;
  monthly: Stripe.Price;
  yearly: Stripe.Price;
  subscribe(): Promise<Stripe.Subscription>;
  everything(): Stripe.BillingPortal.ConfigurationCreateParams;
  /** The token of a new session. */
  openPortal(params?: Stripe.BillingPortal.ConfigurationCreateParams): Promise<string>;
  viewed(token: string): PortalView;
  /** The types of the events that came to be while `act` ran. */
  following(act: () => Promise<unknown>): Promise<string[]>;
}

const tokenOf = (session: Stripe.BillingPortal.Session): string => session.url.split('/').pop() ?? '';

export async function startPortalTest(): Promise<PortalTest> {
  // What Stripe tells seconds after a payment would come among what a test listens for.
  const under = await startUnderTest({ settings: { settleDelayMs: 3_600_000 } });
  const { stripe } = under;
  const customer = await stripe.customers.create({
    email: 'jenny@example.com',
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  });
  const product = await stripe.products.create({ name: 'Monthly credits' });
  const price = { currency: 'usd', product: product.id };
  const monthly = await stripe.prices.create({
    ...price,
    unit_amount: 1500,
    recurring: { interval: 'month' },
  });
  const yearly = await stripe.prices.create({
    ...price,
    unit_amount: 15_000,
    recurring: { interval: 'year' },
  });
  const everything = (): Stripe.BillingPortal.ConfigurationCreateParams => ({
    business_profile: { headline: 'Your credits', privacy_policy_url: 'https://shop.test/privacy' },
    default_return_url: RETURN,
    features: {
      customer_update: { enabled: true, allowed_updates: ['email', 'address'] },
      invoice_history: { enabled: true },
      payment_method_update: { enabled: true },
      subscription_cancel: {
        enabled: true,
        cancellation_reason: { enabled: true, options: ['too_expensive', 'other'] },
      },
      subscription_update: {
        enabled: true,
        default_allowed_updates: ['price', 'quantity'],
        proration_behavior: 'always_invoice',
        products: [
          {
            product: String(monthly.product),
            prices: [monthly.id, yearly.id],
            adjustable_quantity: { enabled: true, maximum: 5 },
          },
        ],
      },
    },
  });
  return {
    under,
    customer,
    monthly,
    yearly,
    everything,
    subscribe: () => stripe.subscriptions.create({ customer: customer.id, items: [{ price: monthly.id }] }),
    async openPortal(params = everything()) {
      const { id } = await stripe.billingPortal.configurations.create(params);
      return tokenOf(
        await stripe.billingPortal.sessions.create({ customer: customer.id, configuration: id }),
      );
    },
    viewed(token) {
      const visit = under.sandbox.portal.view(token);
      if (visit.outcome !== 'open') throw new Error(visit.outcome);
      return visit.view;
    },
    following: (act) => typesDuring(stripe, act),
  };
}
