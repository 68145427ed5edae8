import { describe, expect, it } from 'vitest';

import { grant } from '../../app/modules/ledger/index.server';
import { repairFinding } from '../../app/modules/reconciliation/index.server';
import { catchUp } from '../../app/modules/webhooks/index.server';
import { inTransaction } from '../../app/platform/db.server';
import { hours } from '../../app/platform/time';
import { later, reconcilerAt, run } from './testing/reconciling';
import { by, reconcilingAt } from './testing/reconciling-shop';
import { CARD } from './testing/sandbox-shop';
import { useTestStore } from './testing/store';

const store = useTestStore();
const {
  deps,
  stripe,
  inbox,
  payment,
  available,
  hear,
  heardSale,
  disputedSale,
  failingAt,
  findingOf,
  dismiss,
} = reconcilingAt(store);
const repair = async (subject: string) =>
  repairFinding(deps(), { findingId: (await findingOf(subject)).id, ...by });

describe('a run', () => {
  it('finds nothing where all that Stripe said was heard, and counts another product as foreign', async () => {
    await heardSale();
    const refunded = await heardSale();
    await stripe().refunds.create({ payment_intent: await store.shop.intentOf(refunded), amount: 700 });
    await hear(refunded);
    await heardSale({ ...CARD, cardNumber: '4000000000000259' });
    await store.shop.checkout(await store.shop.newCustomer());
    await stripe().paymentIntents.create({
      ...{ amount: 900, currency: 'usd', confirm: true, payment_method: 'pm_card_visa' },
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    });
    const { outcome, standing: found } = await run(deps());
    expect(found).toEqual([]);
    expect(outcome).toMatchObject({ outcome: 'done', repaired: 0 });
    const intents = await store.db.reconcilePart.findFirstOrThrow({
      where: { runId: outcome.runId, kind: 'payment_intent' },
    });
    expect(intents).toMatchObject({ seen: 4n, ours: 3n });
    // Every paid payment was shown by a list: none was asked for by itself.
    const own = await store.db.reconcilePart.findFirstOrThrow({
      where: { runId: outcome.runId, kind: 'payments' },
    });
    expect(own.seen).toBe(0n);
  });

  it('leaves alone what is on its way: young objects, queued events, and what Stripe told of just now', async () => {
    const young = await store.shop.sell();
    const { standing: atOnce } = await run(
      reconcilerAt(store.db, store.shop, () => new Date()),
      {
        plan: 'hourly',
      },
    );
    expect(atOnce).toEqual([]);
    const driven = inbox();
    for (const event of await store.shop.eventsOf(young)) await driven.deliver(event);
    expect((await run(deps())).standing).toEqual([]);
    await driven.settle();
    expect((await run(deps())).standing).toEqual([]);
  });

  it('finds each kind by its name, repairs it by the doors, and finds nothing the second time', async () => {
    const untold = await store.shop.sell();
    const dropped = await store.shop.sell();
    await catchUp(store.db, store.shop.settings, { realm: store.shop.realm, now: later() });
    await store.db.event.deleteMany({ where: { payload: { contains: untold } } });
    await store.db.event.updateMany({
      where: { payload: { contains: dropped } },
      data: { status: 'dismissed', decidedAt: new Date() },
    });
    await store.db.event.deleteMany({ where: { status: 'queued' } });

    const refunded = await heardSale();
    const refund = await stripe().refunds.create({
      ...{ payment_intent: await store.shop.intentOf(refunded), amount: 500 },
    });
    const { paymentId: disputed, disputeId } = await disputedSale();

    const { paymentId: gifted } = await store.shop.checkout(await store.shop.newCustomer());
    const { customerId } = await payment(gifted);
    await inTransaction(store.db, 'by hand', (tx) =>
      grant(tx, {
        ...{ book: 'test', customerId, key: `grant:${gifted}`, amount: 2500n, lotKind: 'pack' },
        ...{ expiresAt: null, paymentId: gifted, paidMinor: 0n, currency: 'usd', actor: 'somebody' },
        occurredAt: new Date(),
      }),
    );

    const first = await run(deps());
    expect(first.standing).toEqual(
      [
        `disputed_not_held ${disputeId}`,
        `granted_not_paid ${gifted}`,
        `never_generated ${untold}`,
        `paid_not_granted ${dropped}`,
        `refunded_not_revoked ${refund.id}`,
      ].sort(),
    );
    for (const subject of [untold, dropped, refund.id, disputeId])
      expect(await repair(subject)).toEqual({ outcome: 'repaired', by: 'this' });
    expect(await repair(gifted)).toEqual({ outcome: 'by_hand' });
    expect(await available(untold)).toBe(2500n);
    expect(await available(dropped)).toBe(2500n);
    expect(await available(refunded)).toBe(1875n);
    expect(await available(disputed)).toBe(0n);
    expect((await run(deps())).standing).toEqual([`granted_not_paid ${gifted}`]);
    const { evidence, after } = await findingOf(untold);
    expect(evidence).toContainEqual({ label: 'Credits', unit: 'credits', stripe: '2500', ours: '0' });
    expect(after).toContainEqual({ label: 'Credits', unit: 'credits', stripe: '2500', ours: '2500' });
  });
});

