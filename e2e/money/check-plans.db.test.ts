import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { checkAbout } from '../../app/modules/webhooks/index.server';
import { dispatchFact } from '../../app/worker/dispatch.server';
import { useTestDatabase } from '../support/test-database';
import { openPlanShop, type PlanShop } from './testing/plan-shop';

const database = useTestDatabase();
let shop: PlanShop;
beforeAll(async () => {
  shop = await openPlanShop(database.db);
});
afterAll(() => shop.sandbox.stop());

async function check(about: string) {
  const { realm, settings } = shop;
  const checked = await checkAbout(
    { db: database.db, dispatch: dispatchFact },
    { realms: [{ realm, settings }], about, actor: 'usr_support', reason: 'renewed, no credits' },
  );
  if (checked.outcome !== 'checked') throw new Error(checked.outcome);
  return checked.objects;
}

/** Somebody whose second month is paid at Stripe, of which nothing was told. */
async function renewedInSilence() {
  const customer = await shop.subscriber(await shop.newClock());
  const id = await shop.subscribe(customer);
  await shop.hear(customer);
  await shop.renew(id);
  expect((await shop.endOf(customer)).payments).toHaveLength(1);
  return { customer, id };
}

describe('a look at a plan that was renewed in silence', () => {
  it('by its customer grants the renewal, and leaves nothing waiting for what it brought itself', async () => {
    const { customer } = await renewedInSilence();
    const objects = await check(customer.email);
    expect(objects.filter(({ became }) => became !== 'done')).toEqual([]);
    expect(await shop.endOf(customer)).toMatchObject({ available: 2_000n });
  });

  it('by the subscription alone grants its latest invoice', async () => {
    const { customer, id } = await renewedInSilence();
    await check(id);
    expect(await shop.endOf(customer)).toMatchObject({ available: 2_000n });
    await check(id);
    await shop.hear(customer);
    expect((await shop.endOf(customer)).payments).toHaveLength(2);
  });
});
