import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { checkPayment } from '../../app/modules/payments/index.server';
import { type Cut, cutsOf, forEachCut, statementsOf } from '../../app/modules/payments/testing/cut-line';
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
import { forEachOf } from '../../app/modules/payments/testing/orders';
import { type Claim, claimEvents } from '../../app/modules/webhooks/claimed-event.server';
import { processEvent } from '../../app/modules/webhooks/process-event.server';
import { type Db } from '../../app/platform/db.server';
import { useTestDatabase } from '../support/test-database';
import { openShop, type Shop } from './testing/sandbox-shop';

/** The database is lost at every statement that settling really sends; then the work is done again. */
const database = useTestDatabase();
let shop: Shop;
let inbox: DrivenInbox;
beforeAll(async () => {
  shop = await openShop(database.db);
  inbox = drivenInbox(database.db, shop.realm, shop.reader);
});
afterAll(() => shop.sandbox.stop());

async function sellMany(count: number): Promise<string[]> {
  const sales: string[] = [];
  await forEachOf(Array.from({ length: count }), 4, async () => sales.push(await shop.sell()));
  return sales;
}

const UNTOUCHED: Ending = grantedOnce({
  ...{ state: 'open', transfers: 0, lots: 0, grants: 0, money: 'none', amountPaid: null, paidChanges: 0 },
  ...{ links: ['session'], shown: [], mails: [] },
});

const NO_CUT: Cut = { statement: 0, when: 'before', loses: 'connection' };

interface Case {
  sale: string;
  claim: Claim;
  cut: Cut;
}

/** One claimed event of that type per cut, each of a sale of its own. */
async function claimedCases(type: string, cuts: readonly Cut[]): Promise<Case[]> {
  const sales = await sellMany(cuts.length);
  const bySale = await shop.eventsBySale(sales);
  const events = new Map<string, { sale: string; event: SentEvent }>();
  for (const [sale, sent] of bySale) {
    const event = sent.find((one) => one.type === type);
    if (event) events.set(event.id, { sale, event });
  }
  await forEachOf([...events.values()], 8, ({ event }) => inbox.deliver(event));
  const claims = await claimEvents(database.db, cuts.length + 1);
  expect(claims).toHaveLength(cuts.length);
  return claims.map((claim, n) => ({
    sale: events.get(claim.eventId)?.sale ?? '',
    claim,
    cut: cuts[n] ?? NO_CUT,
  }));
}

const processOn = (db: Db, { claim }: { claim: Claim }) => processEvent({ ...inbox.deps, db }, claim);

const attemptsOf = async (eventId: string): Promise<string[]> => {
  const rows = await database.db.attempt.findMany({ where: { eventId }, orderBy: { n: 'asc' }, take: 10 });
  return rows.map(({ n, outcome, code }) => `${String(n)} ${outcome} ${code ?? ''}`);
};

const statusOf = async (eventId: string) =>
  (await database.db.event.findFirstOrThrow({ where: { id: eventId }, select: { status: true } })).status;

describe('an event whose try loses the database', () => {
  it.each([
    [
      'checkout.session.completed',
      ['connection', 'process'] as const,
      ['session', 'intent', 'invoice'] as const,
    ],
    ['payment_intent.succeeded', ['process'] as const, ['session', 'intent', 'charge'] as const],
    ['invoice.paid', ['connection'] as const, ['session', 'intent', 'invoice'] as const],
  ])(
    'at any statement of %s is granted once by the next try, and its attempts tell of both',
    { timeout: 240_000 },
    async (type, losses, links) => {
      const [whole] = await claimedCases(type, [NO_CUT]);
      if (!whole) throw new Error('Nothing was claimed.');
      const statements = await statementsOf(database.url, (db) => processOn(db, whole));
      expect(statements).toBeGreaterThan(10);
      const ended = grantedOnce({ links: [...links], shown: type === 'invoice.paid' ? ['invoice'] : [] });
      expect(await endingsOf(database.db, [whole.sale])).toMatchObject([{ ending: ended }]);

      const cases = await claimedCases(
        type,
        losses.flatMap((loses) => cutsOf(statements, loses)),
      );
      await forEachCut(database.url, cases, processOn);

      const committed = new Map<string, boolean>();
      for (const { claim } of cases) committed.set(claim.eventId, (await statusOf(claim.eventId)) === 'done');
      const [done, lost] = [true, false].map((is) =>
        cases.filter(({ claim }) => committed.get(claim.eventId) === is),
      );
      expect(done?.length).toBeGreaterThan(0);
      const endings = async (some: Case[] = []) =>
        (
          await endingsOf(
            database.db,
            some.map(({ sale }) => sale),
          )
        ).map(({ ending }) => ending);
      expect(await endings(lost)).toEqual([UNTOUCHED]);
      expect(await endings(done)).toEqual([ended]);

      await inbox.passTime();
      await inbox.drain();
      expect(await endings(cases)).toEqual([ended]);
      for (const { claim, cut } of cases) {
        const why = cut.loses === 'process' ? 'crashed' : 'database_unreachable';
        const tries = committed.get(claim.eventId)
          ? ['1 done applied']
          : [`1 waiting ${why}`, '2 done applied'];
        expect({ cut, tries: await attemptsOf(claim.eventId) }).toEqual({ cut, tries });
      }
      await expectWholeBooks(database.db);
    },
  );
});

describe('a customer’s return that loses the database', () => {
  it('at any statement is granted once, by the next look or by the event', { timeout: 120_000 }, async () => {
    const look = (db: Db, { sale }: { sale: string }) =>
      checkPayment(db, shop.settings, { realm: shop.realm, paymentId: sale, cause: `return:${sale}` });
    const [first = ''] = await sellMany(1);
    const statements = await statementsOf(database.url, (db) => look(db, { sale: first }));
    expect(statements).toBeGreaterThan(8);
    const cuts = cutsOf(statements, 'connection');
    const sales = await sellMany(cuts.length);
    const work = sales.map((sale, n) => ({ sale, cut: cuts[n] ?? NO_CUT }));
    await forEachCut(database.url, work, look);

    const ended = grantedOnce({ links: ['session', 'intent', 'invoice'], shown: [] });
    const endings = async () => (await endingsOf(database.db, sales)).map(({ ending }) => ending);
    const between = await endings();
    expect(between).toHaveLength(2);
    expect(between).toEqual(expect.arrayContaining([ended, UNTOUCHED]));

    const [byLook, byEvent] = [sales.filter((_, n) => n % 2 === 0), sales.filter((_, n) => n % 2 === 1)];
    await forEachOf(byLook, 4, (sale) => look(database.db, { sale }));
    const bySale = await shop.eventsBySale(byEvent);
    const completed = [...bySale.values()].flat().filter(({ type }) => type === 'checkout.session.completed');
    await forEachOf(completed, 4, (event) => inbox.deliver(event));
    await inbox.drain();
    expect(await endings()).toEqual([ended]);
    await expectWholeBooks(database.db);
  });
});
