import { describe, expect, it } from 'vitest';
import { EMPTY_VALUES } from './checkout-form';
import { checkoutPage, payLabel, type CheckoutState, type Order } from './checkout-page';
import { completedPage, expiredPage, unknownSessionPage } from './closed-page';

const ORDER: Order = {
  session: { id: 'cs_test_1', submit_type: null, amount_subtotal: 1000, total_details: null },
  lineItems: [
    {
      description: 'Starter pack',
      quantity: 1,
      price: null,
      amount_subtotal: 1000,
      amount_total: 1000,
      currency: 'usd',
    },
  ],
  businessName: 'Credence',
  amount: 1000,
  currency: 'usd',
  cancelUrl: 'http://127.0.0.1:3000/packs',
  successUrl: 'http://127.0.0.1:3000/return',
  lockedEmail: false,
};

function body(change: Partial<CheckoutState> = {}): string {
  return checkoutPage({ view: ORDER, values: EMPTY_VALUES, problem: null, challenge: false, ...change }).body;
}

function tag(text: string, id: string): string {
  return new RegExp(`<\\w+[^>]*\\bid="${id}"[^>]*>`).exec(text)?.[0] ?? '';
}

describe('the open page', () => {
  it.each([
    ['email', 'Email'],
    ['cardNumber', 'Card number'],
    ['cardExpiry', 'Expiration'],
    ['cardCvc', 'CVC'],
    ['billingName', 'Cardholder name'],
    ['billingCountry', 'Country or region'],
    ['billingPostalCode', 'ZIP'],
  ])('has the field %s under the label %s, as checkout.stripe.com has', (id, label) => {
    expect(body()).toContain(`<label for="${id}">${label}</label>`);
    expect(tag(body(), id)).toContain(`name="${id}"`);
  });

  it('names the amount on its button and leads back to the shop', () => {
    expect(payLabel(ORDER)).toBe('Pay $10.00');
    expect(body()).toContain('href="http://127.0.0.1:3000/packs"');
  });

  it('has no way back when the session has no cancel URL, or one that would run a script', () => {
    expect(body({ view: { ...ORDER, cancelUrl: null } })).not.toContain('class="back"');
    expect(body({ view: { ...ORDER, cancelUrl: 'javascript:alert(1)' } })).not.toContain('javascript:');
  });

  it('presses Pay on Enter: it is the first submit button of the form', () => {
    expect(/<button\s+type="submit"[^>]*>/.exec(body())?.[0]).toContain('id="pay"');
  });

  it('locks the e-mail of a known customer', () => {
    expect(tag(body(), 'email')).not.toContain('readonly');
    expect(tag(body({ view: { ...ORDER, lockedEmail: true } }), 'email')).toContain('readonly');
  });

  it('shows discount and tax where there are any', () => {
    const session = {
      ...ORDER.session,
      total_details: { amount_discount: 200, amount_tax: 50, amount_shipping: 0 },
    };
    const text = body({ view: { ...ORDER, session } });
    expect(text).toContain('\u2212$2.00');
    expect(text).toContain('$0.50');
  });

  it('escapes names that a seller or a customer chose', () => {
    const attack = '<img src=x onerror=alert(1)>';
    const lineItems = ORDER.lineItems.map((item) => ({ ...item, description: attack }));
    const text = body({
      view: { ...ORDER, businessName: attack, lineItems },
      values: { ...EMPTY_VALUES, email: `"${attack}`, billingName: `"${attack}` },
    });
    expect(text).not.toContain('<img');
    expect(tag(text, 'email')).toContain('value="&quot;&lt;img');
  });
});

describe('a problem', () => {
  it('of the payment stands in the alert and the form stays', () => {
    const text = body({ problem: { field: null, message: 'Your card was declined.' } });
    expect(text).toMatch(/role="alert"[^>]*>Your card was declined\.</);
    expect(tag(text, 'checkout-alert')).not.toContain('hidden');
    expect(text).toContain('id="pay"');
  });

  it('of a field stands at the field', () => {
    const text = body({ problem: { field: 'cardExpiry', message: 'Your card has expired.' } });
    expect(tag(text, 'cardExpiry')).toContain('aria-describedby="cardExpiry-error"');
    expect(tag(text, 'cardExpiry-error')).not.toContain('hidden');
    expect(tag(text, 'cardCvc')).not.toContain('aria-invalid');
    expect(tag(text, 'checkout-alert')).toContain('hidden');
  });
});

it('a challenge opens the dialog, takes the form out of reach and never sends the card back', () => {
  const text = body({ challenge: true, values: { ...EMPTY_VALUES, cardNumber: '4000 0027 6000 3184' } });
  const dialog = text.slice(text.indexOf('<dialog'));
  expect(tag(text, 'challenge')).toMatch(/\sopen\b/);
  expect(text).toMatch(/<main class="checkout"\s+inert/);
  expect(dialog).toContain('value="complete"');
  expect(dialog).toContain('value="fail"');
  expect(dialog).not.toContain('4000');
  expect(tag(body(), 'challenge')).not.toMatch(/\sopen\b/);
});

describe('a closed session', () => {
  it('that is complete says so and leads to the success page', () => {
    const { status, body: text } = completedPage(ORDER);
    expect(status).toBe(200);
    expect(text).toContain('You&#39;re all done here');
    expect(text).toContain('href="http://127.0.0.1:3000/return"');
    expect(text).not.toContain('<form');
  });

  it('that is expired says so and leads back to the shop', () => {
    const { body: text } = expiredPage(ORDER);
    expect(text).toContain('This checkout has expired');
    expect(text).toContain('href="http://127.0.0.1:3000/packs"');
    expect(text).not.toContain('<form');
  });

  it('that nobody knows is a 404', () => {
    expect(unknownSessionPage().status).toBe(404);
  });
});