describe('a run that is cut off', () => {
  it('goes on where it stood, in another process, and finds the same', async () => {
    const missed: string[] = [];
    for (let n = 0; n < 3; n += 1) missed.push(await store.shop.sell());
    class Killed extends Error {}
    const from = new Date(Date.now() - 86_400_000);
    const dying = { ...deps() };
    let pages = 0;
    const killed = run(dying, {
      from,
      onPage: () => {
        pages += 1;
        if (pages >= 9) throw new Killed('kill -9');
      },
    });
    await expect(killed).rejects.toThrow(Killed);
    const [left] = await store.db.reconcileRun.findMany({ where: { state: 'running' } });
    const { outcome, standing } = await run(deps(), { from });
    expect(outcome).toMatchObject({ outcome: 'done', isResumed: true, runId: left?.id });
    for (const id of missed) expect(standing.filter((line) => line.endsWith(id))).toHaveLength(1);
    await Promise.all(missed.map(hear));
    await run(deps());
  });

  it('leaves to another worker what that one walks, and takes it once its lease is over', async () => {
    const missed = await store.shop.sell();
    const both = await Promise.all([run(deps()), run(deps())]);
    expect(new Set(both.map(({ outcome }) => outcome.runId)).size).toBe(1);
    const lines = both[0].standing.filter((line) => line.endsWith(missed));
    expect(lines).toHaveLength(1);
    const parts = await store.db.reconcilePart.findMany({ where: { runId: both[0].outcome.runId } });
    expect(parts.every(({ doneAt }) => doneAt !== null)).toBe(true);
    await hear(missed);
    await run(deps());
  });

  const endLeases = async () => {
    await store.db
      .$executeRaw`UPDATE reconcile_part SET leased_until = clock_timestamp() WHERE done_at IS NULL`;
  };

  it('says that it waits for what a dead worker holds, and goes on with it once the lease is over', async () => {
    const missed = await store.shop.sell();
    class Killed extends Error {}
    const onPage = () => {
      throw new Killed('kill -9');
    };
    await expect(run(deps(), { onPage })).rejects.toThrow(Killed);
    // As a process leaves them that had no time to give them back.
    await store.db.reconcilePart.updateMany({
      where: { doneAt: null, run: { state: 'running' } },
      data: { lease: 'dead', leasedUntil: new Date(Date.now() + hours(1)) },
    });
    let waited = 0;
    const onWait = () => {
      waited += 1;
      if (waited === 1) void endLeases();
    };
    const { outcome, standing } = await run(deps(), { onWait });
    expect(outcome).toMatchObject({ outcome: 'done', isResumed: true });
    expect(waited).toBeGreaterThan(0);
    expect(standing.filter((line) => line.endsWith(missed))).toHaveLength(1);
    await hear(missed);
    await run(deps());
  });

  it('waits and asks again when Stripe is asked too much, fails, or is not there', async () => {
    const missed = await store.shop.sell();
    const faults = `${store.shop.sandbox.url}/_control/faults`;
    const api = [
      { method: 'GET', path: '/v1/payment_intents', effect: 'rate_limit', times: 2 },
      { method: 'GET', path: '/v1/refunds', effect: 'server_error', times: 1 },
      { method: 'GET', path: '/v1/disputes', effect: 'unavailable', times: 1 },
    ];
    await fetch(faults, { method: 'PUT', body: JSON.stringify({ api }) });
    const pacing = deps();
    const { outcome, standing } = await run(pacing);
    expect(outcome.outcome).toBe('done');
    expect(pacing.pacer.slowed).toBe(2);
    expect(standing.filter((line) => line.endsWith(missed))).toHaveLength(1);
    await hear(missed);
    await run(deps());
  });
});

