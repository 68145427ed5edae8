import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';

import { newWallet, type TestWallet } from '../../app/modules/ledger/testing/wallets';
import { type Answer, type Member, useTestConsole } from '../support/test-console';
import { useTestDatabase } from '../support/test-database';

/** What staff do to a customer from their page, sent to its routes. */
const ACTS = 'admin.customers.$customerId_.acts';
const DELETION = 'admin.customers.$customerId_.deletion';
const APPROVAL = 'admin.approvals.$approvalId';
const database = useTestDatabase();
const desk = useTestConsole(database);
let support: Member;
let finance: Member;
let admin: Member;
beforeAll(async () => {
  [support, finance, admin] = [
    await desk.staff('support'),
    await desk.staff('finance'),
    await desk.staff('admin'),
  ];
});

const wallet = async (credits = 1000n): Promise<TestWallet> => {
  const made = await newWallet(database.db);
  await made.lot(credits);
  return made;
};
const form = (change: Record<string, string> = {}) => ({
  ...{ intent: 'adjust', seq: '1', direction: 'add', amount: '250', reason: 'goodwill', key: randomUUID() },
  ...{ comment: 'ticket 4711', ...change },
});
const on = ({ customerId }: TestWallet, fields: Record<string, string>, as = support) =>
  desk.send(ACTS, { as, params: { customerId }, fields });
const told = (answer: Answer) =>
  typeof answer === 'number' ? String(answer) : `${answer.outcome}: ${answer.message ?? ''}`;

describe('an adjustment', () => {
  it('stands in the books with its reason and audit, once however often the dialog is sent', async () => {
    const one = await wallet();
    const fields = form();
    const answers = await Promise.all([on(one, fields), on(one, fields)]);
    answers.push(await on(one, fields));
    for (const answer of answers)
      expect(told(answer)).toBe('done: 250 credits added; 1,250 were available then.');
    expect(await one.story()).toEqual([
      'grant: issued.manual → available 1000',
      'adjust: issued.manual → available 250',
    ]);
    expect(await desk.auditsOf(one.customerId)).toEqual([`${support.userId} credits.adjusted goodwill`]);
    expect(told(await on(one, { ...fields, amount: '251' }))).toMatch(
      /^refused: This dialog did something else/,
    );
  });

  it('of a wallet that moved, or of more than is there, writes nothing', async () => {
    const one = await wallet();
    await desk.writingNothing(async () => {
      expect(told(await on(one, form({ seq: '0' })))).toMatch(
        /^refused: The wallet has moved since you looked: 1,000/,
      );
      const taken = form({ direction: 'subtract', amount: '1,001' });
      expect(told(await on(one, taken, admin))).toBe('refused: Only 1,000 are available. Nothing was done.');
      expect(told(await on(one, form({ lastDay: '2026-01-01' })))).toMatch(/^refused/);
      const nobody = { as: support, params: { customerId: 'cst_nobody' }, fields: form({ seq: '0' }) };
      expect(told(await desk.send(ACTS, nobody))).toBe('refused: There is no such customer.');
    });
  });

  it('above the limit moves nothing until somebody else approves it as the wallet was seen', async () => {
    const one = await wallet();
    const fields = form({ amount: '5000' });
    expect(told(await on(one, fields))).toMatch(/^asked: 5,000 credits: nothing has moved/);
    expect(told(await on(one, fields))).toMatch(/^asked/);
    const { id: approvalId } = await database.db.approval.findFirstOrThrow({
      where: { customerId: one.customerId },
    });
    expect(await database.db.approval.count({ where: { customerId: one.customerId } })).toBe(1);
    const decide = (as: Member, change: Record<string, string> = {}) =>
      desk.send(APPROVAL, {
        as,
        params: { approvalId },
        fields: { intent: 'approve', seq: '1', reason: 'checked', ...change },
      });
    expect(await decide(support)).toBe(403);
    await one.spend(10n);
    expect(told(await decide(finance))).toMatch(/^refused: The wallet has moved since you looked/);
    await desk.expectFieldsRefused(
      APPROVAL,
      { as: finance, params: { approvalId }, fields: { intent: 'approve', seq: '2', reason: 'checked' } },
      [
        ['seq', ''],
        ['reason', 'goodwill'],
        ['comment', ' '],
      ],
    );
    expect(told(await decide(finance, { seq: '2' }))).toBe('done: The adjustment stands in the books.');
    expect(told(await decide(admin, { seq: '3' }))).toMatch(/^refused: Somebody approved it before you/);
    expect(await one.balance()).toMatchObject({ available: 5990n });
    expect(await desk.auditsOf(approvalId)).toEqual([
      `${support.userId} approval.asked goodwill`,
      `${finance.userId} approval.executed checked`,
    ]);
  });

  it('asked for is declined by who asked or by finance, and by no other', async () => {
    const one = await wallet();
    await on(one, form({ amount: '5000' }));
    const { id: approvalId } = await database.db.approval.findFirstOrThrow({
      where: { customerId: one.customerId },
    });
    const decline = (as: Member) =>
      desk.send(APPROVAL, { as, params: { approvalId }, fields: { intent: 'decline', reason: 'mistake' } });
    const other = await desk.staff('support');
    await desk.writingNothing(async () => {
      expect(told(await decline(other))).toBe('refused: Finance decides about requests of others.');
    });
    expect(told(await decline(support))).toBe('done: The request is closed, and nothing has moved.');
    expect(told(await decline(finance))).toBe('refused: It was closed before you: look at how it ended.');
    expect(await desk.auditsOf(approvalId)).toEqual([
      `${support.userId} approval.asked goodwill`,
      `${support.userId} approval.rejected mistake`,
    ]);
  });

  it('needs the role, a fresh proof, a page of this site and a whole form', async () => {
    const { customerId } = await wallet();
    const sent = { params: { customerId }, fields: form() };
    await desk.expectGuarded(ACTS, sent, { least: 'support', lower: 'viewer' });
    await desk.expectFieldsRefused(ACTS, { as: support, ...sent }, [
      ...([
        ['seq', ''],
        ['direction', 'gift'],
        ['amount', '0'],
        ['amount', '-5'],
        ['amount', '1.5'],
      ] as const),
      ...([
        ['amount', ''],
        ['lastDay', 'soon'],
        ['reason', 'because'],
        ['comment', ''],
        ['key', 'x'],
      ] as const),
    ]);
    const approval = {
      params: { approvalId: 'apr_none' },
      fields: { intent: 'approve', seq: '1', reason: 'checked' },
    };
    await desk.expectGuarded(APPROVAL, approval, { least: 'finance', lower: 'support' });
  });
});

