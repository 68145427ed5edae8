import { afterAll, beforeAll, expect, it } from 'vitest';

import { findPlanForSale } from '../../app/modules/catalog/index.server';
import { readBalance } from '../../app/modules/ledger/index.server';
import { type HeldRealm, settingsAmong } from '../../app/modules/stripe/index.server';
import { askForChange, hasLivePlan, seePlans, startPlan } from '../../app/modules/subscriptions/index.server';
import { useTestDatabase } from '../support/test-database';
import { days } from '../../app/platform/time';
import { until } from '../stripe-sandbox/testing/under-test';
import { type Accounts, askedOf, LIVE_CARD, openAccounts } from './testing/two-accounts';

/** A plan that an account sold which sells no more: it renews there, grants, and is ended there. */
const database = useTestDatabase();
let accounts: Accounts;
let nora: Awaited<ReturnType<Accounts['newCustomer']>>;
let alpha: HeldRealm;
let bravo: HeldRealm;
beforeAll(async () => {
  accounts = await openAccounts(database.db);
  nora = await accounts.newCustomer();
});
afterAll(() => accounts.stop());

const available = async () =>
  (await readBalance(database.db, { book: 'live', customerId: nora.id })).available;
const start = async ({ realm, settings }: HeldRealm, customer = nora) => {
  const plan = await findPlanForSale(database.db, { realmId: realm.id, code: 'crew', currency: 'usd' });
  if (!plan) throw new Error('The plan is not for sale.');
  return startPlan(database.db, settings, { realm, customer, plan, appUrl: 'http://127.0.0.1:3999' });
};
const row = () => database.db.subscription.findFirst({ where: { customerId: nora.id } });

it('a plan of a former realm renews and grants, keeps another one from being started, and is ended there', async () => {
  const { alphaLive, bravoLive } = accounts.places;
  ({ here: alpha } = await accounts.holdKeys(alphaLive));
  const started = await start(alpha);
  if (started.outcome !== 'redirect') throw new Error(started.outcome);
  const order = await database.db.subscriptionOrder.findUniqueOrThrow({ where: { id: started.orderId } });
  const paid = await alphaLive.at.checkout.pay(order.stripeSession ?? '', LIVE_CARD);
  expect(paid.outcome).toBe('paid');
  await until(async () => (await available()) === 4_000n);

  ({ here: bravo } = await accounts.holdKeys(bravoLive, alphaLive));
  const plan = await until(async () => (await row()) ?? undefined);
  const { billing } = alphaLive.at;
  expect(billing.renewNow(plan.stripeId)).toEqual({ outcome: 'done' });
  const [draft] = billing.invoices.list().rows;
  expect(billing.collectInvoice(draft?.id ?? '')).toEqual({ outcome: 'done' });
  await until(async () => (await available()) === 8_000n);
  expect(await start(bravo)).toEqual({ outcome: 'already_subscribed' });
  const settingsOf = settingsAmong([bravo, alpha]);
  const whose = { book: 'live', customerId: nora.id, cameBackFor: undefined } as const;
  expect((await seePlans(database.db, settingsOf, whose)).plans).toMatchObject([
    { id: plan.id, state: 'active', isOfFormer: true },
  ]);
  const { realm, settings } = alpha;
  const asked = { realm, customerId: nora.id, subscriptionId: plan.id, wanted: { want: 'cancel' } } as const;
  expect(await askForChange(database.db, settings, asked)).toEqual({ outcome: 'done' });
  expect((await row())?.endsAt).not.toBeNull();
  // The other realm knows no such plan, so its key is not used for it.
  const wrong = { ...asked, realm: bravo.realm, wanted: { want: 'resume' } } as const;
  expect(await askForChange(database.db, bravo.settings, wrong)).toEqual({ outcome: 'not_found' });
  const [a, b] = [askedOf(alphaLive), askedOf(bravoLive)];
  expect([...a.missing, ...b.missing]).toEqual([]);
  expect([...a.ids].filter((id) => b.ids.has(id))).toEqual([]);
});

it('a plan of a realm whose key is gone stands in no other plan’s way once its period is over', async () => {
  const whose = { book: 'live', customerId: nora.id } as const;
  expect(await hasLivePlan(database.db, whose)).toBe(true);
  const { id, periodEnd } = (await row()) ?? { id: '', periodEnd: new Date() };
  const over = (ago: number) => {
    const data = { periodEnd: new Date(Date.now() - ago), periodStart: new Date(0) };
    return database.db.subscription.update({ where: { id }, data });
  };
  await over(days(2));
  expect(await start(bravo)).toEqual({ outcome: 'already_subscribed' });
  await over(days(4));
  expect(await hasLivePlan(database.db, whose)).toBe(false);
  expect(await start(bravo)).toMatchObject({ outcome: 'redirect' });
  await database.db.subscription.update({ where: { id }, data: { periodEnd } });
});

it('of two plans in two realms the later one is found and set to end in its own', async () => {
  const { alphaLive, bravoLive } = accounts.places;
  const ivy = await accounts.newCustomer();
  const pay = async (from: HeldRealm, { at }: typeof alphaLive) => {
    const started = await start(from, ivy);
    if (started.outcome !== 'redirect') throw new Error(started.outcome);
    return async () => {
      const where = { id: started.orderId };
      const { stripeSession } = await database.db.subscriptionOrder.findUniqueOrThrow({ where });
      expect((await at.checkout.pay(stripeSession ?? '', LIVE_CARD)).outcome).toBe('paid');
    };
  };
  const [first, second] = [await pay(alpha, alphaLive), await pay(bravo, bravoLive)];
  const plans = () =>
    database.db.subscription.findMany({ where: { customerId: ivy.id }, orderBy: { startedAt: 'asc' } });
  await first();
  await until(async () => (await plans()).length === 1);
  // Stripe tells when a plan began in whole seconds.
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  await second();
  await until(async () => (await plans()).length === 2);
  const later = (await plans())[1];
  expect(later?.realmId).toBe(bravo.realm.id);
  const raised = { kind: 'second_subscription', subject: { in: (await plans()).map((row) => row.stripeId) } };
  expect(await database.db.finding.findMany({ where: raised })).toMatchObject([
    { subject: later?.stripeId, realmId: bravo.realm.id },
  ]);
  const act = await database.db.subscriptionAct.findFirstOrThrow({
    where: { subscriptionId: later?.id ?? '' },
  });
  expect(act.kind).toBe('end_second');
  expect(await database.db.stripeCall.findFirst({ where: { purpose: act.id } })).toMatchObject({
    ...{ realmId: bravo.realm.id, target: later?.stripeId },
  });
});
