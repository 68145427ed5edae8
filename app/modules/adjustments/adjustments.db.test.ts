import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it, vi } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { rejectApproval } from '~/modules/approvals/index.server';
import { verifyAudit } from '~/modules/audit/index.server';
import { verifyLedger } from '~/modules/ledger/index.server';
import { newWallet, type TestWallet } from '~/modules/ledger/testing/wallets';
import { inTransaction } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';
import { days } from '~/platform/time';

import {
  adjustByStaff,
  type AdjustByStaffInput,
  approveAdjustment,
  freezeByStaff,
  previewAdjustment,
  thawByStaff,
} from './index.server';

const database = useTestDatabase();
afterAll(async () => {
  expect(await verifyLedger(database.db)).toEqual([]);
  expect(await verifyAudit(database.db)).toMatchObject({ outcome: 'intact' });
});

/** What a supporter sends: 1,000 per act, 5,000 a day, 2,000 a day and customer are theirs alone. */
const asked = (wallet: TestWallet, change: Partial<AdjustByStaffInput> = {}): AdjustByStaffInput => ({
  ...{ book: 'test', customerId: wallet.customerId, direction: 'add', amount: 300n, expiresAt: null },
  ...{ key: randomUUID(), expectedSeq: 0n, actor: newId('usr'), role: 'support' },
  ...{ reason: 'goodwill', comment: 'ticket 4711' },
  ...change,
});
const act = (wallet: TestWallet, change: Partial<AdjustByStaffInput> = {}) =>
  adjustByStaff(database.db, asked(wallet, change));

const actsOn = ({ customerId }: TestWallet) => database.db.staffAct.count({ where: { customerId } });
const auditsOf = async (subject: string) =>
  (await database.db.audit.findMany({ where: { subject }, orderBy: { seq: 'asc' }, take: 20 })).map(
    ({ actor, act: what, reason }) => `${actor} ${what} ${reason ?? ''}`.trim(),
  );

/** A customer who logs in as this person. */
async function ownWallet(): Promise<{ wallet: TestWallet; owner: string }> {
  const [wallet, owner] = [await newWallet(database.db), newId('usr')];
  const login = { id: owner, email: `${owner}@example.test`, name: 'Owner', passwordHash: 'none' };
  await database.db.user.create({ data: login });
  await database.db.customer.update({ where: { id: wallet.customerId }, data: { userId: owner } });
  return { wallet, owner };
}

