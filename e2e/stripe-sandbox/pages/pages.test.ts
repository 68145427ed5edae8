import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type StartedSandbox } from '../index';

const CARD = {
  email: 'ada@example.com',
  cardNumber: '4242 4242 4242 4242',
  cardExpiry: '12 / 34',
  cardCvc: '123',
  billingName: 'Ada',
  billingCountry: 'US',
  billingPostalCode: '94107',
};

let started: StartedSandbox;
let stripe: Stripe;

beforeAll(async () => {
  started = await startSandbox({ port: 0 });
  const { hostname, port } = new URL(started.url);
  stripe = new Stripe('sk_test_1234567890abcdef', { host: hostname, port, protocol: 'http' });
});
afterAll(() => started.stop());

async function openSession(): Promise<{ id: string; path: string }> {
  const session = await stripe.checkout.sessions.create({
    mode: 'payment',
    success_url: 'http://127.0.0.1:9/return?session={CHECKOUT_SESSION_ID}',
    line_items: [
      { quantity: 1, price_data: { currency: 'usd', unit_amount: 1000, product_data: { name: 'Pack' } } },
    ],
  });
  return { id: session.id, path: new URL(session.url ?? '').pathname };
}

function post(path: string, fields: Record<string, string>): Promise<Response> {
  return fetch(`${started.url}${path}`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams(fields),
  });
}

async function read(path: string): Promise<string> {
  return (await fetch(`${started.url}${path}`)).text();
}

describe('the hosted page, posted to without scripts', () => {
  it('sends a paid customer to the success page, and a second payment too', async () => {
    const { id, path } = await openSession();
    const paid = await post(path, CARD);
    expect(paid.status).toBe(303);
    expect(paid.headers.get('location')).toBe(`http://127.0.0.1:9/return?session=${id}`);
    expect((await post(path, CARD)).status).toBe(303);
    expect(started.sandbox.payments.list().rows.filter(({ sessionId }) => sessionId === id)).toHaveLength(1);
    expect(await read(path)).toContain('You&#39;re all done here');
  });

  it('stays open after a decline, keeps what was typed and says why', async () => {
    const { path } = await openSession();
    const declined = await post(path, { ...CARD, cardNumber: '4000 0000 0000 9995' });
    const text = await declined.text();
    expect(declined.status).toBe(200);
    expect(text).toContain('Your card has insufficient funds.');
    expect(text).toContain('value="ada@example.com"');
  });

  it('asks the bank, shows the question again after a reload, and takes its no', async () => {
    const { path } = await openSession();
    const asked = await (await post(path, { ...CARD, cardNumber: '4000002760003184' })).text();
    expect(asked).toMatch(/<dialog[^>]*\sopen\b/);
    expect(await read(path)).toMatch(/<dialog[^>]*\sopen\b/);
    const refused = await (await post(`${path}/challenge`, { ...CARD, answer: 'fail' })).text();
    expect(refused).toMatch(/role="alert"[^>]*>[^<]*authenticate/);
    expect(await read(path)).not.toMatch(/<dialog[^>]*\sopen\b/);
  });

  it('answers the script with what to do next', async () => {
    const { path } = await openSession();
    const answer = await post(path, { ...CARD, cardNumber: '4000000000000002', via: 'script' });
    expect(await answer.json()).toEqual({
      next: 'message',
      problem: { field: null, message: 'Your card was declined.' },
    });
  });

  it('fills a test card without paying', async () => {
    const { id, path } = await openSession();
    expect(await (await post(path, { fill: 'success' })).text()).toContain('value="4242 4242 4242 4242"');
    expect((await stripe.checkout.sessions.retrieve(id)).status).toBe('open');
  });
});

describe('the panel', () => {
  async function tokenOn(path: string): Promise<string> {
    return /name="token" value="([^"]+)"/.exec(await read(path))?.[1] ?? '';
  }

  it('acts only on its own forms', async () => {
    const { id } = await openSession();
    const panel = `/panel/sessions/${id}`;
    expect((await post(`${panel}/expire`, {})).status).toBe(403);
    expect((await post(`${panel}/expire`, { token: 'x'.repeat(32) })).status).toBe(403);
    expect((await stripe.checkout.sessions.retrieve(id)).status).toBe('open');
    const done = await post(`${panel}/expire`, { token: await tokenOn(panel) });
    const shown = await read(new URL(done.headers.get('location') ?? '', started.url).pathname);
    expect(shown).toContain('>expired<');
    expect((await stripe.checkout.sessions.retrieve(id)).status).toBe('expired');
  });

  it('pays a session and lists its events', async () => {
    const { id } = await openSession();
    const panel = `/panel/sessions/${id}`;
    const done = await post(`${panel}/pay`, { card: 'success', token: await tokenOn(panel) });
    expect(await read(done.headers.get('location') ?? '')).toContain('Done. Its events are on their way.');
    const text = await read(panel);
    expect(text).toContain('>paid<');
    expect(text).toContain('checkout.<wbr />session.<wbr />completed');
  });

  it('sends only the part that changes to an open page', async () => {
    const text = await read('/panel/events?fragment=1');
    expect(text).toContain('<h1>Events</h1>');
    expect(text).not.toContain('<html');
  });

  it('knows no other pages and serves no other files', async () => {
    for (const path of [
      '/panel/x',
      '/panel/sessions/a/b',
      '/panel/events/evt_none',
      '/c/pay/cs_none',
      '/assets/..%2flayout.ts',
    ]) {
      expect((await fetch(`${started.url}${path}`)).status).toBe(404);
    }
  });
});
