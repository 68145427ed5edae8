import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PACK, PAYER, startUnderTest, until, type UnderTest } from '../../testing/under-test';

let sandbox: UnderTest;
beforeEach(async () => {
  sandbox = await startUnderTest();
});
afterEach(() => sandbox.stop());

async function textOf(path: string): Promise<string> {
  return (await fetch(`${sandbox.url}${path}`)).text();
}

/** Presses a button of the page and gives the text of the page that it leads to. */
async function press(page: string, action: string, fields: Record<string, string> = {}): Promise<string> {
  const token = /name="token" value="([^"]+)"/.exec(await textOf(page))?.[1] ?? '';
  const body = new URLSearchParams({ ...fields, token });
  const done = await fetch(`${sandbox.url}${action}`, { method: 'POST', body });
  expect(done.status).toBe(200);
  return done.text();
}

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
    expect(await press(page, `${page}/refund`, { amount: '12.50' })).toContain('The refund is made');
    expect(await press(page, `${page}/refund`, { amount: '20' })).toContain('Only $17.50 is left to refund.');
    expect(await press(page, `${page}/refund`, { amount: 'much' })).toContain('much is no amount in USD.');
    expect(await press(page, `${page}/refund`, { amount: '' })).toContain('The refund is made');
    const { data } = await sandbox.stripe.refunds.list({ payment_intent: intent });
    expect(data.map(({ amount }) => amount)).toEqual([1750, 1250]);
    expect(await textOf('/panel/moneyback')).toContain('$17.50');
  });

  it('is disputed by its bank, and the answer decides', async () => {
    const intent = await paidIntent();
    const page = `/panel/payments/${intent}`;
    expect(await press(page, `${page}/dispute`, { kind: 'chargeback' })).toContain('has opened a dispute');
    const { data } = await sandbox.stripe.disputes.list({ payment_intent: intent });
    const [dispute] = data;
    expect(dispute?.status).toBe('needs_response');
    expect(await press(page, `${page}/refund`)).toContain('took the money by a chargeback');
    const told = await press('/panel/moneyback', `/panel/disputes/${dispute?.id}/answer`, {
      decision: 'win',
    });
    expect(told).toContain('The dispute is won.');
    expect((await sandbox.stripe.disputes.retrieve(dispute?.id ?? '')).status).toBe('won');
  });

  it('has a refund that fails when a person says so', async () => {
    const intent = await paidIntent();
    const refund = await sandbox.stripe.refunds.create({ payment_intent: intent });
    const told = await press('/panel/moneyback', `/panel/refunds/${refund.id}/fail`);
    expect(told).toContain('The refund is failed.');
    expect((await sandbox.stripe.refunds.retrieve(refund.id)).status).toBe('failed');
  });
});

it('an open session takes any instrument of the table, and says what came of it', async () => {
  const { id } = await sandbox.stripe.checkout.sessions.create(PACK);
  const page = `/panel/sessions/${id}`;
  expect(await press(page, `${page}/pay`, { card: 'insufficient-funds' })).toContain(
    'Your card has insufficient funds.',
  );
  expect(await press(page, `${page}/pay`, { card: 'challenge' })).toContain('3D Secure');
  expect(await press(page, `${page}/challenge`, { answer: 'complete' })).toContain('Done.');
  expect((await sandbox.stripe.checkout.sessions.retrieve(id)).payment_status).toBe('paid');
});

it('a clock is made, advanced and deleted', async () => {
  await press('/panel/clocks', '/panel/clocks/new/create', { at: '2026-01-31T10:00', name: 'Billing' });
  const { data } = await sandbox.stripe.testHelpers.testClocks.list();
  const [clock] = data;
  expect(clock).toMatchObject({ name: 'Billing', frozen_time: Date.UTC(2026, 0, 31, 10) / 1000 });
  const path = `/panel/clocks/${clock?.id}`;
  const back = await press('/panel/clocks', `${path}/advance`, { to: '2026-01-30T10:00' });
  expect(back).toContain('class="bad"');
  await press('/panel/clocks', `${path}/advance`, { to: '2026-02-28T12:00' });
  const frozen = Date.UTC(2026, 1, 28, 12) / 1000;
  await until(async () => {
    const now = await sandbox.stripe.testHelpers.testClocks.retrieve(clock?.id ?? '');
    return now.status === 'ready' && now.frozen_time === frozen;
  });
  await press('/panel/clocks', `${path}/delete`);
  expect((await sandbox.stripe.testHelpers.testClocks.list()).data).toEqual([]);
});

it('faults begin by preset or by their own text, and stop; nonsense changes nothing', async () => {
  await press('/panel/faults', '/panel/faults/preset/set', { seed: '7', preset: 'losses' });
  expect(sandbox.sandbox.chaos.current()).toMatchObject({ seed: 7, drop: 0.2 });
  await press('/panel/faults', '/panel/faults/own/set', { mix: 'seed=9,duplicate=x2' });
  expect(sandbox.sandbox.chaos.current()).toMatchObject({ seed: 9, duplicate: { times: 2 } });
  expect(await press('/panel/faults', '/panel/faults/own/set', { mix: 'seed=9,explode=1' })).toContain(
    'class="bad"',
  );
  expect(sandbox.sandbox.chaos.current()?.seed).toBe(9);
  await press('/panel/faults', '/panel/faults/all/stop');
  expect(sandbox.sandbox.chaos.current()).toBeNull();
});

it('a run is saved without secrets', async () => {
  const run = await textOf('/panel/faults/run.json');
  expect(JSON.parse(run)).toMatchObject({ format: 'stripe-sandbox-run/1' });
  expect(run).not.toContain('whsec_');
});
