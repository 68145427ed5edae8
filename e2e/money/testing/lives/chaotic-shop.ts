import * as z from 'zod';

import { drivenInbox } from '../../../../app/modules/payments/testing/driven-inbox';
import { type Dice, forEachOf } from '../../../../app/modules/payments/testing/orders';
import { endFreezes, recheckPayments } from '../../../../app/modules/payments/index.server';
import { previewRefund, requestRefund } from '../../../../app/modules/refunds/index.server';
import { isHandledEventType, isPassing, sweepCalls } from '../../../../app/modules/stripe/index.server';
import { catchUp, startInbox } from '../../../../app/modules/webhooks/index.server';
import { type Db } from '../../../../app/platform/db.server';
import { hours, minutes } from '../../../../app/platform/time';
import { dispatchFact } from '../../../../app/worker/dispatch.server';
import { CALL_SETTLERS } from '../../../../app/worker/settlers.server';
import { until } from '../../../stripe-sandbox/testing/under-test';
import { PINNED_VERSION } from '../../../stripe-sandbox/versions/versions';
import { openPlanShop, type PlanShop } from '../plan-shop';
import { CARD } from '../sandbox-shop';
import { openEndpoint } from '../open-endpoint';
import { type RecordedLife } from './recorded-life';
import { type Lived } from './stands';

/** What goes wrong on the way from Stripe, and on the way to it. */
const WRONG = { drop: 0.2, duplicate: 0.3, reorder: 1, lost_answer: 0.02, delay_ms: [1, 50] } as const;
/** Customers who buy at the same time. */
const AT_ONCE = 6;
/** Purchases between two looks of what sweeps. */
const ROUND = 200;

