import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import Stripe from 'stripe';
import { describe, expect, it } from 'vitest';

import { tsxArgs } from '../../app/cli/project';
import { makePayment } from '../../app/modules/admin/testing/console-data';
import { readBalance } from '../../app/modules/ledger/index.server';
import { drivenInbox } from '../../app/modules/payments/testing/driven-inbox';
import { makeRealm } from '../../app/modules/stripe/testing/deliveries';
import { checkAbout } from '../../app/modules/webhooks/index.server';
import { newId } from '../../app/platform/ids.server';
import { dispatchFact } from '../../app/worker/dispatch.server';
import { CARD } from './testing/sandbox-shop';
import { useTestStore } from './testing/store';

const store = useTestStore();

/** What Stripe sends is lost in these tests: only a look at Stripe brings it. */
const check = (about: string, most?: number) => {
  const { realm, settings } = store.shop;
  const deps = { db: store.db, dispatch: dispatchFact };
  return checkAbout(deps, {
    ...{ realms: [{ realm, settings }], about, actor: 'usr_support', reason: 'paid, no credits' },
    ...(most === undefined ? {} : { most }),
  });
};

const objectsOf = async (about: string) => {
  const checked = await check(about);
  return checked.outcome === 'checked' ? checked.objects : [];
};

const available = async (customerId: string) =>
  (await readBalance(store.db, { book: 'test', customerId })).available;

const stripe = () => {
  const url = new URL(store.shop.sandbox.url);
  const at = { host: url.hostname, port: url.port, protocol: 'http' as const };
  return new Stripe(store.shop.settings.secretKey, at);
};

async function customerOf(paymentId: string): Promise<string> {
  return (await store.db.payment.findUniqueOrThrow({ where: { id: paymentId } })).customerId;
}