describe('an adjustment', () => {
  it('within the limit stands at once as was previewed, with its reason and audit, and counts', async () => {
    const wallet = await newWallet(database.db);
    await wallet.lot(100n);
    const actor = newId('usr');
    const seen = await previewAdjustment(database.db, {
      ...{ book: 'test', customerId: wallet.customerId, direction: 'add', amount: 300n, actor },
      role: 'support',
    });
    expect(seen).toMatchObject({
      ...{ seq: 1n, before: { available: 100n, debt: 0n }, after: { available: 400n }, bar: undefined },
      limit: { isWithin: true, bound: 'per_act', left: 1000n },
    });
    const expiresAt = new Date(Date.now() + days(30));
    const done = await act(wallet, { actor, expectedSeq: seen.seq, expiresAt });
    expect(done).toMatchObject({ outcome: 'adjusted', available: 400n, seq: 2n });
    expect(await wallet.story()).toEqual([
      'grant: issued.manual → available 100',
      'adjust: issued.manual → available 300',
    ]);
    const lot = await database.db.lot.findFirstOrThrow({
      where: { granted: 300n, wallet: { customerId: wallet.customerId } },
    });
    // A gift is no revenue: nothing was paid for it.
    expect(lot).toMatchObject({ kind: 'manual', expiresAt, paymentId: null, paidMinor: null });
    expect(await auditsOf(wallet.customerId)).toEqual([`${actor} credits.adjusted goodwill`]);
    expect(await actsOn(wallet)).toBe(1);
  });

  it('sent again under its key, also at once, is the same one; another act under the key is refused', async () => {
    const wallet = await newWallet(database.db);
    const input = asked(wallet);
    const answers = await Promise.all(Array.from({ length: 6 }, () => adjustByStaff(database.db, input)));
    expect(
      new Set(answers.map((answer) => JSON.stringify(answer, (_k, v: unknown) => String(v)))),
    ).toHaveLength(1);
    expect(answers[0]).toMatchObject({ outcome: 'adjusted', available: 300n });
    await wallet.spend(50n);
    expect(await adjustByStaff(database.db, input)).toEqual(answers[0]);
    expect(await adjustByStaff(database.db, { ...input, amount: 301n })).toEqual({ outcome: 'key_reused' });
    expect(await wallet.balance()).toMatchObject({ available: 250n });
    expect(await actsOn(wallet)).toBe(1);
    expect(await auditsOf(wallet.customerId)).toHaveLength(1);
  });

  it('sent a second time while the first one waits at the limits is told as the first one', async () => {
    const wallet = await newWallet(database.db);
    const input = asked(wallet);
    const both = await inTransaction(database.db, 'hold the limits', async (tx) => {
      await tx.$queryRaw`SELECT role::text FROM staff_limit FOR NO KEY UPDATE`;
      const waiting = [adjustByStaff(database.db, input), adjustByStaff(database.db, input)];
      await vi.waitFor(
        async () => {
          const found = await database.db.$queryRaw<unknown[]>`
            SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
          expect(found).toHaveLength(2);
        },
        { timeout: 10_000, interval: 20 },
      );
      return { waiting };
    });
    const [first, second] = await Promise.all(both.waiting);
    expect(first).toMatchObject({ outcome: 'adjusted', available: 300n });
    expect(second).toEqual(first);
    expect(await actsOn(wallet)).toBe(1);
  });

  it('of a wallet that moved since it was seen is refused with what it holds now, and counts nothing', async () => {
    const wallet = await newWallet(database.db);
    await wallet.lot(100n);
    for (const amount of [300n, 5000n])
      expect(await act(wallet, { expectedSeq: 0n, amount })).toEqual({
        ...{ outcome: 'changed', seq: 1n, available: 100n },
      });
    expect(await database.db.approval.count({ where: { customerId: wallet.customerId } })).toBe(0);
    expect(await actsOn(wallet)).toBe(0);
    expect(await auditsOf(wallet.customerId)).toEqual([]);
  });

  it('never takes more than is available: neither alone, nor by asking for it', async () => {
    const wallet = await newWallet(database.db);
    await wallet.lot(5000n);
    await wallet.hold(4500n);
    const terms = { direction: 'subtract', expectedSeq: 2n } as const;
    for (const amount of [501n, 4000n])
      expect(await act(wallet, { ...terms, amount })).toEqual({ outcome: 'insufficient', available: 500n });
    expect(await database.db.approval.count({ where: { customerId: wallet.customerId } })).toBe(0);
    expect(await act(wallet, { ...terms, amount: 500n })).toMatchObject({
      outcome: 'adjusted',
      available: 0n,
    });
    expect(await actsOn(wallet)).toBe(1);
  });

  it('repays no debt', async () => {
    const wallet = await newWallet(database.db);
    const paymentId = await wallet.bought(100n);
    await wallet.spend(100n);
    await wallet.settle(paymentId, { dispute: 100n, owing: 100n });
    const before = await wallet.balance();
    expect(before.debt).toBe(100n);
    expect(await act(wallet, { expectedSeq: before.seq })).toMatchObject({
      outcome: 'adjusted',
      available: 300n,
    });
    expect(await wallet.balance()).toMatchObject({ available: 300n, debt: 100n });
  });

  it('is neither made nor asked for by the wallet’s own log-in, and SQL refuses it too', async () => {
    const { wallet, owner } = await ownWallet();
    for (const amount of [1n, 50_000n])
      expect(await act(wallet, { actor: owner, amount })).toEqual({ outcome: 'own_wallet' });
    const row = { book: 'test', act: 'adjust', role: 'support', unit: 'credits', amount: 1n } as const;
    const own = { ...row, id: newId('act'), customerId: wallet.customerId, subject: 'x', actor: owner };
    await expect(database.db.staffAct.create({ data: own })).rejects.toThrow('staff_act_not_own_wallet');
  });

  it('whose credits would have expired already, or of nobody, is refused', async () => {
    const wallet = await newWallet(database.db);
    expect(await act(wallet, { expiresAt: new Date(Date.now() - 1) })).toEqual({ outcome: 'expiry_past' });
    expect(await act(wallet, { customerId: newId('cst') })).toEqual({ outcome: 'unknown_customer' });
  });

  it('stands whole or not at all: a connection cut before the audit leaves nothing, and the key is good again', async () => {
    const wallet = await newWallet(database.db);
    const input = asked(wallet);
    const lock = `SELECT pg_advisory_xact_lock(hashtextextended('credence audit', 0))::text`;
    await inTransaction(database.db, 'hold the audit', async (tx) => {
      await tx.$queryRawUnsafe(lock);
      const lost = adjustByStaff(database.db, input).then(
        () => 'done',
        () => 'lost',
      );
      await vi.waitFor(
        async () => {
          const cut = await database.db.$queryRaw<unknown[]>`
            SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%audit_append%'`;
          expect(cut).toHaveLength(1);
        },
        { timeout: 10_000, interval: 20 },
      );
      expect(await lost).toBe('lost');
    });
    expect(await wallet.story()).toEqual([]);
    expect(await actsOn(wallet)).toBe(0);
    expect(await adjustByStaff(database.db, input)).toMatchObject({ outcome: 'adjusted', available: 300n });
    expect(await actsOn(wallet)).toBe(1);
  });
});

