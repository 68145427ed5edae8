import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PACK, PAYER, startUnderTest, type UnderTest } from '../testing/under-test';

let test: UnderTest;

beforeAll(async () => {
  test = await startUnderTest();
});
afterAll(() => test.stop());

const open = (more: Partial<Stripe.Checkout.SessionCreateParams>): Promise<Stripe.Checkout.Session> =>
  test.stripe.checkout.sessions.create({ ...PACK, ...more });

const SAVING = { payment_method_save: 'enabled' } as const;

async function customer(): Promise<string> {
  return (await test.stripe.customers.create({ email: 'back@example.com', name: 'Back Again' })).id;
}

async function savedCard(owner: string, redisplay: 'always' | 'limited'): Promise<string> {
  const { id } = await test.stripe.paymentMethods.create({
    type: 'card',
    card: { token: 'tok_visa' },
    allow_redisplay: redisplay,
    billing_details: { name: 'Back Again' },
  });
  await test.stripe.paymentMethods.attach(id, { customer: owner });
  return id;
}

const pageOf = async (id: string): Promise<string> => (await fetch(`${test.url}/c/pay/${id}`)).text();

describe('a customer who comes back', () => {
  it('finds the cards that may be shown again, chosen already, and pays with one', async () => {
    const owner = await customer();
    const older = await savedCard(owner, 'always');
    const [shown, hidden] = [await savedCard(owner, 'always'), await savedCard(owner, 'limited')];
    const { id } = await open({ customer: owner });
    const page = await pageOf(id);
    expect(page).toContain('Visa •••• 4242');
    expect(test.sandbox.checkout.find(id)?.savedMethods.map((one) => one.id)).toEqual([shown, older]);
    expect(page).toMatch(new RegExp(`value="${shown}"\\s+checked`));
    expect(page).not.toContain(hidden);
    const form = new URLSearchParams({ 'payment-method-accordion-item-title': shown, via: 'script' });
    const answer = await fetch(`${test.url}/c/pay/${id}`, { method: 'POST', body: form });
    expect(await answer.json()).toMatchObject({ next: 'redirect' });
    const done = await test.stripe.checkout.sessions.retrieve(id, { expand: ['payment_intent'] });
    expect(done).toMatchObject({
      payment_status: 'paid',
      customer_details: { email: 'back@example.com', name: 'Back Again' },
      payment_intent: { payment_method: shown, customer: owner },
    });
  });

  it('cannot pay with a card that the page does not show', async () => {
    const owner = await customer();
    const hidden = await savedCard(owner, 'limited');
    const stranger = await savedCard(await customer(), 'always');
    const { id } = await open({ customer: owner });
    for (const savedMethod of [hidden, stranger]) {
      expect(await test.sandbox.checkout.pay(id, { ...PAYER, savedMethod })).toMatchObject({
        outcome: 'invalid',
        field: 'savedMethod',
      });
    }
    const wider = await open({
      customer: owner,
      saved_payment_method_options: { allow_redisplay_filters: ['limited'] },
    });
    expect(await test.sandbox.checkout.pay(wider.id, { ...PAYER, savedMethod: hidden })).toMatchObject({
      outcome: 'paid',
    });
  });
});

