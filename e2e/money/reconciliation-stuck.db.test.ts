import { afterEach, describe, expect, it } from 'vitest';

import { readReconciliation } from '../../app/modules/admin/index.server';
import { reconcile, type Reconciler, resumeRuns } from '../../app/modules/reconciliation/index.server';
import { hours, minutes } from '../../app/platform/time';
import { later, reconcilerAt, run } from './testing/reconciling';
import { reconcilingAt } from './testing/reconciling-shop';
import { useTestStore } from './testing/store';

/** A list of Stripe's that answers 500 for ever, beside runs that the schedule begins. */
const store = useTestStore();
const { deps, available, hear, findingOf } = reconcilingAt(store);

/** A reconciler of a later time, which asks each question once. */
const inTime = (ms: number): Reconciler => ({
  ...reconcilerAt(store.db, store.shop, () => new Date(later().getTime() + ms)),
  pacer: { ask: (question) => question(), asked: 0, slowed: 0 },
});
const hourly = (ms: number, over: Partial<Parameters<typeof reconcile>[1]> = {}) =>
  reconcile(inTime(ms), { plan: 'hourly', actor: 'system', ...over });
const refuse = (path: string) =>
  store.setFaults({ method: 'GET', path, effect: 'server_error', times: null });
const runs = () =>
  store.db.reconcileRun.findMany({
    where: { plan: 'hourly' },
    orderBy: { createdAt: 'asc' },
    select: { id: true, state: true },
  });
const partsLeft = async (runId: string) => {
  const left = await store.db.reconcilePart.findMany({
    where: { runId, doneAt: null },
    orderBy: { kind: 'asc' },
  });
  return left.map(({ kind, failingSince }) => `${kind} ${failingSince === null ? 'waits' : 'fails'}`);
};

afterEach(async () => {
  await store.db.reconcileRun.updateMany({
    where: { state: 'running' },
    data: { state: 'canceled', endedAt: new Date() },
  });
  await store.db.reconcileRun.deleteMany({});
});

describe('a scheduled run of which one list fails for ever', () => {
  it('gives its place to the next one, which finds what the other lists show', async () => {
    const first = await store.shop.sell();
    await refuse('/v1/refunds');
    await expect(hourly(0)).rejects.toThrow();
    const [stuck] = await runs();
    expect(await partsLeft(stuck?.id ?? '')).toEqual(['refund fails']);
    const found = await findingOf(first);
    expect(found).toMatchObject({ kind: 'paid_not_granted', state: 'open' });

    const [shown] = (await readReconciliation(store.db, store.shop.realm.id)).runs;
    const failing = shown?.parts.filter(({ failingSince }) => failingSince !== null);
    expect(failing).toMatchObject([{ kind: 'refund', isDone: false }]);

    // Within its hour it is gone on with, and whoever only goes on with runs replaces none.
    await expect(hourly(minutes(30))).rejects.toThrow();
    await expect(resumeRuns(inTime(hours(1)))).rejects.toThrow();
    expect(await runs()).toEqual([stuck]);

    const second = await store.shop.sell();
    await expect(hourly(hours(1))).rejects.toThrow();
    const [old, next] = await runs();
    expect(old).toEqual({ id: stuck?.id, state: 'canceled' });
    expect(next?.state).toBe('running');
    expect(await partsLeft(next?.id ?? '')).toEqual(['refund fails']);
    expect(await findingOf(second)).toMatchObject({ kind: 'paid_not_granted', state: 'open' });
    expect(await findingOf(first)).toMatchObject({ id: found.id, state: 'open' });

    await store.setFaults();
    await resumeRuns(inTime(hours(1)));
    expect(await runs()).toMatchObject([{ state: 'canceled' }, { id: next?.id, state: 'done' }]);
    await Promise.all([first, second].map(hear));
    await run(deps());
  });

  it('closes and repairs meanwhile what its other lists found', async () => {
    const late = await store.shop.sell();
    await run(deps());
    await hear(late);
    const missed = await store.shop.sell();
    await refuse('/v1/subscriptions');
    const repairs = { reason: 'asked_by_operator', comment: 'after an outage' };
    await expect(hourly(0, { repairs })).rejects.toThrow();
    expect(await findingOf(late)).toMatchObject({ state: 'repaired', actor: 'system' });
    expect(await findingOf(missed)).toMatchObject({ state: 'repaired' });
    expect(await available(missed)).toBe(2500n);
  });

  it('keeps our own payments waiting only where the list fails that shows them', async () => {
    await refuse('/v1/checkout/sessions');
    await expect(hourly(0)).rejects.toThrow();
    const [stuck] = await runs();
    expect(await partsLeft(stuck?.id ?? '')).toEqual(['checkout.session fails', 'payments waits']);
    await expect(hourly(hours(1))).rejects.toThrow();
    expect(await runs()).toMatchObject([{ id: stuck?.id, state: 'canceled' }, { state: 'running' }]);
  });
});

describe('a scheduled run that was cut off', () => {
  it('goes on however old it is, as long as its parts can be walked', async () => {
    await refuse('/v1/refunds');
    await expect(hourly(0)).rejects.toThrow();
    await store.setFaults();
    const [cut] = await runs();
    // As whoever is killed leaves it: nothing was said of a fault.
    await store.db.reconcilePart.updateMany({
      where: { runId: cut?.id ?? '' },
      data: { failingSince: null },
    });
    expect(await hourly(hours(5))).toMatchObject({ outcome: 'done', runId: cut?.id, isResumed: true });
  });
});