describe('twenty adjustments just under the limit', () => {
  it('are stopped at the limit of a day, one after the other and at once, additions and subtractions alike', async () => {
    const one = newId('usr');
    const wallets = await Promise.all(Array.from({ length: 20 }, () => newWallet(database.db)));
    for (const wallet of wallets) await wallet.lot(1000n);
    const terms = { amount: 900n, expectedSeq: 1n };
    const slow = [];
    for (const [n, wallet] of wallets.entries())
      slow.push(await act(wallet, { ...terms, actor: one, direction: n % 2 === 0 ? 'add' : 'subtract' }));
    const two = newId('usr');
    const others = await Promise.all(Array.from({ length: 20 }, () => newWallet(database.db)));
    const fast = await Promise.all(others.map((wallet) => act(wallet, { amount: 900n, actor: two })));
    for (const outcomes of [slow, fast]) {
      expect(outcomes.filter(({ outcome }) => outcome === 'adjusted')).toHaveLength(5);
      expect(outcomes.filter(({ outcome }) => outcome === 'asked')).toHaveLength(15);
    }
  });

  it('to one customer are stopped, whoever makes them', async () => {
    const wallet = await newWallet(database.db);
    const done = [];
    for (let n = 0; n < 20; n += 1) {
      const { seq } = await wallet.balance();
      done.push(await act(wallet, { amount: 900n, expectedSeq: seq }));
    }
    expect(done.filter(({ outcome }) => outcome === 'adjusted')).toHaveLength(2);
    expect(await wallet.balance()).toMatchObject({ available: 1800n });
  });
});

async function askFor(wallet: TestWallet, change: Partial<AdjustByStaffInput> = {}) {
  const input = asked(wallet, { amount: 5000n, ...change });
  const answer = await adjustByStaff(database.db, input);
  if (answer.outcome !== 'asked') throw new Error(answer.outcome);
  return { input, approvalId: answer.approvalId };
}
const approveAs = (approver: string, approvalId: string, walletSeq = 0n) =>
  approveAdjustment(database.db, { approvalId, approver, role: 'finance', walletSeq });

