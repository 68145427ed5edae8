import type Stripe from 'stripe';
import { startUnderTest, until, type UnderTest } from './under-test';

const HOUR_MS = 3_600_000;

/** A sandbox whose banks answer an hour later, and a way to let that hour pass. */
export interface MoneyTest {
  test: UnderTest;
  stripe: Stripe;
  pass(milliseconds: number): Promise<void>;
  passAnHour(): Promise<void>;
}

export async function startMoneyTest(options: Parameters<typeof startUnderTest>[0] = {}): Promise<MoneyTest> {
  const settings = { refundReferenceMs: HOUR_MS, refundDelayMs: HOUR_MS, disputeDelayMs: HOUR_MS };
  const test = await startUnderTest({ ...options, settings: { ...settings, ...options.settings } });
  let clockOffsetMs = 0;
  const pass = async (milliseconds: number): Promise<void> => {
    clockOffsetMs += milliseconds;
    await change(test, { clockOffsetMs });
  };
  return { test, stripe: test.stripe, pass, passAnHour: () => pass(HOUR_MS + 1000) };
}

export async function change(test: Pick<UnderTest, 'url'>, settings: object): Promise<void> {
  const response = await fetch(`${test.url}/_control/settings`, {
    method: 'PUT',
    body: JSON.stringify(settings),
  });
  if (!response.ok) throw new Error(await response.text());
}

export interface PaidCharge {
  intent: string;
  charge: string;
}

/** Pays and waits until the charge's balance transaction is there. */
export async function payCharge(
  stripe: Stripe,
  method: string,
  more: Partial<Stripe.PaymentIntentCreateParams> = {},
): Promise<PaidCharge> {
  const intent = await stripe.paymentIntents.create({
    amount: 5000,
    currency: 'usd',
    confirm: true,
    payment_method: method,
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    ...more,
  });
  const charge = idOf(intent.latest_charge);
  await until(async () => (await stripe.charges.retrieve(charge)).balance_transaction !== null);
  return { intent: intent.id, charge };
}

export function idOf(reference: string | { id: string } | null | undefined): string {
  if (reference === null || reference === undefined) throw new Error('A reference was expected.');
  return typeof reference === 'string' ? reference : reference.id;
}

/** What a charge has brought: the amounts of every balance transaction of its own, its refunds and its disputes. */
export async function ledgerOf(stripe: Stripe, paid: PaidCharge): Promise<Stripe.BalanceTransaction[]> {
  const refunds = await stripe.refunds.list({ charge: paid.charge, limit: 100 });
  const disputes = await stripe.disputes.list({ charge: paid.charge });
  const sources = [paid.charge, ...refunds.data.map(({ id }) => id)];
  const lists = await Promise.all(sources.map((source) => stripe.balanceTransactions.list({ source })));
  return [
    ...lists.flatMap(({ data }) => data.reverse()),
    ...disputes.data.flatMap((dispute) => dispute.balance_transactions),
  ];
}

export function sumOf(transactions: Array<Pick<Stripe.BalanceTransaction, 'amount'>>): number {
  return transactions.reduce((sum, { amount }) => sum + amount, 0);
}

/** The events about a payment, its refunds, disputes and warnings, oldest first. */
export async function lifeOf(stripe: Stripe, paid: PaidCharge): Promise<Stripe.Event[]> {
  const { data } = await stripe.events.list({ limit: 100 });
  return data
    .reverse()
    .filter(({ data: { object } }) =>
      [paid.intent, paid.charge].some((id) => JSON.stringify(object).includes(id)),
    );
}

/** The types of what came after the payment's own four events. */
export async function afterlifeOf(stripe: Stripe, paid: PaidCharge): Promise<string[]> {
  const types = (await lifeOf(stripe, paid)).map(({ type }) => type);
  return types.filter((type) => !PAYMENT.has(type));
}

const PAYMENT = new Set([
  'payment_intent.created',
  'charge.succeeded',
  'payment_intent.succeeded',
  'charge.updated',
]);
