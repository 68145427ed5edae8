import { beforeAll, describe, expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { adjust } from '~/modules/ledger/index.server';
import { inTransaction } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

import {
  approve,
  type ApproveOutcome,
  askApproval,
  type CarryOut,
  checkLimit,
  countAct,
  expireApprovals,
  type LimitedAct,
  mailApproval,
  rejectApproval,
  setLimit,
} from './index.server';

const database = useTestDatabase();
let ownerId = '';
let customerId = '';
beforeAll(async () => {
  [ownerId, customerId] = [newId('usr'), newId('cst')];
  const owner = { id: ownerId, email: 'owner@example.test', name: 'Owner', passwordHash: 'none' };
  await database.db.user.create({ data: owner });
  await database.db.customer.create({ data: { id: customerId, userId: ownerId } });
  const admin = { id: newId('usr'), email: 'admin@example.test', name: 'Admin', passwordHash: 'none' };
  await database.db.user.create({ data: { ...admin, role: 'admin' } });
});

const newCustomer = async () => {
  const id = newId('cst');
  await database.db.customer.create({ data: { id } });
  return id;
};

/** An adjustment by a supporter of their own: 1,000 per act, 5,000 a day, 2,000 a day and customer. */
const actBy = (actor: string, change: Partial<LimitedAct> = {}) =>
  ({
    ...{ book: 'test', act: 'adjust', actor, role: 'support', customerId, unit: 'credits', amount: 900n },
    ...{ subject: newId('pay') },
    ...change,
  }) satisfies LimitedAct & { subject: string };

const count = (act: ReturnType<typeof actBy>) =>
  inTransaction(database.db, 'count', (tx) => countAct(tx, act));
const check = (act: LimitedAct) => inTransaction(database.db, 'check', (tx) => checkLimit(tx, act));

describe('limits', () => {
  it('stop twenty acts at once, each just under the limit of one act, at the limit of a day', async () => {
    const actor = newId('usr');
    const customers = await Promise.all(Array.from({ length: 20 }, newCustomer));
    const outcomes = await Promise.all(customers.map((id) => count(actBy(actor, { customerId: id }))));
    expect(outcomes.filter(({ outcome }) => outcome === 'counted')).toHaveLength(5);
    expect(outcomes.filter(({ outcome }) => outcome === 'above')).toHaveLength(15);
    expect(outcomes.find(({ outcome }) => outcome === 'above')).toMatchObject({
      ...{ bound: 'actor_day', limit: 5000n, used: 4500n },
    });
  });

  it('stop twenty people at once who act on one customer at that customer’s limit of a day', async () => {
    const id = await newCustomer();
    const actors = Array.from({ length: 20 }, () => newId('usr'));
    const outcomes = await Promise.all(actors.map((actor) => count(actBy(actor, { customerId: id }))));
    expect(outcomes.filter(({ outcome }) => outcome === 'counted')).toHaveLength(2);
    expect(outcomes.find(({ outcome }) => outcome === 'above')).toMatchObject({
      ...{ bound: 'customer_day', limit: 2000n, used: 1800n },
    });
  });

  it('stop one act above its own limit, and let one through that meets it exactly', async () => {
    const id = await newCustomer();
    expect(await count(actBy(newId('usr'), { customerId: id, amount: 1001n }))).toMatchObject({
      ...{ outcome: 'above', bound: 'per_act', limit: 1000n },
    });
    expect(await count(actBy(newId('usr'), { customerId: id, amount: 1000n }))).toMatchObject({
      outcome: 'counted',
    });
  });

  it('count neither what is older than 24 hours, nor another book, unit or kind of act', async () => {
    const id = await newCustomer();
    const actor = newId('usr');
    const old = { book: 'test', act: 'adjust', actor, role: 'support', customerId: id } as const;
    await database.db.staffAct.create({
      data: {
        ...{ ...old, id: newId('act'), subject: 'old', unit: 'credits', amount: 1000n },
        at: new Date(Date.now() - 24 * 3600 * 1000 - 1000),
      },
    });
    await count(actBy(actor, { customerId: id, book: 'live' }));
    await count(actBy(actor, { customerId: id, act: 'repair' }));
    expect(await check(actBy(actor, { customerId: id }))).toMatchObject({ outcome: 'within', used: 0n });
  });

  it('are kept by SQL as well: of twenty acts written at once, only those that fit in are there', async () => {
    const { subject, amount, ...act } = actBy(newId('usr'));
    const write = async (change: Partial<typeof act> = {}, of = amount) =>
      database.db.staffAct.create({
        data: { ...act, customerId: await newCustomer(), ...change, amount: of, id: newId('act'), subject },
      });
    const written = await Promise.allSettled(Array.from({ length: 20 }, () => write()));
    expect(written.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    for (const one of written)
      if (one.status === 'rejected') expect(String(one.reason)).toContain('staff_act_within_limit');
    const [id, other] = [await newCustomer(), newId('usr')];
    const above = expect.objectContaining({ message: expect.stringContaining('staff_act_within_limit') });
    await expect(write({ actor: other }, 1001n)).rejects.toEqual(above);
    await expect(write({ actor: other, unit: 'sek' }, 1n)).rejects.toEqual(above);
    for (const actor of [other, newId('usr')]) await write({ actor, customerId: id }, 1000n);
    await expect(write({ actor: newId('usr'), customerId: id }, 1n)).rejects.toEqual(above);
  });

  it('are zero in a currency or for a role that has none', async () => {
    const refund = { act: 'refund', customerId: null, amount: 1n } as const;
    expect(await check(actBy('usr_1', { ...refund, unit: 'usd' }))).toMatchObject({ outcome: 'within' });
    expect(await check(actBy('usr_1', { ...refund, unit: 'sek' }))).toMatchObject({ outcome: 'above' });
    const dismissal = { ...refund, act: 'dismiss', unit: 'usd' } as const;
    expect(await check(actBy('usr_1', dismissal))).toMatchObject({ outcome: 'above', limit: 0n });
  });

  it('that change are audited with what they were, mailed to every admin, and hold from then on', async () => {
    const limit = { book: 'live', role: 'finance', act: 'refund', unit: 'usd' } as const;
    const bounds = { perAct: 1n, actorDay: 2n, customerDay: 3n };
    const set = () =>
      inTransaction(database.db, 'limit', (tx) =>
        setLimit(tx, { ...limit, ...bounds }, { actor: 'usr_admin', reason: 'audit of May' }),
      );
    expect(await set()).toEqual({ outcome: 'set' });
    expect(await set()).toEqual({ outcome: 'unchanged' });
    const rows = await database.db.audit.findMany({ where: { act: 'limit.changed' }, take: 10 });
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      ...{ actor: 'usr_admin', reason: 'audit of May', subject: 'live:finance:refund:usd' },
      body: {
        before: { perAct: '50000', actorDay: '250000', customerDay: '100000' },
        after: { perAct: '1', actorDay: '2', customerDay: '3' },
      },
    });
    expect(await database.db.mail.count({ where: { kind: 'approvals.limit_changed' } })).toBe(1);
    const refund = { book: 'live', act: 'refund', role: 'finance', unit: 'usd', amount: 2n } as const;
    expect(await check(actBy('usr_1', refund))).toMatchObject({ outcome: 'above', limit: 1n });
  });
});