describe('an adjustment above the limit', () => {
  it('moves nothing until a second person approves it, and two at once carry it out once', async () => {
    const wallet = await newWallet(database.db);
    const { input, approvalId } = await askFor(wallet);
    expect(await wallet.story()).toEqual([]);
    expect(await adjustByStaff(database.db, input)).toEqual({ outcome: 'asked', approvalId });
    const outcomes = await Promise.all(['usr_b', 'usr_c'].map((approver) => approveAs(approver, approvalId)));
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['closed', 'executed']);
    expect(await wallet.story()).toEqual(['adjust: issued.manual → available 5000']);
    const transfer = await database.db.transfer.findFirstOrThrow({
      where: { wallet: { customerId: wallet.customerId } },
    });
    expect(transfer).toMatchObject({ key: `adjust:${input.key}`, actor: `approval:${approvalId}` });
    expect(await auditsOf(wallet.customerId)).toEqual([`${input.actor} credits.adjusted goodwill`]);
    // Its own dialog, sent once more, tells that it stands.
    expect(await adjustByStaff(database.db, input)).toMatchObject({ outcome: 'adjusted', available: 5000n });
    expect(await wallet.balance()).toMatchObject({ available: 5000n });
  });

  it('is not approved by who asked for it, nor by the wallet’s own log-in: the server and SQL refuse it', async () => {
    const { wallet, owner } = await ownWallet();
    const { input, approvalId } = await askFor(wallet);
    expect(await approveAs(input.actor, approvalId)).toEqual({ outcome: 'own_request' });
    expect(await approveAs(owner, approvalId)).toEqual({ outcome: 'own_wallet' });
    const force = (approver: string) => database.db.$executeRaw`
      UPDATE approval SET state = 'executed', approver = ${approver}, wallet_seq = 0, closed_at = clock_timestamp() WHERE id = ${approvalId}`;
    await expect(force(input.actor)).rejects.toThrow('approval_two_persons');
    await expect(force(owner)).rejects.toThrow('approval_not_own_wallet');
    expect(await wallet.story()).toEqual([]);
  });

  it('is refused on a wallet that moved since the approver saw it, and when it would take more than there is', async () => {
    const wallet = await newWallet(database.db);
    await wallet.lot(6000n);
    const { approvalId } = await askFor(wallet, { direction: 'subtract', expectedSeq: 1n });
    await wallet.spend(2000n);
    expect(await approveAs('usr_b', approvalId, 1n)).toEqual({ outcome: 'wallet_moved', seq: 2n });
    expect(await approveAs('usr_b', approvalId, 2n)).toEqual({ outcome: 'not_done', why: 'insufficient' });
    await wallet.lot(1000n);
    expect(await approveAs('usr_b', approvalId, 3n)).toMatchObject({ outcome: 'executed' });
    expect(await wallet.balance()).toMatchObject({ available: 0n });
  });

  it('that was declined or has expired is not carried out, and its dialog starts no other request', async () => {
    const [declined, late] = [await newWallet(database.db), await newWallet(database.db)];
    const { input, approvalId } = await askFor(declined);
    await inTransaction(database.db, 'decline', (tx) =>
      rejectApproval(tx, { approvalId, actor: 'usr_b', comment: 'too much' }),
    );
    expect(await approveAs('usr_c', approvalId)).toEqual({ outcome: 'closed', state: 'rejected' });
    expect(await adjustByStaff(database.db, input)).toEqual({ outcome: 'asked', approvalId });
    const open = await askFor(late);
    const { body, preview, ...row } = await database.db.approval.findUniqueOrThrow({
      where: { id: open.approvalId },
    });
    const overdue = newId('apr');
    const past = { createdAt: new Date(Date.now() - days(8)), expiresAt: new Date(Date.now() - 1) };
    await database.db.approval.create({
      data: {
        ...row,
        ...past,
        id: overdue,
        subject: `adjust:${randomUUID()}`,
        body: body ?? {},
        preview: preview ?? {},
      },
    });
    expect(await approveAs('usr_b', overdue)).toEqual({ outcome: 'expired' });
    for (const wallet of [declined, late]) expect(await wallet.story()).toEqual([]);
  });

  it('whose credits would have expired by now is not carried out', async () => {
    const wallet = await newWallet(database.db);
    const asked = await askFor(wallet, { expiresAt: new Date(Date.now() + days(1)) });
    const { body, preview, ...row } = await database.db.approval.findUniqueOrThrow({
      where: { id: asked.approvalId },
    });
    // As if the day had passed since: what was asked for does not change by itself.
    const approvalId = newId('apr');
    await database.db.approval.create({
      data: {
        ...row,
        ...{ id: approvalId, subject: `adjust:${randomUUID()}`, preview: preview ?? {} },
        body: Object.assign({}, body, { expiresAt: new Date(Date.now() - 1).toISOString() }),
      },
    });
    expect(await approveAs('usr_b', approvalId, 7n)).toEqual({ outcome: 'wallet_moved', seq: 0n });
    expect(await approveAs('usr_b', approvalId)).toEqual({ outcome: 'not_done', why: 'expiry_past' });
  });
});

