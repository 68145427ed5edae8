import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pressIn, readIn } from '../../testing/press';
import { PACK, PAYER, startUnderTest, until, type UnderTest } from '../../testing/under-test';

let sandbox: UnderTest;
beforeEach(async () => {
  sandbox = await startUnderTest();
});
afterEach(() => sandbox.stop());

const textOf = (path: string) => readIn(sandbox, path);
const press = (action: string, fields?: Record<string, string>) => pressIn(sandbox, action, fields);

async function paidIntent(cardNumber = PAYER.cardNumber): Promise<string> {
  const session = await sandbox.stripe.checkout.sessions.create(PACK);
  await sandbox.sandbox.checkout.pay(session.id, { ...PAYER, cardNumber });
  const { payment_intent: intent } = await sandbox.stripe.checkout.sessions.retrieve(session.id);
  return String(intent);
}

describe('a paid payment', () => {
  it('is refunded in part and whole, never for more than is left', async () => {
    const intent = await paidIntent();
    const page = `/panel/payments/${intent}`;
    expect(await press(`${page}/refund`, { amount: '12.50' })).toContain('The refund is made');
    expect(await press(`${page}/refund`, { amount: '20' })).toContain('Only $17.50 is left to refund.');
    expect(await press(`${page}/refund`, { amount: 'much' })).toContain('much is no amount in USD.');
    expect(await press(`${page}/refund`, { amount: '' })).toContain('The refund is made');
    const { data } = await sandbox.stripe.refunds.list({ payment_intent: intent });
    expect(data.map(({ amount }) => amount)).toEqual([1750, 1250]);
    expect(await textOf('/panel/moneyback')).toContain('$17.50');
  });

  it('is disputed by its bank, and the answer decides', async () => {
    const intent = await paidIntent();
    const page = `/panel/payments/${intent}`;
    expect(await press(`${page}/dispute`, { kind: 'chargeback' })).toContain('has opened a dispute');
    const { data } = await sandbox.stripe.disputes.list({ payment_intent: intent });
    const [dispute] = data;
    expect(dispute?.status).toBe('needs_response');
    expect(await press(`${page}/refund`)).toContain('took the money by a chargeback');
    const told = await press(`/panel/disputes/${dispute?.id}/answer`, {
      decision: 'win',
    });
    expect(told).toContain('The dispute is won.');
    expect((await sandbox.stripe.disputes.retrieve(dispute?.id ?? '')).status).toBe('won');
  });

  it('has a refund that fails when a person says so', async () => {
    const intent = await paidIntent();
    const refund = await sandbox.stripe.refunds.create({ payment_intent: intent });
    const told = await press(`/panel/refunds/${refund.id}/fail`);
    expect(told).toContain('The refund is failed.');
    expect((await sandbox.stripe.refunds.retrieve(refund.id)).status).toBe('failed');
  });
});

it('an open session takes any instrument of the table, and says what came of it', async () => {
  const { id } = await sandbox.stripe.checkout.sessions.create(PACK);
  const page = `/panel/sessions/${id}`;
  expect(await press(`${page}/pay`, { card: 'insufficient-funds' })).toContain(
    'Your card has insufficient funds.',
  );
  expect(await press(`${page}/pay`, { card: 'challenge' })).toContain('3D Secure');
  expect(await press(`${page}/challenge`, { answer: 'complete' })).toContain('Done.');
  expect((await sandbox.stripe.checkout.sessions.retrieve(id)).payment_status).toBe('paid');
});

const PAYMENT = {
  amount: 2000,
  currency: 'usd',
  confirm: true,
  return_url: 'http://shop.test/back',
} as const;

describe('a payment without a session', () => {
  async function processing(): Promise<string> {
    const bank = await sandbox.stripe.paymentMethods.create({
      type: 'us_bank_account',
      us_bank_account: {
        account_holder_type: 'individual',
        account_number: '000000000009',
        routing_number: '110000000',
      },
      billing_details: { name: 'Jenny Rosen' },
    });
    const { id } = await sandbox.stripe.paymentIntents.create({
      amount: 2000,
      currency: 'usd',
      confirm: true,
      payment_method: bank.id,
      mandate_data: { customer_acceptance: { type: 'offline' } },
    });
    return id;
  }
  const statusOf = async (id: string) => (await sandbox.stripe.paymentIntents.retrieve(id)).status;

  it('that is processing is paid or refused by its bank, once', async () => {
    const [paid, refused] = [await processing(), await processing()];
    const page = `/panel/payments/${paid}`;
    expect(await press(`${page}/settle`)).toContain('The bank has paid.');
    expect(await statusOf(paid)).toBe('succeeded');
    expect(await press(`${page}/fail`)).toContain('This payment is succeeded: no bank has to answer.');
    await press(`/panel/payments/${refused}/fail`);
    expect(await statusOf(refused)).toBe('requires_payment_method');
    expect(await press(`${page}/dispute`, { kind: 'bank_return' })).toContain('has opened a dispute');
  });

  it('that a card holds is captured in part or released', async () => {
    const hold = async () =>
      (
        await sandbox.stripe.paymentIntents.create({
          ...PAYMENT,
          payment_method: 'pm_card_visa',
          capture_method: 'manual',
        })
      ).id;
    const [taken, released] = [await hold(), await hold()];
    const page = `/panel/payments/${taken}`;
    expect(await press(`${page}/capture`, { amount: '21' })).toContain('more than the card holds');
    expect(await press(`${page}/capture`, { amount: '15.00' })).toContain('The money is captured.');
    expect((await sandbox.stripe.paymentIntents.retrieve(taken)).amount_received).toBe(1500);
    expect(await press(`${page}/capture`)).toContain('No card holds anything');
    await press(`/panel/payments/${released}/cancel`);
    expect(await statusOf(released)).toBe('canceled');
  });

  it('has its 3DS question answered, and one of a session is canceled by its session', async () => {
    const { id } = await sandbox.stripe.paymentIntents.create({
      ...PAYMENT,
      payment_method: 'pm_card_threeDSecure2Required',
    });
    const page = `/panel/payments/${id}`;
    expect(await press(`${page}/challenge`, { answer: 'complete' })).toContain('is answered');
    expect(await statusOf(id)).toBe('succeeded');
    expect(await press(`${page}/challenge`, { answer: 'fail' })).toContain('No 3D Secure question');
    const ofSession = await paidIntent('4000000000000002').catch(() => '');
    const [intent = { id: ofSession }] = (await sandbox.stripe.paymentIntents.list({ limit: 1 })).data;
    expect(await press(`/panel/payments/${intent.id}/cancel`)).toContain('expire the session instead');
  });
});

