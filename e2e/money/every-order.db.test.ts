import { afterAll, beforeAll, expect, it } from 'vitest';

import { checkOnReturn } from '../../app/modules/payments/index.server';
import {
  type DrivenInbox,
  drivenInbox,
  type SentEvent,
} from '../../app/modules/payments/testing/driven-inbox';
import {
  endingsOf,
  expectAllDecided,
  expectWholeBooks,
  grantedOnce,
} from '../../app/modules/payments/testing/endings';
import { diceOf, forEachOf, permutations, seedOf } from '../../app/modules/payments/testing/orders';
import { catchUp } from '../../app/modules/webhooks/index.server';
import { minutes } from '../../app/platform/time';
import { ACCOUNT_VERSION } from '../stripe-sandbox/versions/versions';
import { useTestDatabase } from '../support/test-database';
import { openShop, type Shop } from './testing/sandbox-shop';

/**
 * A sale's events in every order. Many sales go through one inbox side by side, a step of each at a time, so that the
 * order within a sale is exact while the work of different sales overlaps.
 */
const database = useTestDatabase();
const dice = diceOf(seedOf('ORDERS_SEED'));
/** Orders of all events that are drawn from the 5,040 in one run. */
const SAMPLE = Number(process.env.ORDERS_SAMPLE ?? 80);

/** The events that bring money or links, by type; each of them alone finds the sale. */
const DECISIVE = [
  'checkout.session.completed',
  'payment_intent.succeeded',
  'charge.succeeded',
  'invoice.paid',
];
const HANDLED = [...DECISIVE, 'invoice.payment_succeeded', 'charge.updated', 'charge.updated'];

interface Plan {
  /** Indexes into HANDLED. */
  order: readonly number[];
  copies: number;
  /** Before which step the customer returns, and the events are listed. Past the end: after all; absent: never. */
  returnsAt?: number;
  listedAt?: number;
}

type Step = { does: 'deliver'; index: number; copies: number } | { does: 'return' } | { does: 'list' };

function stepsOf({ order, copies, returnsAt, listedAt }: Plan): Step[] {
  const steps = order.map((index): Step[] => [{ does: 'deliver', index, copies }]);
  steps.push([]);
  if (listedAt !== undefined) steps[listedAt]?.unshift({ does: 'list' });
  if (returnsAt !== undefined) steps[returnsAt]?.unshift({ does: 'return' });
  return steps.flat();
}

let shop: Shop;
let inbox: DrivenInbox;
beforeAll(async () => {
  shop = await openShop(database.db);
  inbox = drivenInbox(database.db, shop.realm, shop.reader);
});
afterAll(() => shop.sandbox.stop());

interface Sale {
  id: string;
  /** What Stripe says of it, and of that what is handled, as HANDLED lists it. */
  events: SentEvent[];
  handled: SentEvent[];
  steps: Step[];
}

async function salesOf(plans: readonly Plan[], apiVersion?: string): Promise<Sale[]> {
  const ids: string[] = [];
  await forEachOf(plans, 4, async () => ids.push(await shop.sell()));
  const bySale = await shop.eventsBySale(ids, apiVersion);
  return plans.map((plan, n) => {
    const id = ids[n] ?? '';
    const events = bySale.get(id) ?? [];
    const left = [...events];
    const handled = HANDLED.map((type) => {
      const [event] = left.splice(
        left.findIndex((one) => one.type === type),
        1,
      );
      if (event?.type !== type) throw new Error(`${id} has no ${type}.`);
      return event;
    });
    return { id, events, handled, steps: stepsOf(plan) };
  });
}

async function take(sale: Sale, step: Step): Promise<void> {
  if (step.does === 'return') {
    const visit = { realm: shop.realm, paymentId: sale.id };
    await checkOnReturn(database.db, shop.settings, { ...visit, now: 0 });
    await checkOnReturn(database.db, shop.settings, { ...visit, now: 3_000 });
  } else if (step.does === 'list') await inbox.list(sale.events);
  else {
    const event = sale.handled[step.index];
    if (!event) throw new Error(`${sale.id} has no event ${String(step.index)}.`);
    await Promise.all(Array.from({ length: step.copies }, () => inbox.deliver(event)));
  }
}

async function live(sales: readonly Sale[], caughtUpBefore?: number): Promise<void> {
  const longest = Math.max(...sales.map(({ steps }) => steps.length));
  for (let n = 0; n < longest; n += 1) {
    if (n === caughtUpBefore) {
      const now = new Date(Date.now() + minutes(2));
      expect(await catchUp(database.db, shop.settings, { realm: shop.realm, now })).toBeGreaterThan(0);
      await inbox.drain();
    }
    await forEachOf(sales, 8, async (sale) => {
      const step = sale.steps[n];
      if (step) await take(sale, step);
    });
    await inbox.drain();
  }
}

async function expectEachGrantedOnce(sales: readonly Sale[]): Promise<void> {
  const ids = sales.map(({ id }) => id);
  const ended = await endingsOf(database.db, ids);
  expect(ended.map(({ ending }) => ending)).toEqual([grantedOnce()]);
  await expectAllDecided(database.db);
  await expectWholeBooks(database.db);
  const settling = await database.db.paymentChange.findMany({
    where: { to: 'paid' },
    select: { cause: true },
  });
  expect(new Set(settling.map(({ cause }) => cause.split(':')[0]))).toEqual(new Set(['event', 'return']));
}

it(
  'grants a card purchase once in every order of its deciding events, each once and twice, with the return page and a catch-up at every point',
  { timeout: 300_000 },
  async () => {
    const points = [0, 1, 2, 3, 4];
    /** A point, or never. */
    const drawn = (key: 'returnsAt' | 'listedAt') => {
      const point = dice.roll(points.length + 1);
      return point === points.length ? {} : { [key]: point };
    };
    const late = [4, 5, 6];
    const plans = permutations([0, 1, 2, 3]).flatMap((first) => {
      const order = [...first, ...late];
      return [
        ...points.flatMap((returnsAt) =>
          [1, 2].map((copies): Plan => ({ order, copies, returnsAt, ...drawn('listedAt') })),
        ),
        ...points.map((listedAt): Plan => ({
          order,
          copies: 1 + dice.roll(2),
          listedAt,
          ...drawn('returnsAt'),
        })),
      ];
    });
    // Every order in every run; of its variants every other one, by chance those of even or of odd place.
    const half = dice.roll(2);
    const sales = await salesOf(plans.filter((_plan, n) => n % 2 === half));
    await live(sales);
    await expectEachGrantedOnce(sales);
  },
);

it(
  'grants it once in orders of all its events, and all of them replayed change nothing',
  { timeout: 300_000 },
  async () => {
    const all = HANDLED.map((_type, index) => index);
    const plans = Array.from({ length: SAMPLE }, (): Plan => {
      return { order: dice.shuffled(all), copies: 1 + dice.roll(3), returnsAt: dice.roll(all.length + 1) };
    });
    const older = await salesOf(plans.splice(0, SAMPLE / 5), ACCOUNT_VERSION);
    const sales = [...older, ...(await salesOf(plans))];
    await live(sales, dice.roll(all.length));
    await expectEachGrantedOnce(sales);
    await inbox.replayAll(sales.flatMap(({ handled }) => handled.map(({ id }) => id)));
    await inbox.drain();
    await expectEachGrantedOnce(sales);
  },
);