describe('a freeze by staff', () => {
  const why = { actor: 'usr_a', reason: 'fraud', comment: 'stolen card' } as const;
  const over = { actor: 'usr_a', reason: 'resolved', comment: 'it was theirs' } as const;

  it('stops spends until it is thawed, is one however often it is sent, and is audited', async () => {
    const wallet = await newWallet(database.db);
    await wallet.lot(100n);
    const on = { book: 'test', customerId: wallet.customerId } as const;
    const key = randomUUID();
    const answers = await Promise.all(
      [1, 2, 3].map(() => freezeByStaff(database.db, { ...on, ...why, key })),
    );
    const cause = `act_${key.replaceAll('-', '')}`;
    for (const answer of answers) expect(answer).toEqual({ outcome: 'frozen', cause });
    expect(await wallet.spend(1n)).toEqual({ outcome: 'frozen' });
    const thaw = () => thawByStaff(database.db, { ...on, ...over, cause });
    expect(await thaw()).toEqual({ outcome: 'thawed', isFrozen: false });
    expect(await thaw()).toEqual({ outcome: 'thawed', isFrozen: false });
    // Its own dialog, sent once more, freezes nothing anew.
    expect(await freezeByStaff(database.db, { ...on, ...why, key })).toMatchObject({ outcome: 'frozen' });
    expect(await wallet.spend(1n)).toMatchObject({ outcome: 'spent' });
    expect(await auditsOf(wallet.customerId)).toEqual([
      'usr_a wallet.frozen fraud',
      'usr_a wallet.thawed resolved',
    ]);
  });

  it('leaves other freezes standing, and ends none of a dispute', async () => {
    const wallet = await newWallet(database.db);
    const on = { book: 'test', customerId: wallet.customerId } as const;
    const [first, second] = [randomUUID(), randomUUID()];
    const frozen = await freezeByStaff(database.db, { ...on, ...why, key: first });
    await freezeByStaff(database.db, { ...on, ...why, key: second });
    const cause = frozen.outcome === 'frozen' ? frozen.cause : '';
    expect(await thawByStaff(database.db, { ...on, ...over, cause })).toEqual({
      outcome: 'thawed',
      isFrozen: true,
    });
    expect(await thawByStaff(database.db, { ...on, ...over, cause: newId('mbk') })).toEqual({
      outcome: 'not_by_staff',
    });
    expect(await thawByStaff(database.db, { ...on, ...over, cause: 'act_none' })).toEqual({
      outcome: 'not_found',
    });
  });

  it('is not set on or taken off the wallet of one’s own log-in', async () => {
    const { wallet, owner } = await ownWallet();
    const on = { book: 'test', customerId: wallet.customerId } as const;
    const own = { ...on, ...why, actor: owner, key: randomUUID() };
    expect(await freezeByStaff(database.db, own)).toEqual({ outcome: 'own_wallet' });
    expect(await thawByStaff(database.db, { ...on, ...over, actor: owner, cause: 'act_x' })).toEqual({
      outcome: 'own_wallet',
    });
  });
});
