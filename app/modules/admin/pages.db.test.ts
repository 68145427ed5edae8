import { describe, expect, it } from 'vitest';

import { grant } from '~/modules/ledger/index.server';
import { type Db, inTransaction } from '~/platform/db.server';
import { hours } from '~/platform/time';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { listDeliveries, deliveryFilters } from './list-deliveries.server';
import { listEvents, eventFilters } from './list-events.server';
import { listPayments, paymentFilters } from './list-payments.server';
import { readCustomer } from './read-customer.server';
import { readEvent } from './read-event.server';
import { readOverview } from './read-overview.server';
import { readPayment } from './read-payment.server';
import { makeCustomer, makeDelivery, makeEvent, makePayment, makeRealm, paid } from './testing/console-data';

const FIRST = { direction: 'first' } as const;
/** In the past, so that the ledger, which keeps its own time, writes last. */
const second = (n: number) => new Date(Date.UTC(2026, 0, 5, 12, 0, n));

async function grantFor(db: Db, customerId: string, paymentId: string) {
  const granted = await inTransaction(db, 'grant', (tx) =>
    grant(tx, {
      book: 'test',
      customerId,
      key: `grant:${paymentId}`,
      amount: 500n,
      lotKind: 'pack',
      expiresAt: null,
      paymentId,
      paidMinor: 500n,
      currency: 'usd',
      actor: 'event:evt_paid',
      occurredAt: second(3),
    }),
  );
  if (granted.outcome !== 'granted') throw new Error(granted.outcome);
  return granted;
}

describe("a payment's page", () => {
  const test = useTestDatabase();

  it('tells its whole story in the order in which it happened, and nothing of other payments', async () => {
    const { db } = test;
    const realmId = await makeRealm(db);
    const otherRealm = await makeRealm(db, 'live');
    const customerId = await makeCustomer(db);
    const id = await makePayment(db, {
      realmId,
      customerId,
      ...paid(second(3)),
      stripeSession: 'cs_1',
      stripeIntent: 'pi_1',
      createdAt: second(0),
    });
    await makePayment(db, { realmId, customerId, stripeIntent: 'pi_2' });
    await db.paymentChange.createMany({
      data: [
        {
          paymentId: id,
          n: 1,
          from: null,
          to: 'created',
          reason: 'chose a pack',
          cause: 'user:usr_1',
          at: second(0),
        },
        {
          paymentId: id,
          n: 2,
          from: 'created',
          to: 'open',
          reason: 'session opened',
          cause: 'user:usr_1',
          at: second(2),
        },
        {
          paymentId: id,
          n: 3,
          from: 'open',
          to: 'paid',
          reason: 'settled',
          cause: 'event:evt_paid',
          at: second(4),
        },
      ],
    });
    await db.stripeCall.create({
      data: {
        id: 'scl_1',
        realmId,
        kind: 'checkout_session.create',
        purpose: id,
        key: `${id}.1`,
        body: {},
        state: 'succeeded',
        objectId: 'cs_1',
        sends: 1,
        firstSentAt: second(1),
        createdAt: second(0),
      },
    });
    await makeEvent(db, {
      realmId,
      id: 'evt_paid',
      objectId: 'pi_1',
      receivedAt: second(3),
      status: 'done',
      decision: 'applied',
    });
    await makeEvent(db, { realmId, id: 'evt_else', objectId: 'pi_2', receivedAt: second(3) });
    await makeEvent(db, { realmId: otherRealm, id: 'evt_far', objectId: 'pi_1', receivedAt: second(3) });
    await makeDelivery(db, { verdict: 'first', realmId, eventId: 'evt_paid', at: second(3) });
    await makeDelivery(db, { verdict: 'repeat', realmId, eventId: 'evt_paid', at: second(9) });
    await db.attempt.create({
      data: {
        realmId,
        eventId: 'evt_paid',
        run: 1,
        n: 1,
        startedAt: second(4),
        endedAt: new Date(second(4).getTime() + 12),
        outcome: 'done',
        effects: [id],
      },
    });
    const granted = await grantFor(db, customerId, id);

    const view = await readPayment(db, id);
    expect(view?.timeline.map((entry) => entry.key)).toEqual([
      'state:1',
      'call:scl_1',
      'state:2',
      'event:evt_paid',
      expect.stringMatching(/^delivery:/),
      'attempt:evt_paid.1.1',
      'state:3',
      expect.stringMatching(/^delivery:/),
      `transfer:${granted.transferId}`,
    ]);
    expect(view?.timeline.at(-1)).toMatchObject({
      kind: 'transfer',
      transfer: 'grant',
      lines: [{ from: 'issued.pack', to: 'available', moved: 500n, availableAfter: 500n }],
    });
    expect(view).toMatchObject({ walletId: granted.walletId, lotIds: [granted.lotId], isTimelineCut: false });
  });

  it('shows an event that only a state change names', async () => {
    const { db } = test;
    const realmId = await makeRealm(db);
    const customerId = await makeCustomer(db);
    const id = await makePayment(db, { realmId, customerId });
    await makeEvent(db, { realmId, id: 'evt_named', objectId: 'sub_1' });
    await db.paymentChange.create({
      data: { paymentId: id, n: 1, to: 'created', reason: 'renewed', cause: 'event:evt_named' },
    });
    const view = await readPayment(db, id);
    expect(view?.timeline.map((entry) => entry.kind).sort()).toEqual(['event', 'state']);
  });

  it('does not exist for an unknown id', async () => {
    expect(await readPayment(test.db, 'pay_none')).toBeUndefined();
  });
});

