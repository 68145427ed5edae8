import { afterAll, beforeAll, expect, it } from 'vitest';

import { verifyLedger } from '../../app/modules/ledger/index.server';
import { type DrivenInbox, drivenInbox } from '../../app/modules/payments/testing/driven-inbox';
import { begun, toItsEnd } from '../../app/modules/webhooks/testing/replays';
import { useTestDatabase } from '../support/test-database';
import { type MoneyBackDesk } from '../stripe-sandbox/sandbox-money-back';
import { CARD, openShop, type Shop } from './testing/sandbox-shop';

const database = useTestDatabase();
let shop: Shop;
let inbox: DrivenInbox;
beforeAll(async () => {
  shop = await openShop(database.db);
  inbox = drivenInbox(database.db, shop.realm, shop.reader);
});
afterAll(async () => {
  await shop.sandbox.stop();
  expect(await verifyLedger(database.db)).toEqual([]);
});

const refund = (desk: MoneyBackDesk, intent: string, amount?: number): string => {
  const made = desk.refund(intent, amount);
  if (made.outcome !== 'refunded') throw new Error(`The sandbox says ${made.outcome}.`);
  return made.refundId;
};
const dispute = (desk: MoneyBackDesk, intent: string): string => {
  const made = desk.openDispute(intent, 'chargeback', 'fraudulent');
  if (made.outcome !== 'opened') throw new Error(`The sandbox says ${made.outcome}.`);
  return made.disputeId;
};

/** What happens at Stripe after a sale was paid. */
const LIVES: { card?: string; happens: (desk: MoneyBackDesk, intent: string) => unknown }[] = [
  { happens: () => undefined },
  { happens: (desk, intent) => refund(desk, intent, 335) },
  { happens: (desk, intent) => [refund(desk, intent, 335), refund(desk, intent)] },
  { card: '4000000000005126', happens: (desk, intent) => desk.failRefund(refund(desk, intent)) },
  { happens: (desk, intent) => dispute(desk, intent) },
  { happens: (desk, intent) => desk.answerDispute(dispute(desk, intent), 'lose') },
  { happens: (desk, intent) => desk.answerDispute(dispute(desk, intent), 'win') },
];

async function booksNow() {
  const { db } = database;
  const order = { orderBy: { id: 'asc' }, take: 1000 } as const;
  return {
    wallets: await db.wallet.findMany(order),
    lots: await db.lot.findMany(order),
    transfers: await db.transfer.findMany(order),
    claims: await db.claim.findMany({ orderBy: { paymentId: 'asc' }, take: 1000 }),
    moneyBacks: await db.moneyBack.findMany(order),
    freezes: await db.walletFreeze.count(),
    mails: await db.mail.count(),
    stripeCalls: await db.stripeCall.count(),
  };
}

it('replaying every decided event of refunds and disputes, in any state, moves no credits', async () => {
  const desk = shop.sandbox.sandbox.moneyBack;
  for (const { card, happens } of LIVES) {
    const sale = await shop.sell(card === undefined ? CARD : { ...CARD, cardNumber: card });
    await happens(desk, await shop.intentOf(sale));
    for (const event of await shop.eventsOf(sale)) await inbox.deliver(event);
    await inbox.drain();
  }
  const before = await booksNow();
  expect(before.moneyBacks).toHaveLength(7);
  expect(await database.db.event.count({ where: { status: { not: 'done' } } })).toBe(0);
  const replayId = await begun(database.db, { realmId: shop.realm.id, selection: { status: 'done' } });
  await toItsEnd(inbox.deps, replayId);
  await inbox.drain();
  expect(await database.db.event.count({ where: { status: { not: 'done' } } })).toBe(0);
  expect(await booksNow()).toEqual(before);
});
