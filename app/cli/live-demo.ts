import { setTimeout } from 'node:timers/promises';
import * as z from 'zod';
import { createUser } from '../modules/auth/index.server';
import { findPackForSale, findPlanForSale } from '../modules/catalog/index.server';
import { checkPayment, startCheckout } from '../modules/payments/index.server';
import { type StripeSettings } from '../modules/stripe/index.server';
import { type RealmView } from '../modules/stripe/shared';
import { startPlan } from '../modules/subscriptions/index.server';
import { type Db } from '../platform/db.server';
import { seconds } from '../platform/time';
import {
  DEMO_PASSWORD,
  DEMO_PURCHASES,
  DEMO_SHOPPERS,
  DEMO_SUBSCRIBERS,
  type DemoFate,
} from '../../prisma/demo';
import { OperatorError } from './operator-error';

export interface LiveDemoOptions {
  db: Db;
  settings: StripeSettings;
  realm: RealmView;
  appUrl: string;
  sandboxUrl: string;
  /** Ends the demo between two purchases; what is left is lived at the next start. */
  signal: AbortSignal;
}

type Purchase = (typeof DEMO_PURCHASES)[number];
type Subscriber = (typeof DEMO_SUBSCRIBERS)[number];
interface Buyer {
  id: string;
  email: string;
  name: string;
}

const CARDS = {
  succeeds: '4242424242424242',
  declines: '4000000000000002',
  asksFor3ds: '4000000000003220',
  isDisputed: '4000000000000259',
} as const;
const CURRENCY = 'usd';

/**
 * The purchases that nobody has begun. A customer's purchases are begun in order, so their payments tell how many are;
 * one that was cut off is not begun again, it stays an open payment page.
 */
export async function remainingPurchases(db: Db): Promise<Purchase[]> {
  const begun = new Map<string, number>();
  const users = await db.user.findMany({
    where: { email: { in: DEMO_PURCHASES.map(({ email }) => email) } },
    take: DEMO_PURCHASES.length,
    select: {
      email: true,
      customer: { select: { _count: { select: { payments: { where: { kind: 'pack' } } } } } },
    },
  });
  for (const { email, customer } of users) begun.set(email, customer?._count.payments ?? 0);
  return DEMO_PURCHASES.filter(({ email }) => {
    const left = begun.get(email) ?? 0;
    begun.set(email, left - 1);
    return left <= 0;
  });
}

/** Who has not ordered a plan yet. */
export async function remainingSubscribers(db: Db): Promise<Subscriber[]> {
  const ordered = await db.customer.findMany({
    where: {
      email: { in: DEMO_SUBSCRIBERS.map(({ email }) => email) },
      subscriptionOrders: { some: {} },
    },
    take: DEMO_SUBSCRIBERS.length,
    select: { email: true },
  });
  return DEMO_SUBSCRIBERS.filter(({ email }) => !ordered.some((customer) => customer.email === email));
}

/**
 * Lives through the demo's purchases and plans: each is started by the store's own door and paid on the sandbox's page,
 * so that what the console shows came by webhook. Answers how many were lived; again, it does only what is left.
 * @throws OperatorError when the sandbox does something else
 */
export async function liveDemo(options: LiveDemoOptions): Promise<number> {
  const { db, signal } = options;
  const remaining = await remainingPurchases(db);
  const subscribers = await remainingSubscribers(db);
  if (remaining.length + subscribers.length === 0) return 0;
  // A start that ended amid an unheard payment left this on.
  await sandbox(options, 'PUT', '/faults', { drop: false });
  for (const shopper of DEMO_SHOPPERS) {
    await createUser(db, { ...shopper, role: 'customer', password: DEMO_PASSWORD, verified: true });
  }
  let lived = 0;
  for (const purchase of remaining) {
    if (signal.aborted) break;
    await live(options, purchase);
    lived += 1;
  }
  for (const subscriber of subscribers) {
    if (signal.aborted) break;
    await subscribe(options, subscriber);
    lived += 1;
  }
  return lived;
}

async function live(options: LiveDemoOptions, { email, pack: code, quantity, fate }: Purchase) {
  const { db, settings, realm, appUrl } = options;
  const customer = await readBuyer(db, email);
  const pack = await findPackForSale(db, { realmId: realm.id, code, currency: CURRENCY });
  if (!pack) throw new OperatorError(`the pack ${code} has no price at the sandbox yet.`);
  const started = await startCheckout(db, settings, { realm, customer, pack, quantity, appUrl });
  if (started.outcome !== 'redirect')
    throw new OperatorError(`a payment page was not opened: ${started.outcome}.`);
  const session = sessionIn(started.url);
  await meet(options, { fate, name: customer.name, session, paymentId: started.paymentId });
}

