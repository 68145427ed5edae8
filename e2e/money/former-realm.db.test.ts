import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { readBalance } from '../../app/modules/ledger/index.server';
import { whatIsOpen } from '../../app/modules/health/index.server';
import { type OpenKind } from '../../app/modules/health/shared';
import { seePayment } from '../../app/modules/payments/index.server';
import { previewRefund, requestRefund } from '../../app/modules/refunds/index.server';
import { type HeldRealm, openPortal, settingsAmong } from '../../app/modules/stripe/index.server';
import { checkAbout } from '../../app/modules/webhooks/index.server';
import { inTransaction } from '../../app/platform/db.server';
import { seconds } from '../../app/platform/time';
import { dispatchFact } from '../../app/worker/dispatch.server';
import { until } from '../stripe-sandbox/testing/under-test';
import { useTestDatabase } from '../support/test-database';
import { bodyIn } from './testing/sandbox-shop';
import { type Accounts, askedOf, DEBIT, openAccounts } from './testing/two-accounts';

/** One live account after another: what was in flight in the first is finished there, with its own key. */
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
const intentOf = async (paymentId: string) => (await accounts.rowOf(paymentId)).stripeIntent ?? '';
const openIn = async ({ realm }: HeldRealm): Promise<Partial<Record<OpenKind, number>>> => {
  const { open } = await whatIsOpen(database.db, realm, new Date());
  return Object.fromEntries(open.flatMap(({ kind, count }) => (count === 0 ? [] : [[kind, count]])));
};

describe('live account A, then live account B', () => {
  let paid = '';
  let session = '';
  let debit = '';
  let dispute = '';

  it('A sells: one sale is paid and disputed, one waits on its page, one is with a bank', async () => {
    const { alphaLive } = accounts.places;
    ({ here: alpha } = await accounts.holdKeys(alphaLive));
    paid = await accounts.checkout(alpha, nora);
    await accounts.pay(alphaLive, paid);
    await accounts.untilState(paid, 'paid');
    session = await accounts.checkout(alpha, nora);
    debit = await accounts.checkout(alpha, nora, 'eur');
    await accounts.pay(alphaLive, debit, DEBIT);
    await accounts.untilState(debit, 'processing');
    const opened = alphaLive.at.moneyBack.openDispute(await intentOf(paid), 'chargeback', 'fraudulent');
    if (opened.outcome !== 'opened') throw new Error(opened.outcome);
    dispute = opened.disputeId;
    // Of the first sale some events may be on their way still.
    await vi.waitFor(async () => expect(await openIn(alpha)).toEqual({ payments: 2, disputes: 1 }), {
      timeout: seconds(20),
    });
  });

  it('B sells from now on, with the same balance and a Stripe customer of its own', async () => {
    const { alphaLive, bravoLive } = accounts.places;
    const before = await available();
    ({ here: bravo } = await accounts.holdKeys(bravoLive, alphaLive));
    expect(bravo.realm.id).not.toBe(alpha.realm.id);
    expect(await available()).toBe(before);
    const bought = await accounts.checkout(bravo, nora);
    await accounts.pay(bravoLive, bought);
    await accounts.untilState(bought, 'paid');
    expect(await available()).toBe(before + 2_500n);
    const images = await database.db.stripeCustomer.findMany({ where: { customerId: nora.id } });
    expect(new Set(images.map(({ realmId }) => realmId))).toEqual(new Set([alpha.realm.id, bravo.realm.id]));
    expect(images).toHaveLength(2);
  });

  it('what was in flight in A ends by A’s key and secret', async () => {
    const { alphaLive } = accounts.places;
    const before = await available();
    await accounts.pay(alphaLive, session);
    await accounts.untilState(session, 'paid');
    // No delivery tells of this one: the recheck asks, with A's key.
    accounts.lose(true);
    alphaLive.at.payments.answerDebit(await intentOf(debit), true);
    await database.db.payment.update({ where: { id: debit }, data: { checkAt: new Date(0) } });
    await accounts.runJob('payments.recheck');
    await accounts.untilState(debit, 'paid');
    accounts.lose(false);
    expect(await available()).toBe(before + 5_000n);
    expect(alphaLive.at.moneyBack.answerDispute(dispute, 'win').outcome).not.toBe('unknown_dispute');
    await until(async () => Object.keys(await openIn(alpha)).length === 0);
    expect(await available()).toBe(7_500n + 2_500n);
    const open = await whatIsOpen(database.db, alpha.realm, new Date());
    expect(open).toMatchObject({ total: 0, key: 'wanted' });
  });

  it('a look, a check and a refund go to the account that a row belongs to', async () => {
    const held = [bravo, alpha];
    const settingsOf = settingsAmong(held);
    const look = { book: 'live', customerId: nora.id, paymentId: session, sessionId: null } as const;
    expect((await seePayment(database.db, settingsOf, { ...look, now: Date.now() }))?.payment.state).toBe(
      'paid',
    );
    const asked = { actor: 'usr_1', reason: 'tested', realms: held };
    const checked = await checkAbout(
      { db: database.db, dispatch: dispatchFact },
      { ...asked, about: nora.id },
    );
    expect(checked).toMatchObject({ outcome: 'checked', keyless: [] });
    const key = await settingsOf(alpha.realm.id);
    if (key.outcome !== 'held') throw new Error(key.outcome);
    const { realm } = alpha;
    const seen = await inTransaction(database.db, 'preview', (tx) =>
      previewRefund(tx, { realmId: realm.id, paymentId: paid }),
    );
    const request = { realm, paymentId: paid, amount: 2_000n, key: seen?.key ?? '', comment: 'x' };
    const refunded = await requestRefund(database.db, key.settings, {
      ...{ ...request, actor: 'usr_1', role: 'admin', reason: 'requested_by_customer' },
    });
    expect(refunded).toMatchObject({ outcome: 'sent', status: 'succeeded' });
    const portal = { customerId: nora.id, returnUrl: 'http://127.0.0.1:3999/plan' };
    for (const { realm: at, settings } of held)
      expect(await openPortal(database.db, settings, { ...portal, realmId: at.id })).toMatchObject({
        outcome: 'redirect',
      });
  });

  it('no id of one account was ever asked of the other', () => {
    const [a, b] = [askedOf(accounts.places.alphaLive), askedOf(accounts.places.bravoLive)];
    expect([...a.missing, ...b.missing]).toEqual([]);
    expect([...a.ids].filter((id) => b.ids.has(id))).toEqual([]);
    expect(a.ids.size).toBeGreaterThan(10);
    expect(b.ids.size).toBeGreaterThan(4);
    expect(accounts.answers.filter(({ status }) => status !== 200)).toEqual([]);
  });
});