describe("an event's page", () => {
  const test = useTestDatabase();

  it('links payment, transfer and deliveries, attempts newest first', async () => {
    const { db } = test;
    const realmId = await makeRealm(db);
    const customerId = await makeCustomer(db);
    const paymentId = await makePayment(db, {
      realmId,
      customerId,
      ...paid(second(0)),
      stripeIntent: 'pi_1',
    });
    const { transferId } = await grantFor(db, customerId, paymentId);
    await makeEvent(db, { realmId, id: 'evt_1', objectId: 'pi_1', status: 'done', decision: 'applied' });
    await makeDelivery(db, { verdict: 'first', realmId, eventId: 'evt_1' });
    const times = { startedAt: second(1), endedAt: second(2) };
    const tried = { realmId, eventId: 'evt_1', run: 1, ...times };
    await db.attempt.create({
      data: { ...tried, n: 1, outcome: 'waiting', code: 'connection', effects: [] },
    });
    await db.attempt.create({
      data: { ...tried, n: 2, outcome: 'done', effects: [paymentId, transferId, 'what'] },
    });

    const view = await readEvent(db, 'evt_1');
    expect(view?.payments).toEqual([{ id: paymentId, state: 'paid' }]);
    expect(view?.deliveries.map((delivery) => delivery.verdict)).toEqual(['first']);
    expect(view?.attempts.map((attempt) => attempt.n)).toEqual([2, 1]);
    expect(view?.attempts[0]?.effects).toEqual([
      { kind: 'payment', id: paymentId },
      { kind: 'transfer', id: transferId, transfer: 'grant', amount: 500n, customerId },
      { kind: 'other', id: 'what' },
    ]);
    expect(view?.attempts[0]?.ms).toBe(1000);
    expect(await readEvent(db, 'evt_none')).toBeUndefined();
  });
});

