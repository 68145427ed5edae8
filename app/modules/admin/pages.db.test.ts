import { describe, expect, it } from 'vitest';

import { hours } from '~/platform/time';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { readCustomerTimeline } from './customer-timeline.server';
import { readCustomer } from './read-customer.server';
import { readCall } from './read-call.server';
import { readDelivery } from './read-delivery.server';
import { readEvent } from './read-event.server';
import { readLot } from './read-lots.server';
import { readPayment } from './read-payment.server';
import { readTransfer } from './read-transfer.server';
import {
  grantFor,
  makeCustomer,
  makeDelivery,
  makeEvent,
  makePayment,
  makeRealm,
  paid,
} from './testing/console-data';

/** In the past, so that the ledger, which keeps its own time, writes last. */
const second = (n: number) => new Date(Date.UTC(2026, 0, 5, 12, 0, n));

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
      `state:${id}.1`,
      'call:scl_1',
      `state:${id}.2`,
      'event:evt_paid',
      expect.stringMatching(/^delivery:/),
      'attempt:evt_paid.1.1',
      `state:${id}.3`,
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

describe('the pages of a lot, a transfer, a delivery and a call', () => {
  const test = useTestDatabase();

  it('lead from entry to lot to payment to transfer and back', async () => {
    const { db } = test;
    const realmId = await makeRealm(db);
    const customerId = await makeCustomer(db);
    const paymentId = await makePayment(db, { realmId, customerId, ...paid(second(3)) });
    const { lotId, transferId, walletId } = await grantFor(db, customerId, paymentId);
    const lot = await readLot(db, lotId);
    expect(lot).toMatchObject({
      paymentId,
      walletId,
      granted: 500n,
      available: 500n,
      turn: 1,
      expiresAt: null,
      customer: { id: customerId },
      lines: [{ transferId, lot: { id: lotId }, paymentId, amount: 500n, availableAfter: 500n }],
    });
    const transfer = await readTransfer(db, transferId);
    expect(transfer).toMatchObject({
      kind: 'grant',
      key: `grant:${paymentId}`,
      paymentId,
      actor: 'event:evt_paid',
      customer: { id: customerId },
      lines: [{ lot: { id: lotId } }],
    });
    expect((await readPayment(db, paymentId))?.lotIds).toEqual([lotId]);
    expect(await readLot(db, 'lot_none')).toBeUndefined();
    expect(await readTransfer(db, 'txf_none')).toBeUndefined();
  });

  it('number lots by the order in which they are spent', async () => {
    const { db } = test;
    const customerId = await makeCustomer(db);
    const at = (days: number) => new Date(Date.now() + hours(24 * days)).toISOString();
    for (const [key, expires] of [
      ['late', at(9)],
      ['soon', at(1)],
    ]) {
      await db.$queryRaw`
        SELECT outcome FROM ledger_grant('test', ${customerId}, ${key}, '\\x00', 10, 'promo', 0::smallint, true, ${expires}::timestamptz, NULL, NULL, NULL, 'test', NULL, now())`;
    }
    const view = await readCustomer(db, customerId, { book: 'test', before: undefined });
    expect(view?.lots.map(({ turn }) => turn)).toEqual([1, 2]);
    const turns = await Promise.all((view?.lots ?? []).map(async ({ id }) => (await readLot(db, id))?.turn));
    expect(turns).toEqual([1, 2]);
    const timeline = await readCustomerTimeline(db, { customerId, book: 'test' });
    expect(timeline.map((entry) => entry.kind)).toEqual(['transfer', 'transfer']);
  });

  it('show a delivery with its event, and a refused one without', async () => {
    const { db } = test;
    const realmId = await makeRealm(db);
    await makeEvent(db, { realmId, id: 'evt_d', status: 'done', decision: 'noop' });
    const taken = await makeDelivery(db, { verdict: 'first', realmId, eventId: 'evt_d', requestId: 'req_1' });
    const refused = await makeDelivery(db, { verdict: 'bad_signature', status: 400 });
    expect(await readDelivery(db, taken.toString())).toMatchObject({
      realm: { id: realmId },
      event: { id: 'evt_d', status: 'done' },
      requestId: 'req_1',
    });
    expect(await readDelivery(db, refused.toString())).toMatchObject({ realm: null, event: null });
    expect(await readDelivery(db, '999999')).toBeUndefined();
    expect(await readDelivery(db, 'x')).toBeUndefined();
  });

  it('show what a call sent and for whom', async () => {
    const { db } = test;
    const realmId = await makeRealm(db);
    const customerId = await makeCustomer(db);
    const paymentId = await makePayment(db, { realmId, customerId });
    const call = { realmId, kind: 'checkout_session.create', key: `${paymentId}.1`, body: { a: 1 } };
    await db.stripeCall.create({ data: { ...call, id: 'scl_p', purpose: paymentId } });
    await db.stripeCall.create({
      data: { ...call, id: 'scl_c', key: `${customerId}.1`, purpose: customerId, state: 'absent' },
    });
    expect(await readCall(db, 'scl_p')).toMatchObject({
      paymentId,
      customerId,
      body: '{"a":1}',
      dueAt: expect.any(Date),
    });
    expect(await readCall(db, 'scl_c')).toMatchObject({ paymentId: null, customerId, dueAt: null });
    expect(await readCall(db, 'scl_none')).toBeUndefined();
  });
});

