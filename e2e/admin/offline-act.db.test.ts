import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';

import { putCatalogItem } from '../../app/modules/catalog/index.server';
import { readBalance } from '../../app/modules/ledger/index.server';
import { inTransaction } from '../../app/platform/db.server';
import { newId } from '../../app/platform/ids.server';
import { DEMO_PACKS } from '../../prisma/demo';
import { type Answer, type Member, useTestConsole } from '../support/test-console';
import { useTestDatabase } from '../support/test-database';

/** Money that was paid outside Stripe, recorded by two people at the console's routes. */
const OFFLINE = 'admin.payments.offline';
const APPROVAL = 'admin.approvals.$approvalId';
const database = useTestDatabase();
const desk = useTestConsole(database);
let first: Member;
let second: Member;
beforeAll(async () => {
  await inTransaction(database.db, 'packs', async (tx) => {
    for (const pack of DEMO_PACKS) await putCatalogItem(tx, pack);
  });
  [first, second] = [await desk.staff('finance'), await desk.staff('finance')];
});

const newCustomer = async () => {
  const id = newId('cst');
  await database.db.customer.create({ data: { id } });
  return id;
};
const form = async (change: Record<string, string> = {}) => ({
  ...{ customer: await newCustomer(), sold: 'custom', credits: '7000', amount: '500.00', currency: 'usd' },
  ...{ channel: 'wire', reference: `INV ${newId('req')}`, reason: 'contract', key: randomUUID(), ...change },
});
type Form = Awaited<ReturnType<typeof form>>;
const ask = (fields: Form, as = first) => desk.send(OFFLINE, { as, fields });
const approvalOf = (fields: Form) =>
  database.db.approval.findFirstOrThrow({ where: { customerId: fields.customer } });
const decide = (as: Member, approvalId: string, change: Record<string, string> = {}) =>
  desk.send(APPROVAL, {
    ...{ as, params: { approvalId } },
    fields: { intent: 'approve', seq: '0', reason: 'checked', ...change },
  });
const told = (answer: Answer) =>
  typeof answer === 'number' ? answer : `${answer.outcome}: ${answer.message ?? ''}`;
const available = async (customerId: string) =>
  (await readBalance(database.db, { book: 'test', customerId })).available;

it('takes two people: asked for once, approved by another at the approvals, granted once, audited', async () => {
  const fields = await form();
  const answers = await Promise.all([ask(fields), ask(fields)]);
  for (const answer of answers)
    expect(told(answer)).toMatch(/^asked: Nothing moves until somebody else approves it/);
  const { id } = await approvalOf(fields);
  expect(await database.db.approval.count({ where: { customerId: fields.customer } })).toBe(1);
  expect(await database.db.payment.count({ where: { customerId: fields.customer } })).toBe(0);
  expect(told(await decide(first, id))).toBe('refused: You asked for this yourself: somebody else decides.');
  expect(await decide(await desk.staff('support'), id)).toBe(403);
  const both = await Promise.all([decide(second, id), decide(await desk.staff('admin'), id)]);
  expect(both.map(told).sort()).toEqual([
    'done: The payment is recorded and its credits are granted.',
    'refused: Somebody approved it before you: it is carried out already, once.',
  ]);
  const payment = await database.db.payment.findFirstOrThrow({ where: { customerId: fields.customer } });
  expect(payment).toMatchObject({ kind: 'offline', state: 'paid', amountPaid: 50_000n, credits: 7000n });
  expect(await available(fields.customer)).toBe(7000n);
  expect(await desk.auditsOf(payment.id)).toEqual([`${first.userId} offline.recorded contract`]);
  expect(await desk.auditsOf(id)).toEqual([
    `${first.userId} approval.asked contract`,
    expect.stringMatching(/ approval.executed checked$/),
  ]);
  const anew = { ...fields, key: randomUUID() };
  expect(await ask(anew)).toMatchObject({ outcome: 'refused', fields: { reference: ['Recorded already.'] } });
});

it('a pack is sold as often as it says; what waits under the reference is not asked for twice', async () => {
  const { versions } = await database.db.catalogItem.findFirstOrThrow({
    where: { code: 'team' },
    select: { versions: { orderBy: { n: 'desc' }, take: 1, select: { id: true, credits: true } } },
  });
  const [version] = versions;
  const fields = await form({ sold: version?.id ?? '', credits: '', quantity: '2' });
  await ask(fields);
  expect(told(await ask({ ...fields, key: randomUUID() }, second))).toMatch(/^asked: This reference waits/);
  const { id } = await approvalOf(fields);
  await decide(second, id);
  expect(await available(fields.customer)).toBe(2n * (version?.credits ?? 0n));
});

it('declined it leaves nothing', async () => {
  const fields = await form();
  await ask(fields);
  const { id } = await approvalOf(fields);
  expect(told(await decide(second, id, { intent: 'decline', reason: 'unfounded' }))).toMatch(
    /^done: The request is closed/,
  );
  expect(told(await decide(second, id))).toMatch(/^refused/);
  expect(await database.db.payment.count({ where: { customerId: fields.customer } })).toBe(0);
  expect(await desk.auditsOf(id)).toEqual([
    `${first.userId} approval.asked contract`,
    `${second.userId} approval.rejected unfounded`,
  ]);
});

it('needs finance, a fresh proof, a page of this site and a whole form', async () => {
  const fields = await form();
  await desk.expectGuarded(OFFLINE, { fields }, { least: 'finance', lower: 'support' });
  await desk.expectFieldsRefused(OFFLINE, { as: first, fields }, [
    ...([
      ['customer', ''],
      ['sold', ''],
      ['credits', ''],
      ['credits', '0'],
      ['quantity', '0'],
    ] as const),
    ...([
      ['amount', ''],
      ['amount', '0'],
      ['amount', '5.001'],
      ['currency', 'dollars'],
    ] as const),
    ...([
      ['channel', 'cash'],
      ['reference', ''],
      ['reference', 'é'],
      ['reason', 'goodwill'],
    ] as const),
    ...([
      ['comment', ''],
      ['key', '1'],
    ] as const),
  ]);
  await desk.writingNothing(async () => {
    expect(told(await ask({ ...fields, customer: 'cst_nobody' }))).toMatch(/^refused: .* no such customer/);
    expect(told(await ask({ ...fields, sold: 'ver_none' }))).toMatch(/^refused: .* no such pack/);
  });
});