describe('a part that cannot be walked', () => {
  it('keeps no other part from it, and the next run goes on with it alone', async () => {
    const missed = await store.shop.sell();
    const from = new Date(Date.now() - 86_400_000);
    const failing = failingAt(({ object }) => object === 'checkout.session');
    await expect(run(failing, { from })).rejects.toThrow('is not readable');
    const [left] = await store.db.reconcileRun.findMany({
      where: { state: 'running' },
      include: { parts: { where: { doneAt: null }, select: { kind: true } } },
    });
    expect(left?.parts.map(({ kind }) => kind).sort()).toEqual(['checkout.session', 'payments']);
    expect(await findingOf(missed)).toMatchObject({ state: 'open' });
    await hear(missed);
    const { outcome } = await run(deps(), { from });
    expect(outcome).toMatchObject({ outcome: 'done', isResumed: true, runId: left?.id });
  });

  it('is not waited for by a run whose place another one took', async () => {
    let replacing: Promise<unknown> | undefined;
    const replaced = await run(deps(), {
      onPage: () => {
        replacing ??= replace();
      },
    });
    await replacing;
    expect(replaced.outcome.outcome).toBe('elsewhere');

    async function replace() {
      await store.db.reconcileRun.updateMany({
        where: { state: 'running' },
        data: { state: 'canceled', endedAt: new Date() },
      });
    }
  });
});

describe('a repair', () => {
  it('pressed twice, by two, and beside the late events is one grant', async () => {
    const missed = await store.shop.sell();
    await run(deps());
    const { id: findingId } = await findingOf(missed);
    const outcomes = await Promise.all([
      repairFinding(deps(), { findingId, ...by }),
      repairFinding(deps(), { findingId, ...by, actor: 'usr_other' }),
      repairFinding(deps(), { findingId, ...by }),
      hear(missed),
    ]);
    for (const outcome of outcomes.slice(0, 3)) expect(['repaired', 'closed']).toContain(outcome?.outcome);
    await hear(missed);
    expect(await available(missed)).toBe(2500n);
    expect(await store.db.transfer.count({ where: { paymentId: missed } })).toBe(1);
    const audit = await store.db.audit.findMany({ where: { subject: findingId, act: 'finding.repaired' } });
    expect(audit).toHaveLength(1);
  });

  it('reads the object first: what went on at Stripe meanwhile is applied as it stands now', async () => {
    const missed = await store.shop.sell();
    await run(deps());
    await stripe().refunds.create({ payment_intent: await store.shop.intentOf(missed) });
    expect(await repair(missed)).toEqual({ outcome: 'repaired', by: 'this' });
    expect(await available(missed)).toBe(0n);
    expect((await run(deps())).standing.filter((line) => line.includes(missed))).toEqual([]);
  });

  it('counts against the limit of who asks, and nothing moves above it', async () => {
    const missed = await store.shop.sell();
    await run(deps());
    const { id: findingId } = await findingOf(missed);
    const asked = { findingId, ...by, role: 'support' } as const;
    expect(await repairFinding(deps(), asked)).toMatchObject({ outcome: 'above_limit', limit: 1000n });
    expect(await available(missed)).toBe(0n);
    const finance = { ...asked, actor: 'usr_finance', role: 'finance' } as const;
    expect(await repairFinding(deps(), finance)).toEqual({ outcome: 'repaired', by: 'this' });
    expect(await store.db.staffAct.count({ where: { subject: findingId, act: 'repair' } })).toBe(1);
  });

  it('is refused for a finding that somebody dismissed, which stays so until its evidence changes', async () => {
    const gone = await heardSale();
    const refund = await stripe().refunds.create({
      ...{ payment_intent: await store.shop.intentOf(gone), amount: 100 },
    });
    await run(deps());
    const { id: findingId } = await findingOf(refund.id);
    expect(await dismiss(findingId)).toEqual({ outcome: 'dismissed' });
    expect(await dismiss(findingId)).toEqual({ outcome: 'moved' });
    expect(await repair(refund.id)).toEqual({ outcome: 'closed', state: 'dismissed' });
    expect((await run(deps())).standing.filter((line) => line.includes(refund.id))).toEqual([]);
    expect(await available(gone)).toBe(2500n);
    await hear(gone);
  });
});