describe("a customer's page", () => {
  const test = useTestDatabase();

  it('keeps books apart, shows lots, and reads the ledger to its end without a gap', async () => {
    const { db } = test;
    const customerId = await makeCustomer(db);
    for (let n = 1; n <= 60; n += 1) {
      await db.$queryRaw`
        SELECT outcome FROM ledger_grant('test', ${customerId}, ${`k${n}`}, '\\x00', 10, 'promo', 0::smallint, true, NULL, NULL, NULL, NULL, 'test', now())`;
    }
    await db.$queryRaw`
      SELECT outcome FROM ledger_grant('live', ${customerId}, 'live', '\\x00', 7, 'manual', 0::smallint, false, NULL, NULL, NULL, NULL, 'test', now())`;

    const seen: bigint[] = [];
    let before: bigint | undefined;
    do {
      const view = await readCustomer(db, customerId, { book: 'test', before });
      if (view === undefined) throw new Error('the customer is there');
      expect(view.balances).toMatchObject([
        { book: 'test', available: 600n, held: 0n, debt: 0n },
        { book: 'live', available: 7n },
      ]);
      expect(view.statement.isFirst).toBe(before === undefined);
      seen.push(...view.statement.lines.map((line) => line.seq));
      before = view.statement.next;
    } while (before !== undefined);
    expect(seen).toEqual(Array.from({ length: 60 }, (_, index) => BigInt(60 - index)));

    const live = await readCustomer(db, customerId, { book: 'live', before: undefined });
    expect(live?.statement.lines).toMatchObject([{ amount: 7n, availableAfter: 7n }]);
    expect(live?.lots).toHaveLength(61);
    expect(live?.lots[0]?.expiresAt).toBeNull();
  });
});

describe('the overview', () => {
  const test = useTestDatabase();

  it('says on an empty database that nothing happened yet', async () => {
    const view = await readOverview(test.db, await makeRealm(test.db), second(0));
    expect(view).toMatchObject({ isNew: true, settled: { payments: 0, credits: 0n, amounts: [] } });
    expect(view.oldestUnprocessed).toBeUndefined();
  });

  it('counts what the lists behind its numbers show, of its realm and of today only', async () => {
    const { db } = test;
    const now = new Date();
    const yesterday = new Date(now.getTime() - hours(24));
    const realmId = await makeRealm(db);
    const otherRealm = await makeRealm(db, 'live');
    const customerId = await makeCustomer(db);
    const settled = await makePayment(db, { realmId, customerId, ...paid(now) });
    await grantFor(db, customerId, settled);
    await makePayment(db, { realmId, customerId, ...paid(now), currency: 'jpy' });
    await makePayment(db, { realmId, customerId, ...paid(yesterday) });
    await makePayment(db, { realmId: otherRealm, customerId, ...paid(now) });
    await makePayment(db, { realmId, customerId, state: 'review', reviewReason: 'amount' });
    await makeEvent(db, { realmId, status: 'done', decision: 'applied' });
    await makeEvent(db, { realmId, status: 'done', decision: 'applied', receivedAt: yesterday });
    await makeEvent(db, { realmId, id: 'evt_oldest', status: 'waiting', receivedAt: yesterday });
    await makeEvent(db, { realmId, status: 'queued' });
    await makeEvent(db, { realmId, status: 'dead', receivedAt: yesterday });
    await makeDelivery(db, { verdict: 'first', realmId });
    await makeDelivery(db, { verdict: 'stale', status: 400 });
    await makeDelivery(db, { verdict: 'stale', status: 400, at: yesterday });
    await makeDelivery(db, { verdict: 'wrong_realm', status: 400, realmId: otherRealm });

    const view = await readOverview(db, realmId, now);
    expect(view).toMatchObject({
      isNew: false,
      settled: {
        payments: 2,
        credits: 500n,
        amounts: [
          { currency: 'jpy', amount: 500n },
          { currency: 'usd', amount: 500n },
        ],
      },
      inReview: 1,
      events: { done: 1, waiting: 1, queued: 1, dead: 1, quarantined: 0, dismissed: 0 },
      oldestUnprocessed: { id: 'evt_oldest', status: 'waiting' },
      deliveries: { today: 2, refused: 1 },
    });
    const search = (text: string) => new URLSearchParams(text);
    const behind = await Promise.all([
      listPayments(db, paymentFilters(search(`settled=${view.today}`), realmId), FIRST),
      listEvents(db, eventFilters(search(`status=done&since=${view.today}`), realmId), FIRST),
      listDeliveries(
        db,
        deliveryFilters(search(`verdict=stale&verdict=wrong_realm&since=${view.today}`), realmId),
        FIRST,
      ),
    ]);
    expect(behind.map((list) => list.count)).toEqual([2, 1, 1]);
  });
});
