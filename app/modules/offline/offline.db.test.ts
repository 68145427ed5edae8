import { beforeAll, describe, expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { putCatalogItem } from '~/modules/catalog/index.server';
import { readBalance } from '~/modules/ledger/index.server';
import { inTransaction } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';
import { DEMO_PACKS } from '../../../prisma/demo';

import { approveOffline, askOffline, listOfflinePacks, rejectOffline } from './index.server';

const database = useTestDatabase();
const realm = { id: newId('rlm'), account: 'acct_offline', mode: 'test', name: 'Shop' } as const;
beforeAll(async () => {
  await database.db.realm.create({ data: { ...realm, sells: true } });
  await inTransaction(database.db, 'packs', async (tx) => {
    for (const pack of DEMO_PACKS) await putCatalogItem(tx, pack);
  });
});

const newCustomer = async (data: { userId?: string } = {}) => {
  const id = newId('cst');
  await database.db.customer.create({ data: { id, email: `${id}@example.test`, ...data } });
  return id;
};

type Request = Parameters<typeof askOffline>[1];
const ask = async (change: Partial<Request> = {}) => {
  const customerId = change.customerId ?? (await newCustomer());
  return askOffline(database.db, {
    ...{ realm, customerId, sold: { credits: 7000n }, amount: 50_000n, currency: 'usd' },
    ...{ channel: 'wire', reference: `INV ${newId('req')}`, key: crypto.randomUUID() },
    ...{ actor: 'usr_fay', role: 'finance', reason: 'contract', comment: 'order 12 of May' },
    ...change,
  });
};
const asked = async (change: Partial<Request> = {}) => {
  const outcome = await ask(change);
  if (outcome.outcome !== 'asked') throw new Error(outcome.outcome);
  return outcome.approvalId;
};
const approveAs = (approver: string, approvalId: string, walletSeq = 0n) =>
  approveOffline(database.db, { approvalId, approver, role: 'finance', walletSeq });
const available = async (customerId: string) =>
  (await readBalance(database.db, { book: 'test', customerId })).available;

describe('a payment made outside Stripe', () => {
  it('moves nothing until a second person approves it, then is one sale with one grant under its own key', async () => {
    const customerId = await newCustomer();
    const approvalId = await asked({ customerId, reference: ' RF18 5390 ' });
    expect(await database.db.payment.count({ where: { customerId } })).toBe(0);
    expect(await available(customerId)).toBe(0n);
    expect(await approveAs('usr_fay', approvalId)).toEqual({ outcome: 'own_request' });
    const both = await Promise.all([approveAs('usr_ada', approvalId), approveAs('usr_bea', approvalId)]);
    expect(both.map(({ outcome }) => outcome).sort()).toEqual(['closed', 'executed']);
    expect(await available(customerId)).toBe(7000n);
    const payment = await database.db.payment.findFirstOrThrow({
      where: { customerId },
      include: { offline: true, transfers: true, lots: true },
    });
    expect(payment).toMatchObject({
      ...{ kind: 'offline', state: 'paid', amountPaid: 50_000n, currency: 'usd', credits: 7000n },
      ...{ moneyObject: 'wire:rf185390', stripeIntent: null },
      offline: { channel: 'wire', reference: 'RF18 5390', referenceKey: 'rf185390', approvalId },
      transfers: [{ key: `grant:${payment.id}`, amount: 7000n }],
      lots: [{ paidMinor: 50_000n, currency: 'usd' }],
    });
    const audit = await database.db.audit.findFirstOrThrow({ where: { subject: payment.id } });
    expect(audit).toMatchObject({ actor: 'usr_fay', act: 'offline.recorded', reason: 'contract' });
  });

  it('takes two people however small it is, for an admin too', async () => {
    expect(await ask({ amount: 1n, role: 'admin', sold: { credits: 1n } })).toMatchObject({
      outcome: 'asked',
    });
  });

  it('is recorded once by its reference, however it is written, and asked again by its own dialog is one request', async () => {
    const [key, reference] = [crypto.randomUUID(), 'Order 77-A'];
    const customerId = await newCustomer();
    const approvalId = await asked({ customerId, key, reference });
    expect(await ask({ customerId, key, reference })).toEqual({
      outcome: 'asked',
      approvalId,
      isRepeat: true,
    });
    expect(await ask({ reference: 'order77-a' })).toEqual({ outcome: 'already_asked', approvalId });
    expect(await ask({ reference: 'order77-a', channel: 'invoice' })).toMatchObject({ outcome: 'asked' });
    expect(await approveAs('usr_ada', approvalId)).toMatchObject({ outcome: 'executed' });
    expect(await ask({ reference: 'ORDER 77-a' })).toMatchObject({ outcome: 'already_recorded' });
    const { paymentId } = await database.db.offlinePayment.findUniqueOrThrow({ where: { approvalId } });
    const again = { paymentId, book: 'test', channel: 'wire', reference: 'x', approvalId } as const;
    await expect(
      database.db.offlinePayment.create({
        data: { ...again, paymentId: newId('pay'), approvalId: newId('apr'), referenceKey: 'order77-a' },
      }),
    ).rejects.toThrow('Unique constraint');
  });

  it('is never what a request of another kind becomes', async () => {
    const other = { id: newId('apr'), book: 'test', act: 'adjust', role: 'support', subject: 'a' } as const;
    const terms = { unit: 'credits', amount: 5n, body: {}, preview: {}, reason: 'goodwill', comment: 'x' };
    await database.db.approval.create({ data: { ...other, ...terms, requester: 'usr_fay' } });
    expect(await approveAs('usr_ada', other.id)).toEqual({ outcome: 'not_found' });
  });

  it('approved when its reference was recorded meanwhile records nothing more', async () => {
    const approvalId = await asked();
    const { body, preview, ...row } = await database.db.approval.findUniqueOrThrow({
      where: { id: approvalId },
    });
    const twin = { ...row, id: newId('apr'), subject: 'another', body: body ?? {}, preview: preview ?? {} };
    await database.db.approval.create({ data: twin });
    expect(await approveAs('usr_ada', approvalId)).toMatchObject({ outcome: 'executed' });
    const { customerId } = row;
    const { seq } = await readBalance(database.db, { book: 'test', customerId: customerId ?? '' });
    expect(await approveAs('usr_ada', twin.id, seq)).toEqual({
      ...{ outcome: 'not_done', why: 'already_recorded' },
    });
  });

  it('of a pack sells the pack’s credits, as often as it says', async () => {
    const [, team] = await listOfflinePacks(database.db);
    const customerId = await newCustomer();
    const sold = { versionId: team?.versionId ?? '', quantity: 3 };
    await approveAs('usr_ada', await asked({ customerId, sold, amount: 5500n }));
    expect(await available(customerId)).toBe(7500n);
    expect(await ask({ sold: { versionId: 'ver_none', quantity: 1 } })).toEqual({ outcome: 'unknown_pack' });
  });

  it('is refused for the wallet of one’s own log-in, for nobody, and for nothing', async () => {
    await database.db.user.create({
      data: { id: 'usr_fay', email: 'fay@example.test', name: 'Fay', role: 'finance', passwordHash: 'x' },
    });
    const own = await newCustomer({ userId: 'usr_fay' });
    expect(await ask({ customerId: own })).toEqual({ outcome: 'own_wallet' });
    expect(await ask({ customerId: 'cst_nobody' })).toEqual({ outcome: 'unknown_customer' });
    expect(await ask({ amount: 0n })).toEqual({ outcome: 'nothing_sold' });
    expect(await ask({ sold: { credits: 0n } })).toEqual({ outcome: 'nothing_sold' });
  });

  it('that is declined leaves nothing, and may be asked for anew', async () => {
    const reference = 'declined 1';
    const approvalId = await asked({ reference });
    const by = { approvalId, actor: 'usr_ada', comment: 'never arrived' };
    expect(await rejectOffline(database.db, by)).toEqual({ outcome: 'rejected' });
    expect(await approveAs('usr_bea', approvalId)).toMatchObject({ outcome: 'closed' });
    expect(await ask({ reference })).toMatchObject({ outcome: 'asked', isRepeat: false });
  });

  it('is refused by the database unless somebody approved it, and never changes', async () => {
    const customerId = await newCustomer();
    const id = newId('pay');
    const row = {
      ...({ kind: 'offline', state: 'paid' } as const),
      ...{ id, realmId: realm.id, customerId, credits: 5n, currency: 'usd' },
      ...{ amountSubtotal: 5n, amountPaid: 5n, paidAt: new Date() },
    };
    await expect(database.db.payment.create({ data: row })).rejects.toThrow('recorded by nobody');
    const approvalId = await asked({ customerId });
    const recorded = { paymentId: id, book: 'test', channel: 'wire', reference: 'y', approvalId } as const;
    await expect(
      inTransaction(database.db, 'alone', async (tx) => {
        await tx.payment.create({ data: row });
        await tx.offlinePayment.create({ data: { ...recorded, referenceKey: 'y' } });
      }),
    ).rejects.toThrow('approved by nobody');
    await expect(database.db.$executeRaw`UPDATE offline_payment SET reference = 'z'`).rejects.toThrow();
  });
});
