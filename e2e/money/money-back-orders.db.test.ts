import { afterAll, beforeAll, expect, it } from 'vitest';

import {
  type DrivenInbox,
  drivenInbox,
  type SentEvent,
} from '../../app/modules/payments/testing/driven-inbox';
import { expectAllDecided } from '../../app/modules/payments/testing/endings';
import { forEachOf, permutations } from '../../app/modules/payments/testing/orders';
import { verifyLedger } from '../../app/modules/ledger/index.server';
import { type MoneyBackDesk } from '../stripe-sandbox/sandbox-money-back';
import { until } from '../stripe-sandbox/testing/under-test';
import { useTestDatabase } from '../support/test-database';
import { copyReader, copySale } from './testing/copied-sales';
import { moneyBackEndings, type MoneyBackEnding } from './testing/money-back-ending';
import { CARD, openShop, type Shop } from './testing/sandbox-shop';

/**
 * Refunds and disputes as the sandbox lives them, their events in every order: each life ends alike, whatever came first.
 * The pack is 2,500 credits for $20.
 */
const database = useTestDatabase();
let shop: Shop;
let inbox: DrivenInbox;
beforeAll(async () => {
  shop = await openShop(database.db);
  inbox = drivenInbox(database.db, shop.realm, copyReader(shop));
});
afterAll(async () => {
  await shop.sandbox.stop();
  expect(await verifyLedger(database.db)).toEqual([]);
});

interface Life {
  card?: string;
  /** What happens at Stripe after the sale was paid. */
  happens: (desk: MoneyBackDesk, intent: string) => unknown;
  /** Which of its events come, by type, each as often as it is named. */
  events: string[];
  ends: Partial<MoneyBackEnding>;
}

const SETTLED = 'payment_intent.succeeded';
const refundIn = (desk: MoneyBackDesk, intent: string, amount?: number): string => {
  const made = desk.refund(intent, amount);
  if (made.outcome !== 'refunded') throw new Error(`The sandbox says ${made.outcome}.`);
  return made.refundId;
};
const disputeIn = (
  desk: MoneyBackDesk,
  intent: string,
  kind: 'chargeback' | 'inquiry' = 'chargeback',
): string => {
  const made = desk.openDispute(intent, kind, 'fraudulent');
  if (made.outcome !== 'opened') throw new Error(`The sandbox says ${made.outcome}.`);
  return made.disputeId;
};
const refund = (status: string, level: string, taken: string) => ({ kind: 'refund', status, level, taken });
const dispute = (status: string, level: string, taken: string) => ({ kind: 'dispute', status, level, taken });
const WHOLE = { state: 'paid', available: '2500', claimed: '0', debt: '0', isFrozen: false, revoked: '0' };
const NOTHING = { ...WHOLE, available: '0', revoked: '2500' };

