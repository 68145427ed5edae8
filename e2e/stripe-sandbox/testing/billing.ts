import type Stripe from 'stripe';
import { startReceiver, startUnderTest, SECRET, until, type Receiver, type UnderTest } from './under-test';
import type { StartOptions } from '../index';

/** A sandbox with a shop that sells by the month, and whoever receives its events. */
export interface Shop {
  under: UnderTest;
  stripe: Stripe;
  receiver: Receiver;
  /** $15 a month. */
  monthly: Stripe.Price;
  /** The types that arrived since `mark`, in order, without those of clocks. */
  arrived(): string[];
  /** The same, with what Stripe sends some seconds after a payment at the end, however slow the rest was. */
  inActs(): string[];
  /** Waits until everything has arrived, and forgets it. */
  mark(): Promise<void>;
  close(): Promise<void>;
}

const SETTLEMENT = new Set(['charge.updated', 'invoice_payment.paid']);

export async function openShop(
  settings: StartOptions['settings'] = {},
  options: Partial<StartOptions> = {},
): Promise<Shop> {
  const receiver = await startReceiver();
  const under = await startUnderTest({
    webhook: receiver.url,
    webhookSecret: SECRET,
    ...options,
    settings: { upcomingInvoiceDays: null, orderPatienceMs: 10_000, ...settings },
  });
  const { stripe } = under;
  const product = await stripe.products.create({ name: 'Pro' });
  const monthly = await monthlyPrice(stripe, 1500, product.id);
  const isQuiet = async (): Promise<boolean> => {
    const { data } = await stripe.events.list({ limit: 100 });
    const count = (type: string): number => data.filter((event) => event.type === type).length;
    const known = new Set(receiver.events().map(({ id }) => id));
    return (
      data.every(({ id }) => known.has(id) || forgotten.has(id)) &&
      count('charge.succeeded') <= count('charge.updated')
    );
  };
  const forgotten = new Set<string>();
  const shop: Shop = {
    under,
    stripe,
    receiver,
    monthly,
    arrived: () => receiver.types().filter((type) => !type.startsWith('test_helpers.')),
    inActs() {
      const isLate = (type: string): boolean => SETTLEMENT.has(type);
      const types = shop.arrived();
      return [...types.filter((type) => !isLate(type)), ...types.filter(isLate)];
    },
    async mark() {
      await until(isQuiet);
      for (const { id } of receiver.events()) forgotten.add(id);
      receiver.received.length = 0;
    },
    async close() {
      await under.stop();
      await receiver.close();
    },
  };
  return shop;
}

export function monthlyPrice(stripe: Stripe, amount: number, product: string): Promise<Stripe.Price> {
  return stripe.prices.create({
    currency: 'usd',
    product,
    recurring: { interval: 'month' },
    unit_amount: amount,
  });
}

/** A customer whose default method is the card, on a clock that stands at `at` if one is given. */
export async function payingCustomer(
  stripe: Stripe,
  card = 'pm_card_visa',
  at?: string,
): Promise<{ customer: Stripe.Customer; clock: string }> {
  const clock =
    at === undefined ? undefined : await stripe.testHelpers.testClocks.create({ frozen_time: seconds(at) });
  const customer = await stripe.customers.create({
    email: 'jenny@example.com',
    ...(clock && { test_clock: clock.id }),
  });
  await useCard(stripe, customer.id, card);
  return { customer, clock: clock?.id ?? '' };
}

/** Makes the card the customer's default. */
export async function useCard(stripe: Stripe, customer: string, card: string): Promise<Stripe.PaymentMethod> {
  const method = await stripe.paymentMethods.attach(card, { customer });
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: method.id } });
  return method;
}

/** Moves a clock and waits until everything of that time is done. */
export async function advance(stripe: Stripe, clock: string, to: string | number): Promise<void> {
  const frozenTime = typeof to === 'number' ? to : seconds(to);
  await stripe.testHelpers.testClocks.advance(clock, { frozen_time: frozenTime });
  await until(async () => (await stripe.testHelpers.testClocks.retrieve(clock)).status === 'ready');
}

/** Unix seconds of a time in UTC. */
export function seconds(at: string): number {
  return Date.parse(`${at}Z`) / 1000;
}
