import type Stripe from 'stripe';
import { change } from './money';
import { SECRET, startReceiver, startUnderTest, until, type Receiver, type UnderTest } from './under-test';

const HOUR_MS = 3_600_000;

/** A sandbox whose later acts wait until hours pass, and what its receiver heard in order of arrival. */
export interface Story {
  test: UnderTest;
  stripe: Stripe;
  receiver: Receiver;
  /** Ends when everything sent has arrived: events of two acts may overtake each other. */
  quiet(): Promise<boolean>;
  passHours(hours: number): Promise<void>;
  /** Types of the events about any of these objects, once everything sent has arrived. */
  arrivals(...ids: string[]): Promise<string[]>;
  end(): Promise<void>;
}

export async function startStory(options: Parameters<typeof startUnderTest>[0] = {}): Promise<Story> {
  const receiver = await startReceiver();
  const test = await startUnderTest({
    webhook: receiver.url,
    webhookSecret: SECRET,
    ...options,
    settings: {
      debitSettleMs: HOUR_MS,
      slowDebitMs: 10 * HOUR_MS,
      settleDelayMs: HOUR_MS,
      orderPatienceMs: 10_000,
      ...options.settings,
    },
  });
  let clockOffsetMs = 0;
  const quiet = (): Promise<boolean> =>
    until(() =>
      test.sandbox.deliveries.list({ limit: 100 }).rows.every(({ status }) => status !== 'pending'),
    );
  return {
    test,
    stripe: test.stripe,
    receiver,
    quiet,
    async passHours(hours) {
      await quiet();
      clockOffsetMs += hours * HOUR_MS + 1000;
      await change(test, { clockOffsetMs });
    },
    async arrivals(...ids) {
      await quiet();
      return receiver
        .events()
        .filter(({ data }) => ids.some((id) => JSON.stringify(data.object).includes(id)))
        .map(({ type }) => type);
    },
    async end() {
      await test.stop();
      await receiver.close();
    },
  };
}

export const MANDATE: Stripe.PaymentIntentCreateParams.MandateData = {
  customer_acceptance: { type: 'online', online: { ip_address: '192.0.2.1', user_agent: 'Browser' } },
};

export function sepaMethod(
  stripe: Stripe,
  iban: string,
  name = 'Jenny Rosen',
): Promise<Stripe.PaymentMethod> {
  return stripe.paymentMethods.create({
    type: 'sepa_debit',
    sepa_debit: { iban },
    billing_details: { name, email: 'jenny@example.com' },
  });
}

export function bankMethod(stripe: Stripe, account: string): Promise<Stripe.PaymentMethod> {
  return stripe.paymentMethods.create({
    type: 'us_bank_account',
    us_bank_account: { account_number: account, routing_number: '110000000', account_holder_type: 'company' },
    billing_details: { name: 'Jenny Rosen' },
  });
}