const ask = async (change: Partial<Parameters<typeof askApproval>[1]> = {}) => {
  const outcome = await inTransaction(database.db, 'ask', async (tx) =>
    askApproval(tx, {
      ...actBy('usr_asks', { customerId: await newCustomer(), amount: 5000n }),
      role: 'support',
      ...{
        body: { credits: '5000' },
        preview: { after: '5000' },
        reason: 'goodwill',
        comment: 'asked by mail',
      },
      ...change,
    }),
  );
  if (outcome.outcome !== 'asked') throw new Error(outcome.outcome);
  return outcome.approvalId;
};

/** What the ledger does for an approved adjustment. */
const adjusts =
  (tx: Parameters<typeof approve>[0]): CarryOut =>
  async (approval) => {
    const done = await adjust(tx, {
      ...{ book: approval.book, customerId: approval.customerId ?? '', amount: approval.amount },
      ...{ direction: 'add', expiresAt: null, actor: approval.requester, reason: approval.reason },
      key: `adjust:${approval.id}:${newId('req')}`,
    });
    return done.outcome === 'adjusted'
      ? { outcome: 'done', effects: [done.transferId] }
      : { outcome: 'not_done', why: done.outcome };
  };

const approveAs = (approver: string, approvalId: string, walletSeq = 0n): Promise<ApproveOutcome> =>
  inTransaction(database.db, 'approve', (tx) =>
    approve(tx, { approvalId, approver, role: 'finance', walletSeq }, adjusts(tx)),
  );

const rowOf = (id: string) => database.db.approval.findUniqueOrThrow({ where: { id } });
const auditOf = async (id: string) => {
  const rows = await database.db.audit.findMany({ where: { subject: id }, orderBy: { seq: 'asc' }, take: 9 });
  return rows.map(({ actor, act }) => `${actor} ${act}`);
};

