import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { repairFinding } from '../../app/modules/reconciliation/index.server';
import { days } from '../../app/platform/time';
import { useTestDatabase } from '../support/test-database';
import { openPlanShop, type PlanShop } from './testing/plan-shop';
import { reconcilerAt, run } from './testing/reconciling';

const database = useTestDatabase();
let shop: PlanShop;
beforeAll(async () => {
  shop = await openPlanShop(database.db);
});
afterAll(() => shop.sandbox.stop());

/** Renewals are made on a test clock, ahead of ours. */
const inTwoMonths = () => new Date(Date.now() + days(62));
const deps = () => reconcilerAt(database.db, shop, inTwoMonths);
const by = { actor: 'usr_finance', reason: 'checked', comment: 'compared both sides' };

describe('plans', () => {
  it('that were heard of differ in nothing; a renewal that nobody told of is found, granted and gone', async () => {
    const clock = await shop.newClock();
    const customer = await shop.subscriber(clock);
    const id = await shop.subscribe(customer);
    await shop.hear(customer);
    expect((await run(deps())).standing).toEqual([]);
    await shop.renew(id);
    const { standing } = await run(deps());
    const renewal = standing.find((line) => line.startsWith('renewal_not_granted'));
    expect(renewal).toBeDefined();
    expect(standing).toContain(`subscription_state_differs ${id}`);
    const open = await database.db.finding.findMany({
      where: { state: 'open' },
      orderBy: { createdAt: 'asc' },
    });
    for (const { id: findingId } of open)
      expect(await repairFinding(deps(), { findingId, ...by })).toMatchObject({ outcome: 'repaired' });
    expect(await database.db.payment.count({ where: { customerId: customer.id, state: 'paid' } })).toBe(2);
    expect((await run(deps())).standing).toEqual([]);
    await shop.hear(customer);
    expect(await database.db.payment.count({ where: { customerId: customer.id, state: 'paid' } })).toBe(2);
  });

  it('of which nothing was ever heard are found whole and repaired whole', async () => {
    const customer = await shop.subscriber(await shop.newClock());
    await shop.subscribe(customer);
    await run(deps());
    const open = await database.db.finding.findMany({
      where: { state: 'open' },
      orderBy: { createdAt: 'asc' },
    });
    expect(open.map(({ kind }) => kind).sort()).toEqual([
      'renewal_not_granted',
      'subscription_state_differs',
    ]);
    for (const { id: findingId } of open)
      expect(await repairFinding(deps(), { findingId, ...by })).toMatchObject({ outcome: 'repaired' });
    expect((await run(deps())).standing).toEqual([]);
    expect(await database.db.payment.count({ where: { customerId: customer.id, state: 'paid' } })).toBe(1);
  });
});
