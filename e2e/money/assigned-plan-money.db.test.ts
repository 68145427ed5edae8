import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { findPackForSale } from '../../app/modules/catalog/index.server';
import { readBalance } from '../../app/modules/ledger/index.server';
import { repairFinding } from '../../app/modules/reconciliation/index.server';
import { assignEvent } from '../../app/modules/webhooks/index.server';
import { days } from '../../app/platform/time';
import { useTestDatabase } from '../support/test-database';
import { openPlanShop, type PlanShop, type Subscriber } from './testing/plan-shop';
import { reconcilerAt, run } from './testing/reconciling';

/** A plan made by hand in Stripe's dashboard, whose money a person gives to its customer before the invoice is heard of. */
const database = useTestDatabase();
let shop: PlanShop;
beforeAll(async () => {
  shop = await openPlanShop(database.db);
});
afterAll(() => shop.sandbox.stop());

const deps = () => reconcilerAt(database.db, shop, () => new Date(Date.now() + days(2)));
const by = { actor: 'usr_admin', reason: 'checked', comment: 'paid in the dashboard' } as const;

/** A customer with a plan that nobody bought here; what is said of it. */
async function subscribedByHand() {
  const customer = await shop.subscriber(await shop.newClock());
  const { id: price } = await shop.priceOf('plus');
  await shop.cardOf(customer, 'pm_card_visa');
  await shop.stripe.subscriptions.create({
    customer: customer.stripeCustomer,
    items: [{ price }],
  });
  const events = await shop.eventsOf(customer);
  const money = events.find(({ type }) => type === 'payment_intent.succeeded');
  if (money === undefined) throw new Error('Stripe did not say that it was paid.');
  return { customer, events, money };
}

async function assign({ id: customerId }: Subscriber, eventId: string) {
  const { id: realmId } = shop.realm;
  const pack = await findPackForSale(database.db, { realmId, code: 'team', currency: 'usd' });
  const { run: seen } = await database.db.event.findUniqueOrThrow({
    where: { realmId_id: { realmId, id: eventId } },
  });
  return assignEvent(
    ...([database.db, shop.reader] as const),
    { realmId, eventId, run: seen, customerId, versionId: pack?.versionId ?? '', quantity: 1 },
    { ...by, role: 'admin' },
  );
}

const bought = async ({ id: customerId }: Subscriber) => ({
  lots: await database.db.lot.count({ where: { payment: { customerId }, parentLotId: null } }),
  payments: await database.db.payment.count({ where: { customerId } }),
  available: (await readBalance(database.db, { book: 'test', customerId })).available,
});

describe('the money of a plan that a person assigned', () => {
  it('is granted once when its invoice comes after all, and nothing differs from Stripe', async () => {
    const { customer, events, money } = await subscribedByHand();
    await shop.bring([money]);
    expect(await assign(customer, money.id)).toMatchObject({ outcome: 'granted' });
    const once = { lots: 1, payments: 1, available: 2_500n };
    expect(await bought(customer)).toEqual(once);
    await shop.bring(events);
    await shop.bring([...events].reverse());
    expect(await bought(customer)).toEqual(once);
    expect((await run(deps())).standing).toEqual([]);
    const [plan] = (await shop.endOf(customer)).plans;
    expect(plan).toMatchObject({ status: 'active', paid: 'plus' });
  });

  it('is granted once when the reconciler found the invoice first', async () => {
    const { customer, money } = await subscribedByHand();
    await shop.bring([money]);
    const { standing } = await run(deps());
    expect(standing.filter((line) => line.startsWith('renewal_not_granted'))).toHaveLength(1);
    expect(await assign(customer, money.id)).toMatchObject({ outcome: 'granted' });
    const open = await database.db.finding.findMany({ where: { state: 'open' } });
    for (const { id: findingId } of open)
      expect(await repairFinding(deps(), { findingId, ...by })).toMatchObject({ outcome: 'repaired' });
    expect(await bought(customer)).toEqual({ lots: 1, payments: 1, available: 2_500n });
    expect((await run(deps())).standing).toEqual([]);
  });

  it('is granted once when the invoice comes at the same moment', async () => {
    const sides: string[] = [];
    for (let n = 0; n < 8; n += 1) {
      const { customer, events, money } = await subscribedByHand();
      await shop.bring([money]);
      const invoice = events.filter(({ type }) => type === 'invoice.paid');
      const [assigned] = await Promise.all([assign(customer, money.id), shop.bring(invoice)]);
      sides.push(assigned.outcome);
      await shop.bring(events);
      const { lots, payments } = await bought(customer);
      expect({ lots, payments }).toEqual({ lots: 1, payments: 1 });
    }
    expect(sides.every((outcome) => ['granted', 'money_known', 'moved'].includes(outcome))).toBe(true);
  });
});