describe('without A’s key', () => {
  it('an event that has to be read rests under its name, and runs by itself once the key is back', async () => {
    const { alphaLive, bravoLive } = accounts.places;
    const waits = await accounts.checkout(alpha, nora);
    await accounts.stopWorker();
    accounts.lose(true);
    await accounts.pay(alphaLive, waits);
    const said = await until(() =>
      alphaLive.at.events.list({ limit: 100 }).rows.find(({ type }) => type === 'checkout.session.completed'),
    );
    // Another version of the API says nothing by itself: its object is read.
    const body = bodyIn(JSON.parse(alphaLive.at.events.find(said.id)?.body ?? ''), '2024-06-20');
    await database.db.event.create({
      data: {
        ...{ realmId: alpha.realm.id, id: said.id, type: said.type, payload: body, sha: Buffer.alloc(32) },
        ...{ apiVersion: '2024-06-20', created: new Date() },
      },
    });
    await accounts.holdKeys(bravoLive);
    const resting = await until(async () => {
      const row = await database.db.event.findFirst({ where: { id: said.id } });
      return row?.status === 'quarantined' && row;
    });
    expect(resting).toMatchObject({ reason: 'no_key_of_realm', tries: 1 });
    const look = { book: 'live', customerId: nora.id, paymentId: waits, sessionId: null } as const;
    const alone = settingsAmong([bravo]);
    const seen = await seePayment(database.db, alone, { ...look, now: Date.now() });
    expect(seen?.payment.state).toBe('open');
    expect(await alone(alpha.realm.id)).toEqual({ outcome: 'no_key' });
    const asked = { actor: 'usr_1', reason: 'tested', realms: [bravo], about: waits };
    expect(await checkAbout({ db: database.db, dispatch: dispatchFact }, asked)).toEqual({
      ...{ outcome: 'no_key', keyless: [alpha.realm.id] },
    });
    // Nothing asks again while the key is away: the attempts stay where they are.
    const tries = () => database.db.attempt.count({ where: { eventId: said.id } });
    expect(await tries()).toBe(1);
    expect((await openIn(alpha)).events).toBe(1);
    await accounts.holdKeys(bravoLive, alphaLive);
    await accounts.untilState(waits, 'paid');
    expect(await database.db.event.findFirst({ where: { id: said.id } })).toMatchObject({
      status: 'done',
      run: 2,
    });
  });
});