describe('an act that takes two', () => {
  it('approved by two people at once is carried out once, and counts against nobody’s limit', async () => {
    const id = await ask();
    const outcomes = await Promise.all(['usr_b', 'usr_c'].map((approver) => approveAs(approver, id)));
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['closed', 'executed']);
    const { customerId: customer, state } = await rowOf(id);
    expect(state).toBe('executed');
    const wallet = await database.db.wallet.findFirstOrThrow({ where: { customerId: customer ?? '' } });
    expect(wallet.available).toBe(5000n);
    expect(await check(actBy('usr_asks', { customerId: customer }))).toMatchObject({ used: 0n });
    const done = await database.db.staffAct.findUniqueOrThrow({ where: { approvalId: id } });
    expect(done).toMatchObject({ actor: 'usr_asks', amount: 5000n });
    expect(await auditOf(id)).toEqual([
      'usr_asks approval.asked',
      expect.stringMatching(/^usr_[bc] approval.executed$/),
    ]);
  });

  it('is not approved by who asked for it: the door says so, and the database refuses it', async () => {
    const id = await ask();
    expect(await approveAs('usr_asks', id)).toEqual({ outcome: 'own_request' });
    const forced = { state: 'executed', approver: 'usr_asks', walletSeq: 0n, closedAt: new Date() } as const;
    await expect(database.db.approval.update({ where: { id }, data: forced })).rejects.toThrow(
      'approval_two_persons',
    );
  });

  it('on a wallet is neither asked, counted nor approved by the wallet’s own log-in', async () => {
    const own = actBy(ownerId, { amount: 1n });
    expect(await count(own)).toEqual({ outcome: 'own_wallet' });
    await expect(ask({ actor: ownerId, customerId })).rejects.toThrow('own_wallet');
    const id = await ask({ customerId });
    expect(await approveAs(ownerId, id)).toEqual({ outcome: 'own_wallet' });
    const forced = { state: 'executed', approver: ownerId, walletSeq: 0n, closedAt: new Date() } as const;
    await expect(database.db.approval.update({ where: { id }, data: forced })).rejects.toThrow(
      'approval_not_own_wallet',
    );
    const { subject, ...act } = own;
    await expect(
      database.db.staffAct.create({ data: { ...act, id: newId('act'), subject } }),
    ).rejects.toThrow('staff_act_not_own_wallet');
    const terms = { ...act, subject, id: newId('apr'), body: {}, preview: {}, reason: 'x', comment: 'x' };
    const { actor: requester, ...rest } = terms;
    await expect(database.db.approval.create({ data: { ...rest, requester } })).rejects.toThrow(
      'approval_not_own_wallet',
    );
  });

  it('is refused when the wallet is not what the approver saw', async () => {
    const customer = await newCustomer();
    const id = await ask({ customerId: customer });
    await inTransaction(database.db, 'meanwhile', (tx) =>
      adjust(tx, {
        ...{ book: 'test', customerId: customer, key: newId('req'), direction: 'add', amount: 1n },
        ...{ expiresAt: null, actor: 'test', reason: 'meanwhile' },
      }),
    );
    expect(await approveAs('usr_b', id)).toEqual({ outcome: 'wallet_moved', seq: 1n });
    expect(await approveAs('usr_b', id, 1n)).toMatchObject({ outcome: 'executed' });
  });

  it('stays open when it cannot be done, and nothing is written of it', async () => {
    const id = await ask();
    const outcome = await inTransaction(database.db, 'approve', (tx) =>
      approve(tx, { approvalId: id, approver: 'usr_b', role: 'admin', walletSeq: 0n }, () =>
        Promise.resolve({ outcome: 'not_done', why: 'insufficient' }),
      ),
    );
    expect(outcome).toEqual({ outcome: 'not_done', why: 'insufficient' });
    expect(await rowOf(id)).toMatchObject({ state: 'open', approver: null });
  });

  it('is asked for once per subject while it is open, and anew when it was rejected', async () => {
    const subject = newId('pay');
    const id = await ask({ subject });
    await expect(ask({ subject })).rejects.toThrow('already_asked');
    const reject = () =>
      inTransaction(database.db, 'reject', (tx) =>
        rejectApproval(tx, { approvalId: id, actor: 'usr_b', comment: 'too much' }),
      );
    expect(await reject()).toEqual({ outcome: 'rejected' });
    expect(await reject()).toEqual({ outcome: 'closed', state: 'rejected' });
    expect(await approveAs('usr_c', id)).toEqual({ outcome: 'closed', state: 'rejected' });
    expect(await ask({ subject })).not.toBe(id);
  });

  it('expires after seven days: it is not carried out, its room frees what it kept, and it is audited', async () => {
    const id = await ask();
    const { createdAt, expiresAt } = await rowOf(id);
    expect(expiresAt.getTime() - createdAt.getTime()).toBeCloseTo(7 * 24 * 3600 * 1000, -2);
    const overdue = newId('apr');
    const row = await rowOf(id);
    await database.db.approval.create({
      data: {
        ...{ ...row, id: overdue, subject: newId('pay'), body: {}, preview: {} },
        ...{ createdAt: new Date(Date.now() - 8 * 24 * 3600 * 1000), expiresAt: new Date(Date.now() - 1) },
      },
    });
    expect(await approveAs('usr_b', overdue)).toEqual({ outcome: 'expired' });
    const freed: string[] = [];
    const releases = {
      adjust: (_tx: unknown, approval: { id: string }) => {
        freed.push(approval.id);
        return Promise.resolve();
      },
    };
    expect(await expireApprovals(database.db, releases)).toBe(1);
    expect(await expireApprovals(database.db, releases)).toBe(0);
    expect(freed).toEqual([overdue]);
    expect(await rowOf(overdue)).toMatchObject({ state: 'expired' });
    expect(await auditOf(overdue)).toEqual(['system approval.expired']);
    expect(await rowOf(id)).toMatchObject({ state: 'open' });
  });

  it('keeps what was asked for: neither its terms nor how it was closed can change', async () => {
    const id = await ask();
    const change = (sql: string) => database.db.$executeRawUnsafe(`${sql} WHERE id = '${id}'`);
    await expect(change('UPDATE approval SET amount = 9000000')).rejects.toThrow('approval refuses');
    await expect(change('DELETE FROM approval')).rejects.toThrow('approval refuses');
    await approveAs('usr_b', id);
    await expect(
      change(`UPDATE approval SET state = 'open', approver = NULL, wallet_seq = NULL, closed_at = NULL`),
    ).rejects.toThrow('approval refuses');
    await expect(database.db.$executeRaw`DELETE FROM staff_act`).rejects.toThrow('staff_act refuses');
  });
});