describe('a check with Stripe', () => {
  it('finds the realms of a customer by any address, also where they only bought', async () => {
    const former = await makeRealm(store.db);
    const customerId = newId('cst');
    await store.db.customer.create({ data: { id: customerId, email: 'first_last@example.test' } });
    await makePayment(store.db, { realmId: former.id, customerId });
    expect(await check('first_last@example.test')).toEqual({ outcome: 'no_key', keyless: [former.id] });
    expect(await check(customerId)).toEqual({ outcome: 'no_key', keyless: [former.id] });
  });

  it('settles a paid payment that no event told of, and the late events then grant nothing more', async () => {
    const paymentId = await store.shop.sell();
    const customerId = await customerOf(paymentId);
    expect(await available(customerId)).toBe(0n);
    const checked = await check(paymentId);
    if (checked.outcome !== 'checked') throw new Error(checked.outcome);
    expect(checked.objects).toContainEqual(
      expect.objectContaining({ became: 'done', detail: 'applied: settled' }),
    );
    expect(checked.objects.every(({ became }) => became === 'done')).toBe(true);
    expect(await available(customerId)).toBe(2500n);

    await Promise.all([check(paymentId), check(paymentId)]);
    const { realm, reader } = store.shop;
    const inbox = drivenInbox(store.db, realm, reader);
    const events = (await store.shop.eventsBySale([paymentId])).get(paymentId) ?? [];
    for (const event of events) await inbox.deliver(event);
    await inbox.drain();
    expect(await available(customerId)).toBe(2500n);
    expect(await store.db.transfer.count({ where: { paymentId } })).toBe(1);
  });

  it('finds the paid one of a customer’s payments by the e-mail address alone', async () => {
    const customer = await store.shop.newCustomer();
    await store.shop.checkout(customer);
    const { paymentId } = await store.shop.checkout(customer);
    await store.shop.pay(paymentId);
    expect((await check(customer.email)).outcome).toBe('checked');
    expect(await available(customer.id)).toBe(2500n);
    const states = await store.db.payment.findMany({
      where: { customerId: customer.id },
      orderBy: { createdAt: 'asc' },
      select: { state: true },
    });
    expect(states).toEqual([{ state: 'open' }, { state: 'paid' }]);
  });

  it('settles what was closed here and paid at Stripe all the same', async () => {
    const paymentId = await store.shop.sell();
    await store.db.payment.update({ where: { id: paymentId }, data: { state: 'failed' } });
    await check(paymentId);
    expect(await available(await customerOf(paymentId))).toBe(2500n);
  });

  it('takes what was refunded and disputed at Stripe without a word', async () => {
    const refunded = await store.shop.sell();
    await check(refunded);
    const { stripeIntent } = await store.db.payment.findUniqueOrThrow({ where: { id: refunded } });
    await stripe().refunds.create({ payment_intent: stripeIntent ?? '', amount: 500 });
    await check(refunded);
    expect(await available(await customerOf(refunded))).toBe(1875n);

    const disputed = await store.shop.sell({ ...CARD, cardNumber: '4000000000000259' });
    await check(disputed);
    expect(await available(await customerOf(disputed))).toBe(0n);
  });

  it('settles first what a refund or a dispute is of, when only its id is known and nothing was told', async () => {
    const refunded = await store.shop.sell();
    const made = await stripe().refunds.create({
      ...{ payment_intent: await store.shop.intentOf(refunded), amount: 500 },
    });
    expect(await objectsOf(made.id)).toContainEqual({
      ...{ id: made.id, became: 'done', detail: 'applied: refund_succeeded' },
    });
    expect(await available(await customerOf(refunded))).toBe(1875n);

    const disputed = await store.shop.sell({ ...CARD, cardNumber: '4000000000000259' });
    const of = { payment_intent: await store.shop.intentOf(disputed) };
    const [dispute] = (await stripe().disputes.list(of)).data;
    expect((await objectsOf(dispute?.id ?? 'none')).every(({ became }) => became === 'done')).toBe(true);
    expect(await available(await customerOf(disputed))).toBe(0n);
    const { state } = await store.db.payment.findUniqueOrThrow({ where: { id: disputed } });
    expect(state).toBe('paid');
  });

  it('looks at the newest whole before it looks at what is older, and knows a customer by Stripe’s id', async () => {
    const customer = await store.shop.newCustomer();
    const sales: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      const { paymentId } = await store.shop.checkout(customer);
      await store.shop.pay(paymentId);
      sales.push(paymentId);
    }
    const { stripeId } = await store.db.stripeCustomer.findFirstOrThrow({
      where: { customerId: customer.id },
    });
    expect(await check(stripeId)).toMatchObject({ outcome: 'checked', isCut: false });
    expect(await available(customer.id)).toBe(7500n);
    const newest = await store.shop.intentOf(sales.at(-1) ?? '');
    await stripe().refunds.create({ payment_intent: newest, amount: 500 });
    expect(await check(customer.email, 9)).toMatchObject({ isCut: true });
    expect(await available(customer.id)).toBe(6875n);
  });

  it('pages through everything of a customer, and says so when it leaves something out', async () => {
    const customer = await store.shop.newCustomer();
    await store.shop.checkout(customer);
    const { paymentId } = await store.shop.checkout(customer);
    await store.shop.pay(paymentId);
    const { stripeId } = await store.db.stripeCustomer.findFirstOrThrow({
      where: { customerId: customer.id },
    });
    const one = { amount: 500, currency: 'usd', customer: stripeId } as const;
    // With that of the sale one more than a page of Stripe's lists.
    for (let n = 1; n <= 100; n += 1) await stripe().paymentIntents.create(one);
    const whole = await check(customer.email);
    if (whole.outcome !== 'checked') throw new Error(whole.outcome);
    expect(whole.isCut).toBe(false);
    expect(whole.objects.filter(({ id }) => id.startsWith('pi_'))).toHaveLength(101);
    const cut = await check(customer.email, 7);
    expect(cut).toMatchObject({ outcome: 'checked', isCut: true });
    expect(cut.outcome === 'checked' && cut.objects).toHaveLength(7);
    expect(await check(paymentId, 1)).toMatchObject({ isCut: true });
    expect(await check(paymentId)).toMatchObject({ isCut: false });
  });

  it('says what it does not know, keeps who asked and why, and moves nothing', async () => {
    expect(await check('nobody@example.test')).toEqual({ outcome: 'unknown' });
    const missing = await check('pi_3NothingHereNothingHere00');
    expect(missing).toMatchObject({
      objects: [{ became: 'missing', detail: 'Stripe does not have it' }],
    });
    const { paymentId } = await store.shop.checkout(await store.shop.newCustomer());
    expect(await check(paymentId)).toMatchObject({ objects: [{ detail: 'noop: session_open' }] });
    const audit = await store.db.audit.findFirstOrThrow({ where: { subject: paymentId } });
    expect(audit).toMatchObject({ actor: 'usr_support', act: 'stripe.checked' });
    expect(audit.body).toMatchObject({ comment: 'paid, no credits' });
  });

  it(
    'is a command of the engineers’, which says what became of each object',
    { timeout: 120_000 },
    async () => {
      const paymentId = await store.shop.sell();
      const { settings } = store.shop;
      const credence = (...words: string[]) =>
        promisify(execFile)(process.execPath, [...tsxArgs('app/cli/credence.ts'), 'check', ...words], {
          env: {
            ...process.env,
            ...{ DATABASE_URL: store.url, CREDENCE_MODE: 'test', APP_URL: 'http://127.0.0.1:3999' },
            ...{ STRIPE_SECRET_KEY: settings.secretKey, STRIPE_API_BASE: settings.apiBase },
            ...{ STRIPE_WEBHOOK_SECRETS: 'whsec_checkcommand', MAIL_SANDBOX_URL: store.shop.sandbox.url },
          },
        });
      const { stdout } = await credence(paymentId, '--reason', 'ticket 4711');
      expect(stdout).toContain('applied: settled');
      expect(await available(await customerOf(paymentId))).toBe(2500n);
      await expect(credence(paymentId)).rejects.toMatchObject({
        stderr: expect.stringContaining('--reason'),
      });
    },
  );
});