describe('a new card', () => {
  it('is kept for next time if its holder likes, and then stands on the page', async () => {
    const owner = await customer();
    const first = await open({ customer: owner, saved_payment_method_options: SAVING });
    expect(await pageOf(first.id)).toContain('Save payment information for future purchases');
    await test.sandbox.checkout.pay(first.id, { ...PAYER, savesMethod: true });
    const { data } = await test.stripe.paymentMethods.list({ customer: owner });
    expect(data).toMatchObject([{ allow_redisplay: 'always', customer: owner }]);
    const done = await test.stripe.checkout.sessions.retrieve(first.id, { expand: ['payment_intent'] });
    expect(done).toMatchObject({ payment_intent: { setup_future_usage: 'on_session' } });
    const second = await open({ customer: owner });
    expect(test.sandbox.checkout.find(second.id)?.savedMethods).toEqual([
      { id: data[0]?.id, label: 'Visa •••• 4242', expires: '12/40' },
    ]);
  });

  it.each<[string, () => Promise<Partial<Stripe.Checkout.SessionCreateParams>>]>([
    ['of a guest', () => Promise.resolve({ saved_payment_method_options: SAVING })],
    ['where the seller does not offer it', async () => ({ customer: await customer() })],
    [
      'that is kept anyway',
      async () => ({
        customer: await customer(),
        payment_intent_data: { setup_future_usage: 'off_session' },
        saved_payment_method_options: SAVING,
      }),
    ],
  ])('is not asked about: %s', async (_case, more) => {
    const { id } = await open(await more());
    expect(await pageOf(id)).not.toContain('Save payment information');
    await test.sandbox.checkout.pay(id, { ...PAYER, savesMethod: true });
    const { payment_intent: intent } = await test.stripe.checkout.sessions.retrieve(id, {
      expand: ['payment_intent.payment_method'],
    });
    const method = typeof intent === 'object' && intent?.payment_method;
    expect(method).toMatchObject({ allow_redisplay: expect.not.stringMatching('always') });
  });

  it.each([
    ['limited', { payment_intent_data: { setup_future_usage: 'off_session' } }],
    ['unspecified', {}],
    ['always', { payment_method_data: { allow_redisplay: 'always' } }],
  ] as const)('may be shown again: %s', async (redisplay, more) => {
    const { id } = await open({ customer: await customer(), ...more });
    await test.sandbox.checkout.pay(id, PAYER);
    const { payment_intent: intent } = await test.stripe.checkout.sessions.retrieve(id, {
      expand: ['payment_intent.payment_method'],
    });
    expect(intent).toMatchObject({ payment_method: { allow_redisplay: redisplay } });
  });
});

describe('a phone number', () => {
  it('is asked for where the seller wants it, and told with the payer', async () => {
    const { id } = await open({ phone_number_collection: { enabled: true }, customer_creation: 'always' });
    expect(await pageOf(id)).toContain('Phone number');
    for (const phone of ['', '12', 'call me']) {
      expect(await test.sandbox.checkout.pay(id, { ...PAYER, phone })).toMatchObject({
        outcome: 'invalid',
        field: 'phone',
      });
    }
    await test.sandbox.checkout.pay(id, { ...PAYER, phone: ' +1 415 555 0100 ' });
    const done = await test.stripe.checkout.sessions.retrieve(id, { expand: ['customer'] });
    expect(done).toMatchObject({
      customer_details: { phone: '+1 415 555 0100' },
      customer: { phone: '+1 415 555 0100' },
    });
  });

  it('is not asked for elsewhere', async () => {
    const { id } = await open({});
    expect(await pageOf(id)).not.toContain('Phone number');
  });
});

describe('an address', () => {
  it.each<[string, Partial<Stripe.Checkout.SessionCreateParams>]>([
    ['where the seller wants it', { billing_address_collection: 'required' }],
    ['where goods are sent', { shipping_address_collection: { allowed_countries: ['US'] } }],
  ])('is asked for line by line %s', async (_case, more) => {
    const { id } = await open(more);
    const page = await pageOf(id);
    for (const label of ['Address line 1', 'City', 'State or region']) expect(page).toContain(label);
    const street = { line1: '1 Main Street', city: 'Springfield', state: 'OR' };
    for (const field of ['line1', 'city'] as const) {
      expect(await test.sandbox.checkout.pay(id, { ...PAYER, ...street, [field]: ' ' })).toMatchObject({
        outcome: 'invalid',
        field,
      });
    }
    const form = new URLSearchParams({
      email: 'jenny@example.com',
      cardNumber: '4242424242424242',
      cardExpiry: '12 / 40',
      cardCvc: '123',
      billingName: 'Jenny Rosen',
      billingAddressLine1: street.line1,
      billingLocality: street.city,
      billingAdministrativeArea: street.state,
      billingPostalCode: '97403',
      via: 'script',
    });
    await fetch(`${test.url}/c/pay/${id}`, { method: 'POST', body: form });
    expect((await test.stripe.checkout.sessions.retrieve(id)).customer_details?.address).toEqual({
      ...street,
      country: 'US',
      line2: null,
      postal_code: '97403',
    });
  });

  it('is only the country and the postal code elsewhere', async () => {
    const { id } = await open({ billing_address_collection: 'auto' });
    expect(await pageOf(id)).not.toContain('Address line 1');
    expect(await test.sandbox.checkout.pay(id, { ...PAYER, line1: '', city: '' })).toMatchObject({
      outcome: 'paid',
    });
  });
});

it('the page is headed with the name that the session gives its seller', async () => {
  const { id } = await open({ branding_settings: { display_name: 'Credit Shop' } });
  expect(await pageOf(id)).toContain('Credit Shop');
});