describe('a freeze', () => {
  it('keeps the wallet from being spent until it is thawed, each with its audit and each once', async () => {
    const one = await wallet();
    const freeze = { intent: 'freeze', reason: 'abuse', key: randomUUID() };
    for (let n = 0; n < 2; n += 1)
      expect(told(await on(one, freeze))).toBe('done: The wallet is frozen until somebody thaws it.');
    expect(await one.spend(1n)).toMatchObject({ outcome: 'frozen' });
    const [row, ...others] = await database.db.walletFreeze.findMany({
      where: { wallet: { customerId: one.customerId } },
      take: 5,
    });
    expect(others).toEqual([]);
    const thaw = { intent: 'thaw', cause: row?.cause ?? '', reason: 'resolved', key: randomUUID() };
    expect(told(await on(one, thaw))).toBe('done: The wallet can be spent from again.');
    await on(one, thaw);
    expect(await one.spend(1n)).toMatchObject({ outcome: 'spent' });
    expect(await desk.auditsOf(one.customerId)).toEqual([
      `${support.userId} wallet.frozen abuse`,
      `${support.userId} wallet.thawed resolved`,
    ]);
  });

  it('and its end need the role, a fresh proof, a page of this site and a whole form', async () => {
    const { customerId } = await wallet();
    for (const fields of [
      { intent: 'freeze', reason: 'fraud' },
      { intent: 'thaw', cause: 'x', reason: 'mistake' },
    ]) {
      const sent = { params: { customerId }, fields };
      await desk.expectGuarded(ACTS, sent, { least: 'support', lower: 'viewer' });
      await desk.expectFieldsRefused(ACTS, { as: support, ...sent }, [
        ['reason', 'goodwill'],
        ['comment', ''],
      ]);
    }
    await desk.writingNothing(async () => {
      const thaw = { intent: 'thaw', cause: 'nothing', reason: 'mistake' };
      expect(told(await desk.send(ACTS, { as: support, params: { customerId }, fields: thaw }))).toMatch(
        /^refused/,
      );
    });
  });
});

describe('a deletion', () => {
  const asked = async () => {
    const one = await wallet();
    const email = `${one.customerId}@example.test`;
    await database.db.customer.update({ where: { id: one.customerId }, data: { email } });
    const fields = { intent: 'delete', confirmation: email, reason: 'customer_asked', key: randomUUID() };
    return { one, sent: { params: { customerId: one.customerId }, fields } };
  };

  it('is asked for once, freezes at once, and is called off with everything free again', async () => {
    const { one, sent } = await asked();
    const ask = () => desk.send(DELETION, { as: admin, ...sent });
    const answers = await Promise.all([ask(), ask()]);
    for (const answer of answers) expect(told(answer)).toMatch(/^open: They are logged out/);
    expect(await database.db.customerDeletion.count({ where: { customerId: one.customerId } })).toBe(1);
    expect(await one.spend(1n)).toMatchObject({ outcome: 'frozen' });
    const anew = { ...sent, fields: { ...sent.fields, key: randomUUID() } };
    expect(told(await desk.send(DELETION, { as: admin, ...anew }))).toMatch(/^refused: .* asked for already/);
    const off = { ...sent, fields: { intent: 'call_off', reason: 'other', key: randomUUID() } };
    expect(told(await desk.send(DELETION, { as: admin, ...off }))).toMatch(/^done: It is called off/);
    expect(told(await desk.send(DELETION, { as: admin, ...off }))).toMatch(/^done: It was called off before/);
    expect(await one.spend(1n)).toMatchObject({ outcome: 'spent' });
    expect(await desk.auditsOf(one.customerId)).toEqual([
      `${admin.userId} customer.deletion_asked customer_asked`,
      `${admin.userId} customer.deletion_canceled other`,
    ]);
  });

  it('is an admin’s, typed out, with a fresh proof and a whole form', async () => {
    const { sent } = await asked();
    await desk.expectGuarded(DELETION, sent, { least: 'admin', lower: 'finance' });
    await desk.expectFieldsRefused(DELETION, { as: admin, ...sent }, [
      ...([
        ['confirmation', 'someone@example.test'],
        ['confirmation', ''],
        ['reason', 'goodwill'],
      ] as const),
      ...([
        ['comment', ''],
        ['key', 'x'],
      ] as const),
    ]);
  });
});
