import { afterAll, beforeAll, expect, it } from 'vitest';

import { verifyLedger } from '../../app/modules/ledger/index.server';
import { type Cut, cutsOf, forEachCut, statementsOf } from '../../app/modules/payments/testing/cut-line';
import { drivenInbox, type SentEvent } from '../../app/modules/payments/testing/driven-inbox';
import { forEachOf } from '../../app/modules/payments/testing/orders';
import { checkPayment } from '../../app/modules/payments/index.server';
import { type Claim, claimEvents } from '../../app/modules/webhooks/claimed-event.server';
import { processEvent } from '../../app/modules/webhooks/process-event.server';
import { type Db } from '../../app/platform/db.server';
import { hours } from '../../app/platform/time';
import { useTestDatabase } from '../support/test-database';
import { copySale } from './testing/copied-sales';
import { moneyBackEndings } from './testing/money-back-ending';
import { openRefundDesk, type PaidSale } from './testing/refund-desk';
import { openShop, type Shop } from './testing/sandbox-shop';

/** The database is lost at every statement of a refund and of a dispute; then the work is done again. */
const database = useTestDatabase();
let shop: Shop;
beforeAll(async () => {
  shop = await openShop(database.db);
});
afterAll(async () => {
  await shop.sandbox.stop();
  expect(await verifyLedger(database.db)).toEqual([]);
});

it.each(['refund.created', 'charge.dispute.funds_withdrawn'])(
  'a %s whose worker is killed anywhere takes the credits once',
  { timeout: 240_000 },
  async (type) => {
    const paymentId = await shop.sell();
    const desk = shop.sandbox.sandbox.moneyBack;
    const intent = await shop.intentOf(paymentId);
    if (type === 'refund.created') desk.refund(intent);
    else desk.openDispute(intent, 'chargeback', 'fraudulent');
    const sent = await shop.eventsOf(paymentId);
    const events = ['payment_intent.succeeded', type].flatMap((name): SentEvent[] =>
      sent.filter((event) => event.type === name).slice(0, 1),
    );
    const inbox = drivenInbox(database.db, shop.realm, shop.reader);
    const offset = type === 'refund.created' ? 0 : 10_000;
    const claimed = async (count: number, from: number): Promise<Claim[]> => {
      const numbers = Array.from({ length: count }, (_, n) => offset + from + n);
      const sales: Awaited<ReturnType<typeof copySale>>[] = [];
      await forEachOf(numbers, 4, async (n) =>
        sales.push(await copySale(database.db, { paymentId, events }, n)),
      );
      ids.push(...sales.map((sale) => sale.paymentId));
      await inbox.list(sales.flatMap((sale) => sale.events.slice(0, 1)));
      await inbox.drain();
      await inbox.list(sales.flatMap((sale) => sale.events.slice(1)));
      return claimEvents(database.db, count);
    };
    const ids: string[] = [];
    const work = (db: Db, claim: Claim) => processEvent({ ...inbox.deps, db }, claim);
    const [first] = await claimed(1, 1);
    const statements = await statementsOf(database.url, async (db) => first && work(db, first));
    expect(statements).toBeGreaterThan(10);
    const cuts = killsOf(statements);
    const claims = await claimed(cuts.length, 2);
    const cases = claims.map((claim, n) => ({ claim, cut: cuts[n] ?? NO_CUT }));
    await forEachCut(database.url, cases, (db, one) => work(db, one.claim));
    await inbox.passTime();
    await inbox.drain();
    const ended = await moneyBackEndings(database.db, ids);
    expect(ended).toMatchObject([
      {
        sales: cuts.length + 1,
        ending: {
          available: '0',
          claimed: '0',
          debt: '0',
          revoked: '2500',
          backs: [{ level: 'gone', taken: '2000' }],
        },
      },
    ]);
  },
);

/** A process that is killed after a statement and before the next one leaves the same behind. */
const killsOf = (statements: number): Cut[] =>
  cutsOf(statements, 'process').filter(({ when }) => when === 'before');

/** As the return page does: Stripe is asked. */
async function settle(paymentId: string): Promise<PaidSale> {
  const { settings, realm } = shop;
  await checkPayment(database.db, settings, { realm, paymentId, cause: `return:${paymentId}` });
  const { customerId } = await database.db.payment.findUniqueOrThrow({ where: { id: paymentId } });
  return { paymentId, customerId, intent: await shop.intentOf(paymentId) };
}

const NO_CUT: Cut = { statement: 0, when: 'before', loses: 'connection' };

it(
  'a staff refund whose process is killed anywhere is one refund or none, and the credits say which',
  { timeout: 240_000 },
  async () => {
    const desk = openRefundDesk(database.db, shop);
    const first = await desk.sell();
    const ask = async (at: Db, { paymentId }: PaidSale) => {
      const { key } = await desk.preview(paymentId);
      return desk.request(paymentId, 2000n, { key, at });
    };
    const statements = await statementsOf(database.url, (db) => ask(db, first));
    expect(statements).toBeGreaterThan(20);
    const cases: { sale: PaidSale; cut: Cut }[] = [];
    await forEachOf(killsOf(statements), 4, async (cut) => {
      cases.push({ sale: await settle(await shop.sell()), cut });
    });
    await forEachCut(database.url, cases, (db, { sale }) => ask(db, sale));
    while ((await desk.sweepIn(hours(1))) > 0);
    let made = 0;
    for (const { sale, cut } of cases) {
      const refunds = await desk.madeAtStripe(sale.intent);
      const isMade = refunds.length === 1;
      made += refunds.length;
      const { available } = await desk.balance(sale.customerId);
      const backs = (await desk.backsOf(sale.paymentId)).map(({ status, level }) => ({ status, level }));
      expect({ cut, refunds: refunds.length, available, backs }).toEqual({
        ...{ cut, refunds: isMade ? 1 : 0, available: isMade ? 0n : 2500n },
        backs: isMade ? [{ status: 'succeeded', level: 'gone' }] : [],
      });
    }
    expect(made).toBeGreaterThan(statements / 2);
    expect(made).toBeLessThan(cases.length);
  },
);