describe('a mail about a request', () => {
  const APP = 'https://credits.example.test';
  const mail = (approvalId: string, kind: 'asked' | 'closed') =>
    mailApproval(database.db, { approvalId, mail: kind }, APP);
  const mailsOf = async (id: string) => {
    const rows = await database.db.mail.findMany({
      where: { cause: { startsWith: `approval:${id}:` } },
      orderBy: { id: 'asc' },
      take: 20,
    });
    return rows.map(({ recipient, kind, text }) => ({
      recipient,
      kind,
      hasLink: text.includes(`${APP}/admin/approvals/${id}`),
    }));
  };
  const newStaff = async (role: 'support' | 'finance') => {
    const id = newId('usr');
    const email = `${id}@example.test`;
    await database.db.user.create({ data: { id, email, name: role, passwordHash: 'none', role } });
    return { id, email };
  };

  it('asks everybody who may decide but the one who asked, once, and tells the asker once how it ended', async () => {
    const [asker, decider] = [await newStaff('finance'), await newStaff('finance')];
    await newStaff('support');
    const id = await ask({ actor: asker.id, role: 'finance' });
    for (let n = 0; n < 2; n += 1) await mail(id, 'asked');
    // How it ended is not told while it is open.
    await mail(id, 'closed');
    const asked = (recipient: string) => ({ recipient, kind: 'approvals.asked', hasLink: true });
    expect(await mailsOf(id)).toEqual([asked('admin@example.test'), asked(decider.email)]);
    expect(await approveAs(decider.id, id)).toMatchObject({ outcome: 'executed' });
    for (const kind of ['closed', 'asked', 'closed'] as const) await mail(id, kind);
    expect((await mailsOf(id)).slice(2)).toEqual([
      { recipient: asker.email, kind: 'approvals.closed', hasLink: true },
    ]);
  });

  it('is queued by the request and by its end', async () => {
    const id = await ask();
    await approveAs('usr_b', id);
    const jobs = await database.db.$queryRaw<{ key: string }[]>`
      SELECT key FROM graphile_worker.jobs WHERE key LIKE ${`approvals.mail:${id}:%`} ORDER BY key`;
    expect(jobs.map(({ key }) => key)).toEqual([`approvals.mail:${id}:asked`, `approvals.mail:${id}:closed`]);
  });
});
