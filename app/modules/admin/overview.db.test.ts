import { describe, expect, it } from 'vitest';

import { days, hours } from '~/platform/time';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { deliveryFilters, listDeliveries } from './list-deliveries.server';
import { eventFilters, listEvents } from './list-events.server';
import { listPayments, paymentFilters } from './list-payments.server';
import { readOverview } from './read-overview.server';
import { REFUSED_QUERY } from './shared';
import {
  grantFor,
  makeCustomer,
  makeDelivery,
  makeEvent,
  makePayment,
  makeRealm,
  paid,
  realmRef,
} from './testing/console-data';

const FIRST = { direction: 'first' } as const;

describe('the overview', () => {
  const test = useTestDatabase();

  it('says of a realm that only heard of its catalogue that nobody paid yet', async () => {
    const realmId = await makeRealm(test.db);
    await makeDelivery(test.db, { verdict: 'first', realmId });
    const view = await readOverview(test.db, realmRef(realmId), new Date());
    expect(view).toMatchObject({
      isNew: true,
      settled: { payments: 0, granted: 0, credits: 0n },
      revenue: [],
    });
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
    await makePayment(db, { realmId, customerId, state: 'failed' });
    await makePayment(db, {
      realmId,
      customerId,
      state: 'failed',
      createdAt: new Date(now.getTime() - days(40)),
    });
    const call = { realmId, kind: 'customer.create', purpose: customerId, body: {} };
    await db.stripeCall.create({ data: { ...call, id: 'scl_open', key: `${customerId}.1`, sends: 1 } });
    await db.stripeCall.create({
      data: { ...call, id: 'scl_done', key: `${customerId}.2`, attempt: 2, state: 'refused' },
    });
    await db.catchUp.create({ data: { realmId, listedUntil: now, ranAt: now, found: 3 } });
    await makeEvent(db, {
      realmId,
      id: 'evt_paid',
      status: 'done',
      decision: 'applied',
      tries: 1,
      receivedAt: now,
      decidedAt: new Date(now.getTime() + 40),
    });
    await makeEvent(db, { realmId, status: 'done', decision: 'applied', source: 'catch_up' });
    await makeEvent(db, { realmId, status: 'done', decision: 'applied', receivedAt: yesterday });
    await makeEvent(db, { realmId, id: 'evt_oldest', status: 'waiting', receivedAt: yesterday });
    await makeEvent(db, { realmId, status: 'queued' });
    await makeEvent(db, { realmId, status: 'dead', receivedAt: yesterday });
    await makeDelivery(db, { verdict: 'first', realmId });
    await makeDelivery(db, { verdict: 'stale', status: 400 });
    await makeDelivery(db, { verdict: 'stale', status: 400, at: yesterday });
    await makeDelivery(db, { verdict: 'wrong_realm', status: 400, realmId: otherRealm });

    const dispute = {
      realmId,
      paymentId: settled,
      kind: 'dispute',
      status: 'needs_response',
      amount: 5n,
      taken: 5n,
      currency: 'usd',
    } as const;
    const [dueBy, later] = [new Date(now.getTime() + days(3)), new Date(now.getTime() + days(4))];
    await db.moneyBack.create({ data: { ...dispute, id: 'mbk_due', level: 'pending', dueBy } });
    const nothing = { level: 'none', taken: 0n, dueBy } as const;
    const inquiry = { ...nothing, id: 'mbk_asked', status: 'warning_needs_response' };
    await db.moneyBack.create({ data: { ...dispute, ...inquiry, dueBy: later } });
    await db.moneyBack.create({ data: { ...dispute, ...nothing, id: 'mbk_won', status: 'won' } });
    const gone = { level: 'gone', dueBy } as const;
    await db.moneyBack.create({ data: { ...dispute, ...gone, id: 'mbk_told', status: 'under_review' } });
    await db.moneyBack.create({ data: { ...dispute, ...gone, id: 'mbk_lost', status: 'lost' } });
    await db.moneyBack.create({ data: { ...dispute, id: 'mbk_late', level: 'pending', dueBy: yesterday } });
    const finding = { realmId, kind: 'amount_differs', detail: 'Stripe says more.', cause: 'event:evt_paid' };
    await db.finding.create({ data: { ...finding, id: 'fnd_open', subject: settled } });
    await db.finding.create({
      data: { ...finding, id: 'fnd_done', subject: 'pay_x', state: 'repaired', resolvedAt: now },
    });
    const asked = {
      ...{
        subject: 'pay_1',
        unit: 'usd',
        amount: 5n,
        body: {},
        preview: {},
        reason: 'goodwill',
      },
      ...{ comment: 'c', requester: 'usr_1' },
    };
    const by = { act: 'refund', role: 'support' } as const;
    await db.approval.create({ data: { ...asked, ...by, id: 'apr_open', book: 'test' } });
    await db.approval.create({ data: { ...asked, ...by, id: 'apr_live', book: 'live', subject: 'pay_2' } });

    const view = await readOverview(db, realmRef(realmId), now);
    const exactly = (n: number) => ({ n, isExact: true });
    expect(view).toMatchObject({
      isNew: false,
      settled: { payments: 2, granted: 1, credits: 500n },
      revenue: [
        { currency: 'usd', today: 500n, month: 1000n },
        { currency: 'jpy', today: 500n, month: 500n },
      ],
      outstanding: { book: 'test', available: 500n, held: 0n, claimed: 0n, debt: 0n },
      approvals: exactly(1),
      disputes: { due: exactly(2), nextDueBy: dueBy },
      findings: { open: exactly(1), latest: [{ id: 'fnd_open', subject: settled }] },
      inReview: exactly(1),
      failed: exactly(1),
      unknownCalls: exactly(1),
      events: {
        done: exactly(2),
        waiting: exactly(1),
        queued: exactly(1),
        dead: exactly(1),
        quarantined: exactly(0),
        dismissed: exactly(0),
      },
      oldestUnprocessed: { id: 'evt_oldest', status: 'waiting' },
      deliveries: { today: exactly(2), refused: exactly(1) },
      caughtUp: { today: exactly(1), reader: { found: 3 } },
      latency: { decided: { n: 1, p50: 40, p95: 40, p99: 40 }, credited: { n: 1 } },
    });
    expect(view.days).toHaveLength(30);
    expect(view.days.at(-1)).toEqual({
      ...{ day: view.today, settled: 2, failed: 1, dead: 0 },
      ...{ soldCredits: 1000n, grantedCredits: 500n },
    });
    expect(view.days.at(-2)).toMatchObject({ settled: 1, dead: 1 });
    const search = (text: string) => new URLSearchParams(text);
    const known = [realmRef(realmId)];
    const behind = await Promise.all([
      listPayments(db, paymentFilters(search(`settled=${view.today}`), known, realmId), FIRST),
      listEvents(db, eventFilters(search(`status=done&since=${view.today}`), known, realmId), FIRST),
      listDeliveries(
        db,
        deliveryFilters(search(`${REFUSED_QUERY}&since=${view.today}`), known, realmId, now),
        FIRST,
      ),
    ]);
    expect(behind.map((list) => list.rows.length)).toEqual([2, 2, 1]);
  });
});