async function subscribe(options: LiveDemoOptions, { email, plan: code }: Subscriber): Promise<void> {
  const { db, settings, realm, appUrl } = options;
  const customer = await readBuyer(db, email);
  const plan = await findPlanForSale(db, { realmId: realm.id, code, currency: CURRENCY });
  if (!plan) throw new OperatorError(`the plan ${code} has no price at the sandbox yet.`);
  const started = await startPlan(db, settings, { realm, customer, plan, appUrl });
  if (started.outcome !== 'redirect')
    throw new OperatorError(`the page of a plan was not opened: ${started.outcome}.`);
  await pay(options, { session: sessionIn(started.url), name: customer.name }, 'succeeds', 'paid');
}

const sessionIn = (url: string): string => new URL(url).pathname.split('/').at(-1) ?? '';

async function readBuyer(db: Db, email: string): Promise<Buyer> {
  const user = await db.user.findUnique({
    where: { email },
    select: { name: true, customer: { select: { id: true } } },
  });
  if (!user?.customer) throw new OperatorError(`${email} is no customer.`);
  return { id: user.customer.id, email, name: user.name };
}

interface Page {
  fate: DemoFate;
  name: string;
  session: string;
  paymentId: string;
}

type Card = keyof typeof CARDS;

async function pay(
  options: LiveDemoOptions,
  { session, name }: Pick<Page, 'session' | 'name'>,
  card: Card,
  expected: string,
): Promise<void> {
  const body = { cardNumber: CARDS[card], name };
  expectOutcome(await sandbox(options, 'POST', `/sessions/${session}/pay`, body), expected);
}

async function meet(options: LiveDemoOptions, page: Page): Promise<void> {
  const { fate, session, paymentId } = page;
  const act = (what: string, body: object) => sandbox(options, 'POST', `/sessions/${session}/${what}`, body);
  switch (fate) {
    case 'paid':
      return pay(options, page, 'succeeds', 'paid');
    case 'declined_then_paid':
      await pay(options, page, 'declines', 'declined');
      await letBeHeard(options, 'payment_intent.payment_failed');
      return pay(options, page, 'succeeds', 'paid');
    case 'paid_with_3ds':
      await pay(options, page, 'asksFor3ds', 'challenge');
      return expectOutcome(await act('challenge', { answer: 'complete' }), 'paid');
    case 'paid_then_refunded':
      await pay(options, page, 'succeeds', 'paid');
      return refundInDashboard(options, session);
    case 'paid_then_disputed':
      return pay(options, page, 'isDisputed', 'paid');
    case 'abandoned':
      return;
    case 'expired':
      return expectOutcome(await act('expire', {}), 'expired');
    case 'paid_unheard': {
      await sandbox(options, 'PUT', '/faults', { drop: true });
      await pay(options, page, 'succeeds', 'paid').finally(() =>
        sandbox(options, 'PUT', '/faults', { drop: false }),
      );
      const { db, settings, realm } = options;
      await checkPayment(db, settings, { realm, paymentId, cause: `return:${paymentId}` });
      return;
    }
  }
}

const sessionsSchema = z.object({
  rows: z.array(z.object({ id: z.string(), paymentIntentId: z.string().nullable() })),
});

/** As the account's owner does it, by hand: five dollars of what was paid. */
async function refundInDashboard(options: LiveDemoOptions, session: string): Promise<void> {
  const response = await fetch(`${options.sandboxUrl}/_control/sessions`);
  const { rows } = sessionsSchema.parse(await response.json());
  const intent = rows.find(({ id }) => id === session)?.paymentIntentId;
  const answer = await sandbox(options, 'POST', `/payments/${intent}/refund`, { amount: 500 });
  expectOutcome(answer, 'refunded');
}

const deliveriesSchema = z.object({ rows: z.array(z.object({ eventType: z.string(), status: z.string() })) });

/** A person takes longer to reach for another card than a webhook to arrive; one that does not is not waited for. */
async function letBeHeard({ sandboxUrl }: LiveDemoOptions, type: string): Promise<void> {
  const deadline = Date.now() + seconds(3);
  while (Date.now() < deadline) {
    const response = await fetch(`${sandboxUrl}/_control/deliveries`);
    const { rows } = deliveriesSchema.parse(await response.json());
    if (!rows.some(({ eventType, status }) => eventType === type && status === 'pending')) return;
    await setTimeout(100);
  }
}

const answerSchema = z.object({ outcome: z.string().optional() });

function expectOutcome({ outcome }: z.infer<typeof answerSchema>, expected: string): void {
  if (outcome !== expected) throw new OperatorError(`a payment was ${outcome} instead of ${expected}.`);
}

/** The sandbox's controls, which only this machine may turn. */
async function sandbox({ sandboxUrl }: LiveDemoOptions, method: 'POST' | 'PUT', path: string, body: object) {
  const request = { method, body: JSON.stringify(body), signal: AbortSignal.timeout(seconds(10)) };
  const response = await fetch(`${sandboxUrl}/_control${path}`, request).catch((error: unknown) => {
    throw new OperatorError('the sandbox does not answer.', { cause: error });
  });
  if (!response.ok) throw new OperatorError(`the sandbox answered ${path} with ${response.status}.`);
  return answerSchema.parse(await response.json());
}
