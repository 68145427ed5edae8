import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  type DrivenInbox,
  drivenInbox,
  type SentEvent,
} from '../../app/modules/payments/testing/driven-inbox';
import {
  type Ending,
  endingsOf,
  expectWholeBooks,
  grantedOnce,
} from '../../app/modules/payments/testing/endings';
import { forEachOf, permutations } from '../../app/modules/payments/testing/orders';
import { type PayInput } from '../stripe-sandbox/sandbox';
import { until } from '../stripe-sandbox/testing/under-test';
import { useTestDatabase } from '../support/test-database';
import { CARD, openShop, type Shop } from './testing/sandbox-shop';

/**
 * The lives of a one-time payment beside the plain card purchase, each in every order of its deciding events: what was
 * sold is granted once or not at all, whatever was really paid for it.
 */
const database = useTestDatabase();

let shop: Shop;
let inbox: DrivenInbox;
beforeAll(async () => {
  shop = await openShop(database.db);
  inbox = drivenInbox(database.db, shop.realm, shop.reader);
});
afterAll(() => shop.sandbox.stop());

interface Life {
  order?: { currency?: string; automaticTax?: boolean };
  /** A promotion code of so many percent off. */
  percentOff?: number;
  pays?: PayInput;
  zeroTotalStatus?: 'paid' | 'no_payment_required';
  /** In every order; all else that Stripe says comes after them. */
  decisive: readonly string[];
  /** Once Stripe has said so, it has nothing more to say. */
  last: string;
  ends: Ending;
}

const sepa = (iban: string): PayInput => ({ ...CARD, method: 'sepa_debit', iban });

async function promotionCode(percentOff: number): Promise<string> {
  const url = new URL(shop.sandbox.url);
  const stripe = new Stripe(shop.settings.secretKey, {
    ...{ host: url.hostname, port: url.port, protocol: 'http' as const },
  });
  const coupon = await stripe.coupons.create({ percent_off: percentOff, duration: 'once' });
  const { code } = await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id } });
  return code;
}

async function setZeroTotal(zeroTotalStatus: Life['zeroTotalStatus']): Promise<void> {
  const body = JSON.stringify({ zeroTotalStatus });
  const answer = await fetch(`${shop.sandbox.url}/_control/settings`, { method: 'PUT', body });
  expect(answer.status).toBe(200);
}

/** One sale lived at Stripe to its end; nothing of it is known here yet. */
async function liveAtStripe(life: Life, code: string | undefined): Promise<string> {
  const { paymentId } = await shop.checkout(await shop.newCustomer(), life.order);
  const session = await shop.sessionOf(paymentId);
  if (code !== undefined) shop.sandbox.sandbox.checkout.applyPromotionCode(session, code);
  const paid = await shop.pay(paymentId, life.pays);
  expect(paid.outcome).toBe('paid');
  return paymentId;
}

interface Sale {
  id: string;
  events: SentEvent[];
}

async function liveInEveryOrder(life: Life): Promise<void> {
  if (life.zeroTotalStatus) await setZeroTotal(life.zeroTotalStatus);
  const code = life.percentOff === undefined ? undefined : await promotionCode(life.percentOff);
  const orders = permutations(life.decisive);
  const ids: string[] = [];
  await forEachOf(orders, 4, async () => ids.push(await liveAtStripe(life, code)));
  let bySale = new Map<string, SentEvent[]>();
  await until(() => {
    bySale = shop.saidBySale(ids);
    return [...bySale.values()].every((events) => events.some(({ type }) => type === life.last));
  });
  const sales = orders.map((order, n): Sale => {
    const id = ids[n] ?? '';
    const said = bySale.get(id) ?? [];
    const first = order.map((type) => {
      const event = said.find((one) => one.type === type);
      if (!event) throw new Error(`${id} has no ${type}, but ${said.map((one) => one.type).join(', ')}.`);
      return event;
    });
    return { id, events: [...first, ...said.filter((event) => !first.includes(event))] };
  });
  const longest = Math.max(...sales.map(({ events }) => events.length));
  for (let n = 0; n < longest; n += 1) {
    await forEachOf(sales, 8, async ({ events }) => {
      const event = events[n];
      // Each comes twice at once.
      if (event) await Promise.all([inbox.deliver(event), inbox.deliver(event)]);
    });
    await inbox.drain();
  }
  const ended = await endingsOf(database.db, ids);
  expect(ended.map(({ ending }) => ending)).toEqual([life.ends]);
  await expectWholeBooks(database.db);
}

/** What settles; the charge is the plain purchase's to permute. */
const CARD_EVENTS = ['checkout.session.completed', 'payment_intent.succeeded', 'invoice.paid'];
const LATE = 'invoice.paid';
const free: Ending = grantedOnce({
  money: 'session',
  amountPaid: 0,
  links: ['session', 'invoice'],
  shown: ['invoice'],
});

describe('in every order of its events', { timeout: 180_000 }, () => {
  it.each<[string, Life]>([
    [
      'a promotion code changes what is paid, and no credits',
      { percentOff: 20, decisive: CARD_EVENTS, last: LATE, ends: grantedOnce({ amountPaid: 1600 }) },
    ],
    [
      'tax changes what is paid, and no credits',
      {
        order: { automaticTax: true },
        decisive: CARD_EVENTS,
        last: LATE,
        ends: grantedOnce({ amountPaid: 2200 }),
      },
    ],
    [
      'a pack is sold in a currency without smaller units',
      {
        order: { currency: 'jpy' },
        decisive: CARD_EVENTS,
        last: LATE,
        ends: grantedOnce({ amountPaid: 3100 }),
      },
    ],
    [
      'a pack that a code makes free is granted once, where Stripe calls it paid',
      {
        percentOff: 100,
        zeroTotalStatus: 'paid',
        decisive: ['checkout.session.completed', 'invoice.paid'],
        last: 'invoice.paid',
        ends: free,
      },
    ],
    [
      'a pack that a code makes free is granted once, where Stripe says that nothing was to pay',
      {
        percentOff: 100,
        zeroTotalStatus: 'no_payment_required',
        decisive: ['checkout.session.completed', 'invoice.paid'],
        last: 'invoice.paid',
        ends: free,
      },
    ],
    [
      'a bank debit is granted once the bank has paid',
      {
        order: { currency: 'eur' },
        pays: sepa('AT611904300234573201'),
        decisive: [
          'checkout.session.completed',
          'payment_intent.processing',
          'checkout.session.async_payment_succeeded',
          'payment_intent.succeeded',
        ],
        last: LATE,
        ends: grantedOnce({ amountPaid: 1850, shown: ['receipt', 'invoice'] }),
      },
    ],
    [
      'a bank debit that the bank refuses is closed, and nothing is granted',
      {
        order: { currency: 'eur' },
        pays: sepa('AT861904300235473202'),
        decisive: [
          'checkout.session.completed',
          'payment_intent.processing',
          'checkout.session.async_payment_failed',
          'payment_intent.payment_failed',
        ],
        last: 'checkout.session.async_payment_failed',
        ends: {
          ...{ state: 'failed', transfers: 0, lots: 0, grants: 0, money: 'none', amountPaid: null },
          ...{ links: ['session', 'intent'], shown: [], paidChanges: 0, seconds: 0, mails: ['failed'] },
        },
      },
    ],
  ])('%s', (_promise, life) => liveInEveryOrder(life));
});