describe('a timeline', () => {
  const test = useTestDatabase();

  it('tells a decline in the words that the cardholder read, how an event came, and the mails', async () => {
    const { db } = test;
    const realmId = await makeRealm(db);
    const customerId = await makeCustomer(db);
    const id = await makePayment(db, { realmId, customerId, stripeIntent: 'pi_t' });
    await makeEvent(db, {
      realmId,
      id: 'evt_declined',
      type: 'payment_intent.payment_failed',
      objectId: 'pi_t',
      source: 'catch_up',
      payload: JSON.stringify({
        data: { object: { last_payment_error: { message: 'Your card was declined.' } } },
      }),
    });
    await db.mail.create({
      data: {
        id: 'mail_1',
        cause: `payment:${id}`,
        kind: 'payments.failed',
        recipient: 'a@b.test',
        subject: 'Not paid',
        text: '',
        html: '',
      },
    });
    const view = await readPayment(db, id);
    expect(view?.timeline).toMatchObject([
      { kind: 'event', source: 'catch_up', fault: 'Your card was declined.' },
      { kind: 'mail', mail: 'payments.failed', state: 'queued' },
    ]);
    expect((await readEvent(db, 'evt_declined'))?.fault).toBe('Your card was declined.');
  });
});

describe("a customer's page", () => {
  const test = useTestDatabase();

  it('keeps books apart, shows lots, and reads the ledger to its end without a gap', async () => {
    const { db } = test;
    const customerId = await makeCustomer(db);
    for (let n = 1; n <= 60; n += 1) {
      await db.$queryRaw`
        SELECT outcome FROM ledger_grant('test', ${customerId}, ${`k${n}`}, '\\x00', 10, 'promo', 0::smallint, true, NULL, NULL, NULL, NULL, 'test', NULL, now())`;
    }
    await db.$queryRaw`
      SELECT outcome FROM ledger_grant('live', ${customerId}, 'live', '\\x00', 7, 'manual', 0::smallint, false, NULL, NULL, NULL, NULL, 'test', NULL, now())`;

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

describe('an id that no row can have', () => {
  const test = useTestDatabase();

  it.each([
    ['payment', (id: string) => readPayment(test.db, id)],
    ['customer', (id: string) => readCustomer(test.db, id, { book: 'test', before: undefined })],
    ['event', (id: string) => readEvent(test.db, id)],
    ['delivery', (id: string) => readDelivery(test.db, id)],
    ['call', (id: string) => readCall(test.db, id)],
    ['lot', (id: string) => readLot(test.db, id)],
    ['transfer', (id: string) => readTransfer(test.db, id)],
  ])('is the id of no %s', async (_what, read) => {
    expect(await read('\0')).toBeUndefined();
    expect(await read('pay_\0')).toBeUndefined();
  });
});