const LIVES: Record<string, Life> = {
  'a part that was refunded at once': {
    happens: (desk, intent) => refundIn(desk, intent, 335),
    events: [SETTLED, 'refund.created', 'charge.refunded', 'refund.updated'],
    // ⌊2500 × 335 ÷ 2000⌋
    ends: { ...WHOLE, backs: [refund('succeeded', 'gone', '335')], available: '2082', revoked: '418' },
  },
  'parts that were refunded one after the other': {
    happens: (desk, intent) => {
      refundIn(desk, intent, 335);
      refundIn(desk, intent, 335);
    },
    events: [SETTLED, 'refund.created', 'refund.created', 'charge.refunded', 'charge.refunded'],
    ends: {
      ...WHOLE,
      backs: [refund('succeeded', 'gone', '335'), refund('succeeded', 'gone', '335')],
      // ⌊2500 × 670 ÷ 2000⌋: the sum of both is rounded once, which is one credit more than each of them rounded.
      ...{ available: '1663', revoked: '837' },
    },
  },
  'a refund that the bank took its time for': {
    card: '4000000000007726',
    happens: (desk, intent) => desk.settleRefund(refundIn(desk, intent)),
    events: [SETTLED, 'refund.created', 'charge.refunded', 'refund.updated'],
    ends: { ...NOTHING, backs: [refund('succeeded', 'gone', '2000')] },
  },
  'a refund that failed after it had succeeded': {
    card: '4000000000005126',
    happens: (desk, intent) => desk.failRefund(refundIn(desk, intent)),
    events: [SETTLED, 'refund.created', 'charge.refunded', 'refund.failed', 'refund.updated'],
    ends: { ...WHOLE, backs: [refund('failed', 'none', '0')] },
  },
  'a chargeback that was lost': {
    happens: (desk, intent) => desk.answerDispute(disputeIn(desk, intent), 'lose'),
    events: [
      SETTLED,
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.updated',
      'charge.dispute.closed',
    ],
    ends: { ...NOTHING, backs: [dispute('lost', 'gone', '2000')] },
  },
  'a chargeback that was won': {
    happens: (desk, intent) => desk.answerDispute(disputeIn(desk, intent), 'win'),
    events: [
      SETTLED,
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.closed',
      'charge.dispute.funds_reinstated',
    ],
    ends: { ...WHOLE, backs: [dispute('won', 'none', '0')] },
  },
  'an inquiry that was dropped': {
    happens: (desk, intent) => desk.answerDispute(disputeIn(desk, intent, 'inquiry'), 'win'),
    events: [SETTLED, 'charge.dispute.created', 'charge.dispute.updated', 'charge.dispute.closed'],
    ends: { ...WHOLE, backs: [dispute('warning_closed', 'none', '0')] },
  },
  'an inquiry that became a chargeback and was lost': {
    happens: (desk, intent) => {
      const id = disputeIn(desk, intent, 'inquiry');
      desk.answerDispute(id, 'escalate');
      desk.answerDispute(id, 'accept');
    },
    events: [
      SETTLED,
      'charge.dispute.created',
      'charge.dispute.updated',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.closed',
    ],
    ends: { ...NOTHING, backs: [dispute('lost', 'gone', '2000')] },
  },
  'a part refunded, a chargeback won, the rest refunded': {
    happens: async (desk, intent) => {
      const id = refundIn(desk, intent, 800);
      // A chargeback stops a refund that is not on its way yet.
      const told = () => shop.sandbox.sandbox.events.list({ limit: 1000 }).rows;
      await until(() => told().some(({ type, objectId }) => type === 'refund.updated' && objectId === id));
      desk.answerDispute(disputeIn(desk, intent), 'win');
      refundIn(desk, intent);
    },
    events: [
      SETTLED,
      'refund.created',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.funds_reinstated',
      'refund.created',
    ],
    ends: {
      ...NOTHING,
      backs: [
        refund('succeeded', 'gone', '800'),
        refund('succeeded', 'gone', '1200'),
        dispute('won', 'none', '0'),
      ],
    },
  },
};

/** The events of these types, each named once for each that is wanted; undefined while one of them is missing. */
function chosen(events: readonly SentEvent[], types: readonly string[]): SentEvent[] | undefined {
  const left = [...events];
  const found = types.flatMap((type) => {
    const at = left.findIndex((event) => event.type === type);
    return at < 0 ? [] : left.splice(at, 1);
  });
  return found.length === types.length ? found : undefined;
}

let copied = 0;

it.each(Object.keys(LIVES))(
  '%s ends alike in every order of its events',
  { timeout: 240_000 },
  async (name) => {
    const life = LIVES[name];
    if (!life) throw new Error('There is no such life.');
    const paymentId = await shop.sell(life.card === undefined ? CARD : { ...CARD, cardNumber: life.card });
    await life.happens(shop.sandbox.sandbox.moneyBack, await shop.intentOf(paymentId));
    // Stripe says some of it a moment later.
    const events = await until(async () => chosen(await shop.eventsOf(paymentId), life.events));
    const orders = permutations(events);
    const sales: Awaited<ReturnType<typeof copySale>>[] = [];
    await forEachOf(orders, 4, async (order) => {
      copied += 1;
      sales.push(await copySale(database.db, { paymentId, events: order }, copied));
    });
    for (let step = 0; step < events.length; step += 1) {
      await inbox.list(sales.flatMap((sale) => sale.events.slice(step, step + 1)));
      await inbox.drain();
    }
    await inbox.passTime();
    await inbox.drain();
    await expectAllDecided(database.db);
    const ids = sales.map((sale) => sale.paymentId);
    expect(await moneyBackEndings(database.db, ids)).toMatchObject([
      { ending: life.ends, sales: orders.length },
    ]);
  },
);