/** A shop whose deliveries really travel, and get lost, doubled and mixed up on their way. */
export async function openChaos(db: Db, dice: Dice, seed: number) {
  const shop = await openPlanShop(db);
  const { realm, sandbox, stripe, settings } = shop;
  const endpoint = await openEndpoint(db, realm);
  await setTo(shop, 'settings', { retryScheduleMs: [20, 50], refundReferenceMs: 0 });
  const { secret = '' } = await stripe.webhookEndpoints.create({
    ...{ url: endpoint.url, enabled_events: ['*'], api_version: PINNED_VERSION },
  });
  endpoint.trust(secret);
  const worker = startInbox({
    db,
    readerOf: () => Promise.resolve(shop.reader),
    dispatch: dispatchFact,
    concurrency: 4,
  });
  const inbox = drivenInbox(db, realm, shop.reader);
  const now = () => new Date(Date.now() + minutes(2));
  const customers: Lived[] = [];
  /** Payments whose page Stripe was never asked for, since it did not say whose it would be. */
  const unopened: string[] = [];

  const asked = async <T>(ask: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await ask();
    } catch (error) {
      if (isPassing(error)) return undefined;
      throw error;
    }
  };
  const sweep = async (): Promise<void> => {
    await asked(() => sweepCalls(db, settings, { realmId: realm.id, settlers: CALL_SETTLERS, now: now() }));
    await asked(() => catchUp(db, settings, { realm, now: now() }));
  };

  const buy = async (): Promise<void> => {
    const customer = await shop.newCustomer();
    const life = {
      name: 'chaos',
      customer: { ...customer, stripeCustomer: '' },
      sales: [],
      orders: [],
      events: [],
    };
    const recorded: RecordedLife = { ...life, shown: new Map(), deeds: [], moments: [] };
    const copy = { life: recorded, customerId: customer.id, as: (text: string) => text };
    const one: Lived = { copy, spent: 0n, asked: 0 };
    customers.push(one);
    const { paymentId } = await shop.checkout(customer);
    recorded.sales.push(paymentId);
  };

  const stripeSession = async (paymentId: string): Promise<string | null> =>
    (await db.payment.findUniqueOrThrow({ where: { id: paymentId } })).stripeSession;

  /** Pays, and then some money goes back, or is to: by the Dashboard, by a bank, by our staff. */
  const goOn = async (one: Lived): Promise<void> => {
    const [paymentId = ''] = one.copy.life.sales;
    const session = await stripeSession(paymentId);
    if (session === null) {
      unopened.push(paymentId);
      customers.splice(customers.indexOf(one), 1);
      return;
    }
    const fate = dice.roll(20);
    if (fate === 0) {
      sandbox.sandbox.checkout.expire(session);
      return;
    }
    await sandbox.sandbox.checkout.pay(session, CARD);
    const { moneyBack } = sandbox.sandbox;
    const intent = sandbox.sandbox.sessions.find(session)?.paymentIntentId ?? '';
    if (fate === 1) moneyBack.refund(intent);
    if (fate === 2) moneyBack.refund(intent, 1 + dice.roll(2_000));
    if (fate === 3 || fate === 4) {
      const opened = moneyBack.openDispute(intent, 'chargeback', 'fraudulent');
      if (opened.outcome === 'opened') moneyBack.answerDispute(opened.disputeId, fate === 3 ? 'win' : 'lose');
    }
    if (fate === 5) await askStaff(one, paymentId, BigInt(1 + dice.roll(2_000)));
  };

  /** Of what is paid here already: otherwise there is nothing to ask for. */
  const askStaff = async (one: Lived, paymentId: string, amount: bigint): Promise<void> => {
    const seen = await previewRefund(db, { realmId: realm.id, paymentId, amount });
    if (!seen || seen.bar) return;
    const request = {
      realm,
      paymentId,
      amount,
      key: seen.key,
      actor: `usr_${paymentId}`,
      role: 'admin',
    } as const;
    const done = await requestRefund(db, settings, {
      ...request,
      ...{ reason: 'requested_by_customer', comment: 'asked by mail' },
    });
    if (done.outcome === 'sent') one.asked += 1;
  };

  /** A page is asked for, and the SDK asks once more by itself: both answers are lost, the page is there. */
  const buyUnanswered = async (): Promise<void> => {
    const lost = { method: 'POST', path: '/v1/checkout/sessions', effect: 'lost_answer', times: 2 };
    await setTo(shop, 'faults', { api: [lost] });
    await buy();
    await setTo(shop, 'faults', { api: [] });
  };

  /** So many purchases, a round at a time; calls that were not answered are swept between. */
  const live = async (sales: number): Promise<void> => {
    sandbox.sandbox.chaos.set({ seed, ...WRONG, delay_ms: [...WRONG.delay_ms] });
    for (let first = 0; first < sales; first += ROUND) {
      const others = Array.from({ length: Math.min(ROUND, sales - first) - 1 }, () => first);
      const before = customers.length;
      await buyUnanswered();
      await forEachOf(others, AT_ONCE, buy);
      await sweep();
      await sweep();
      await forEachOf(customers.slice(before), AT_ONCE, goOn);
    }
  };

  /** Nothing goes wrong any more, and what has is made up for. */
  const quiet = async (): Promise<{ struck: Record<string, number> }> => {
    const { struck } = sandbox.sandbox.chaos.run();
    sandbox.sandbox.chaos.set(null);
    await until(() => sandbox.sandbox.deliveries.counts().pending === 0);
    await sweep();
    await recheckPayments(db, settings, { realm, now: new Date(Date.now() + hours(1)) });
    await worker.stop();
    for (let round = 0; round < 5; round += 1) {
      await inbox.passTime();
      await inbox.drain();
      await sweep();
      if ((await db.event.count({ where: { status: { in: ['queued', 'waiting'] } } })) === 0) break;
    }
    await endFreezes(db);
    await tellEvents();
    return { struck };
  };

  /** What Stripe said of each customer, by its own list. */
  const tellEvents = async (): Promise<void> => {
    const rows = await db.payment.findMany({
      where: { customerId: { in: customers.map(({ copy }) => copy.customerId) } },
    });
    const owners = new Map(customers.map((one) => [one.copy.customerId, one.copy.life.events]));
    const byObject = new Map(
      rows.flatMap((row) =>
        [row.stripeSession, row.stripeIntent, row.stripeCharge, row.stripeInvoice].flatMap((id) =>
          id === null ? [] : [[id, owners.get(row.customerId) ?? []] as const],
        ),
      ),
    );
    for (let cursor: string | null = null; ;) {
      const page = sandbox.sandbox.events.list({ limit: 500, ...(cursor === null ? {} : { cursor }) });
      for (const { id, type } of page.rows) {
        if (!isHandledEventType(type)) continue;
        const text = sandbox.sandbox.events.find(id)?.body ?? '';
        const { data } = envelope.parse(JSON.parse(text));
        const { id: object, payment_intent: intent, charge } = data.object;
        const events = [object, intent, charge]
          .map((one) => byObject.get(one ?? ''))
          .find((one) => one !== undefined);
        if (!events) throw new Error(`${type} is of nobody: ${text}`);
        events.push({ id, type, moment: 0, text: '' });
      }
      cursor = page.nextCursor;
      if (cursor === null) return;
    }
  };

  /** Payment pages that were opened at Stripe. */
  const pages = (): string[] => {
    const ids: string[] = [];
    for (let cursor: string | null = null; ;) {
      const page = sandbox.sandbox.sessions.list({ limit: 500, ...(cursor === null ? {} : { cursor }) });
      ids.push(...page.rows.map(({ id }) => id));
      cursor = page.nextCursor;
      if (cursor === null) return ids;
    }
  };

  const close = async () => {
    await worker.stop();
    endpoint.close();
    await sandbox.stop();
  };
  return { shop, customers, unopened, live, quiet, pages, close };
}
export type Chaos = Awaited<ReturnType<typeof openChaos>>;

const envelope = z.object({
  data: z.object({
    object: z.object({ id: z.string(), payment_intent: z.string().nullish(), charge: z.string().nullish() }),
  }),
});

async function setTo(shop: PlanShop, what: 'settings' | 'faults', change: object): Promise<void> {
  const answer = await fetch(`${shop.sandbox.url}/_control/${what}`, {
    method: 'PUT',
    body: JSON.stringify(change),
  });
  if (!answer.ok) throw new Error(await answer.text());
}