describe('a button', () => {
  it('leads back to the list it stands in, and to no other site', async () => {
    const { id } = await sandbox.stripe.checkout.sessions.create(PACK);
    const token = /name="token" value="([^"]+)"/.exec(await textOf('/panel/sessions'))?.[1] ?? '';
    const where = async (back: string) => {
      const body = new URLSearchParams({ token, back });
      const done = await fetch(`${sandbox.url}/panel/sessions/${id}/expire`, {
        method: 'POST',
        body,
        redirect: 'manual',
      });
      return done.headers.get('location')?.replace(/([?&])notice=.*/, '');
    };
    expect(await where('/panel/sessions?status=open')).toBe('/panel/sessions?status=open');
    for (const elsewhere of ['//evil.test', 'https://evil.test/panel/x', '/panel/../c/pay/x:y'])
      expect(await where(elsewhere)).toBe(`/panel/sessions/${id}`);
  });

  it('from before a restart does nothing, keeps what was typed and can be pressed again', async () => {
    const intent = await paidIntent();
    const path = `/panel/payments/${intent}/refund`;
    const stale = await fetch(`${sandbox.url}${path}`, {
      method: 'POST',
      body: new URLSearchParams({ token: 'old', amount: '12.50' }),
    });
    expect(stale.status).toBe(403);
    const page = await stale.text();
    expect(page).toContain('Nothing was done');
    expect((await sandbox.stripe.refunds.list()).data).toEqual([]);
    const fields = [...page.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)];
    const again = new URLSearchParams(fields.map(([, name = '', value = '']) => [name, value]));
    expect(await (await fetch(`${sandbox.url}${path}`, { method: 'POST', body: again })).text()).toContain(
      'The refund is made',
    );
    expect((await sandbox.stripe.refunds.list()).data[0]?.amount).toBe(1250);
  });

  it('of what nobody knows leads to a page that says so', async () => {
    const kinds = 'sessions payments refunds subscriptions invoices clocks endpoints deliveries events';
    for (const kind of kinds.split(' ')) {
      const told = await press(`/panel/${kind}/none_1/cancel`);
      expect(told).toContain('No such');
      expect(told).toContain('Back to the list');
    }
  });
});

it('a clock is made, advanced and deleted', async () => {
  await press('/panel/clocks/new/create', { at: '2026-01-31T10:00', name: 'Billing' });
  const { data } = await sandbox.stripe.testHelpers.testClocks.list();
  const [clock] = data;
  expect(clock).toMatchObject({ name: 'Billing', frozen_time: Date.UTC(2026, 0, 31, 10) / 1000 });
  const path = `/panel/clocks/${clock?.id}`;
  const back = await press(`${path}/advance`, { to: '2026-01-30T10:00' });
  expect(back).toContain('class="bad"');
  await press(`${path}/advance`, { to: '2026-02-28T12:00' });
  const frozen = Date.UTC(2026, 1, 28, 12) / 1000;
  await until(async () => {
    const now = await sandbox.stripe.testHelpers.testClocks.retrieve(clock?.id ?? '');
    return now.status === 'ready' && now.frozen_time === frozen;
  });
  await press(`${path}/delete`);
  expect((await sandbox.stripe.testHelpers.testClocks.list()).data).toEqual([]);
});

it('faults begin by preset or by their own text, and stop; nonsense changes nothing', async () => {
  await press('/panel/faults/preset/set', { seed: '7', preset: 'losses' });
  expect(sandbox.sandbox.chaos.current()).toMatchObject({ seed: 7, drop: 0.2 });
  await press('/panel/faults/own/set', { mix: 'seed=9,duplicate=x2' });
  expect(sandbox.sandbox.chaos.current()).toMatchObject({ seed: 9, duplicate: { times: 2 } });
  expect(await press('/panel/faults/own/set', { mix: 'seed=9,explode=1' })).toContain('class="bad"');
  expect(sandbox.sandbox.chaos.current()?.seed).toBe(9);
  await press('/panel/faults/all/stop');
  expect(sandbox.sandbox.chaos.current()).toBeNull();
});

it('a run is saved without secrets', async () => {
  const run = await textOf('/panel/faults/run.json');
  expect(JSON.parse(run)).toMatchObject({ format: 'stripe-sandbox-run/1' });
  expect(run).not.toContain('whsec_');
});
