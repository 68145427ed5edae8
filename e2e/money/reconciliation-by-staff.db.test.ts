import { describe, expect, it } from 'vitest';

import { setAutoRepair } from '../../app/modules/reconciliation/index.server';
import { inTransaction } from '../../app/platform/db.server';
import { newId } from '../../app/platform/ids.server';
import { later, run } from './testing/reconciling';
import { by, reconcilingAt } from './testing/reconciling-shop';
import { useTestStore } from './testing/store';

/** What staff decide of findings: dismissals, and the switch of the automatic repair. */
const store = useTestStore();
const { deps, available, hear, disputedSale, failingAt, findingOf, dismiss } = reconcilingAt(store);

/** The log-in of a customer, who has none yet. */
async function ownerOf(customerId: string): Promise<string> {
  const id = newId('usr');
  const login = { id, email: `${id}@example.test`, name: 'Owner', passwordHash: 'none' };
  await store.db.user.create({ data: login });
  await store.db.customer.update({ where: { id: customerId }, data: { userId: id } });
  return id;
}

describe('a dismissal', () => {
  it('of money is finance’s, counts against its limit, and nobody dismisses what is of their own wallet', async () => {
    const missed = await store.shop.sell();
    await run(deps());
    const { id: findingId, customerId } = await findingOf(missed);
    const acts = () => store.db.staffAct.findMany({ where: { subject: findingId } });
    const owner = await ownerOf(customerId ?? '');
    expect(await dismiss(findingId, { role: 'support' })).toEqual({ outcome: 'needs_finance' });
    expect(await dismiss(findingId, { actor: owner })).toEqual({ outcome: 'own_wallet' });
    const limit = { book: 'test', role: 'finance', act: 'dismiss', unit: 'usd' } as const;
    const setLimit = (perAct: bigint) =>
      store.db.staffLimit.update({ where: { book_role_act_unit: limit }, data: { perAct } });
    await setLimit(1999n);
    expect(await dismiss(findingId)).toMatchObject({ outcome: 'above_limit', limit: 1999n, unit: 'usd' });
    await setLimit(10_000n);
    expect(await findingOf(missed)).toMatchObject({ state: 'open' });
    expect(await acts()).toEqual([]);
    expect(await dismiss(findingId)).toEqual({ outcome: 'dismissed' });
    expect(await dismiss(findingId)).toEqual({ outcome: 'moved' });
    expect(await acts()).toMatchObject([{ act: 'dismiss', unit: 'usd', amount: 2000n, customerId }]);
    await hear(missed);
    await run(deps());
  });
});

describe('the switch', () => {
  const setTo = (isOn: boolean) =>
    inTransaction(store.db, 'switch', (tx) =>
      setAutoRepair(tx, { realmId: store.shop.realm.id, isOn, ...by, reason: 'trusted' }),
    );

  it('repairs what is proven and nothing else, in nobody’s name', async () => {
    const missed = await store.shop.sell();
    const { paymentId: unpaid } = await store.shop.checkout(await store.shop.newCustomer());
    await store.db.payment.update({
      where: { id: unpaid },
      data: {
        ...{ state: 'paid', paidAt: new Date(), amountPaid: 2000n },
        moneyObject: await store.shop.sessionOf(unpaid),
      },
    });
    expect((await run(deps())).outcome).toMatchObject({ repaired: 0 });
    expect(await available(missed)).toBe(0n);
    expect(await setTo(true)).toEqual({ outcome: 'set' });
    const { outcome, standing } = await run(deps());
    expect(outcome).toMatchObject({ repaired: 1 });
    expect(await available(missed)).toBe(2500n);
    expect(await available(unpaid)).toBe(0n);
    expect(standing.filter((line) => line.endsWith(unpaid))).toEqual([`granted_not_paid ${unpaid}`]);
    expect(await findingOf(missed)).toMatchObject({ state: 'repaired', actor: 'system' });
    expect(await setTo(false)).toEqual({ outcome: 'set' });
    expect(await setTo(false)).toEqual({ outcome: 'unchanged' });
  });

  it('leaves what a person dismissed, whichever object of the sale tells and by whatever name', async () => {
    const missed = await store.shop.sell();
    await run(deps());
    const { id: findingId } = await findingOf(missed);
    expect(await dismiss(findingId)).toEqual({ outcome: 'dismissed' });
    await setTo(true);
    await run(deps());
    // Now it is known that no event tells of it: the same thing by another name.
    const { id: realmId } = store.shop.realm;
    await store.db.catchUp.create({ data: { realmId, listedUntil: later(), ranAt: later(), found: 0 } });
    const { outcome, standing } = await run(deps());
    await setTo(false);
    expect(outcome).toMatchObject({ repaired: 0 });
    expect(standing.filter((line) => line.endsWith(missed))).toEqual([]);
    expect(await store.db.finding.count({ where: { subject: missed } })).toBe(1);
    expect(await findingOf(missed)).toMatchObject({ id: findingId, state: 'dismissed' });
    expect(await available(missed)).toBe(0n);
  });

  it('leaves a dispute to a person until it is over', async () => {
    const { paymentId: disputed, disputeId } = await disputedSale();
    await setTo(true);
    const { outcome } = await run(deps());
    await setTo(false);
    expect(outcome).toMatchObject({ repaired: 0 });
    expect(await findingOf(disputeId)).toMatchObject({ state: 'open', proven: false });
    expect(await available(disputed)).toBe(2500n);
    await hear(disputed);
    await run(deps());
  });

  it('goes on past one that cannot be read, and ends its run', async () => {
    const broken = await store.shop.sell();
    await run(deps());
    const missed = await store.shop.sell();
    await run(deps());
    const lost = [await store.shop.sessionOf(broken), await store.shop.intentOf(broken)];
    const failing = failingAt(({ id }) => lost.includes(id));
    await setTo(true);
    // Nothing of it is made within this run: only what is open already is looked at.
    const { outcome } = await run(failing, { from: new Date(Date.now() + 120_000) });
    await setTo(false);
    expect(outcome).toMatchObject({ outcome: 'done', repaired: 1 });
    expect(await available(missed)).toBe(2500n);
    expect(await findingOf(broken)).toMatchObject({ state: 'open' });
    await hear(broken);
    await run(deps());
  });
});
