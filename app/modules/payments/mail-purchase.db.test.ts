import { afterEach, describe, expect, it, vi } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { runJobs } from '~/modules/jobs/index.server';
import { handlersWith } from '~/modules/jobs/testing/handlers';
import { type SaleFact } from '~/modules/stripe/shared';
import { inTransaction } from '~/platform/db.server';
import { seconds } from '~/platform/time';

import { applyFact } from './apply-fact.server';
import { mailPurchase } from './mail-purchase.server';
import { makeSale, type TestSale } from './testing/sale';

const APP = 'https://credits.example.test';
const database = useTestDatabase();

const running: { stop: () => Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((jobs) => jobs.stop()));
});

const bring = (sale: TestSale, fact: SaleFact) =>
  inTransaction(database.db, 'bring', (tx) => applyFact(tx, fact, sale.context));

const mailsOf = ({ paymentId }: TestSale) =>
  database.db.mail.findMany({ where: { cause: `payment:${paymentId}` } });

/** Works the queue as the worker does; mails stay in the outbox. */
async function workJobs(): Promise<void> {
  const none = () => Promise.resolve();
  const handlers = handlersWith({ 'payments.mail': (mail) => mailPurchase(database.db, mail, APP) }, none);
  running.push(await runJobs({ db: database.db, concurrency: 2, handlers, schedule: [] }));
}

const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: seconds(20), interval: 50 });

describe('a customer is told by mail', () => {
  it('that credits were added, once, however often Stripe says that they paid', async () => {
    const sale = await makeSale(database.db);
    for (const fact of [sale.session, sale.intent, sale.session, sale.charge]) await bring(sale, fact);
    await workJobs();
    await eventually(async () => expect(await mailsOf(sale)).toHaveLength(1));
    await mailPurchase(database.db, { paymentId: sale.paymentId, mail: 'credits_added' }, APP);
    const [mail, ...more] = await mailsOf(sale);
    expect(more).toEqual([]);
    expect(mail).toMatchObject({ kind: 'payments.credits_added', subject: '1,000 credits added' });
    expect(mail?.recipient).toMatch(/@example\.test$/);
    expect(mail?.text).toContain('we received $10.00');
    expect(mail?.text).toContain(`${APP}/payments/${sale.paymentId}`);
  });

  it('that money is being checked, and nothing of credits', async () => {
    const sale = await makeSale(database.db);
    await bring(sale, { ...sale.session, amountSubtotal: 900n, amountTotal: 900n });
    await workJobs();
    await eventually(async () => expect(await mailsOf(sale)).toMatchObject([{ kind: 'payments.in_review' }]));
    expect((await mailsOf(sale))[0]?.text).toContain('Please do not pay again');
  });

  it('that the bank refused, and that nothing was added', async () => {
    const sale = await makeSale(database.db);
    await bring(sale, { ...sale.session, paymentStatus: 'unpaid' });
    await bring(sale, { ...sale.session, paymentStatus: 'failed' });
    await workJobs();
    await eventually(async () => expect(await mailsOf(sale)).toMatchObject([{ kind: 'payments.failed' }]));
  });

  it('nothing that is true no more: a refusal that was followed by the money', async () => {
    const sale = await makeSale(database.db);
    await bring(sale, { ...sale.session, paymentStatus: 'unpaid' });
    await bring(sale, { ...sale.session, paymentStatus: 'failed' });
    await bring(sale, sale.session);
    await mailPurchase(database.db, { paymentId: sale.paymentId, mail: 'failed' }, APP);
    expect(await mailsOf(sale)).toEqual([]);
    await mailPurchase(database.db, { paymentId: sale.paymentId, mail: 'credits_added' }, APP);
    expect(await mailsOf(sale)).toMatchObject([{ kind: 'payments.credits_added' }]);
  });

  it('not when the settlement was rolled back', async () => {
    const sale = await makeSale(database.db);
    const crash = inTransaction(database.db, 'crash', async (tx) => {
      await applyFact(tx, sale.session, sale.context);
      throw new Error('died before commit');
    });
    await expect(crash).rejects.toThrow('died before commit');
    const jobs = await database.db.$queryRaw`
      SELECT 1 FROM graphile_worker._private_jobs WHERE key LIKE ${`payments.mail:${sale.paymentId}:%`}`;
    expect(jobs).toEqual([]);
  });

  it('only if there is an address; the payment page tells them either way', async () => {
    const sale = await makeSale(database.db);
    await database.db.customer.update({ where: { id: sale.customerId }, data: { email: null } });
    await mailPurchase(database.db, { paymentId: sale.paymentId, mail: 'credits_added' }, APP);
    expect(await mailsOf(sale)).toEqual([]);
  });

  it('of an order with nothing to pay without speaking of money received', async () => {
    const sale = await makeSale(database.db);
    await bring(sale, {
      ...sale.session,
      amountDiscount: 1000n,
      amountTotal: 0n,
      paymentStatus: 'no_payment_required',
      intentId: undefined,
    });
    await mailPurchase(database.db, { paymentId: sale.paymentId, mail: 'credits_added' }, APP);
    expect((await mailsOf(sale))[0]?.text).toContain('there was nothing to pay');
  });
});
