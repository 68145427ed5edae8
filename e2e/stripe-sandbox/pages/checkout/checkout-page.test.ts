import { describe, expect, it } from 'vitest';
import { checkoutPage, type CheckoutState } from './checkout-page';
import { completedPage, expiredPage, unknownSessionPage } from './closed-page';
import { EMPTY_VALUES } from './form-values';
import { payLabel, type LineItem, type Order } from './wording';

const ITEM: LineItem = {
  id: 'li_1',
  adjustable_quantity: null,
  description: 'Starter pack',
  quantity: 1,
  price: null,
  amount_subtotal: 1000,
  currency: 'usd',
};

const SESSION: Order['session'] = {
  id: 'cs_test_1',
  mode: 'payment',
  livemode: false,
  submit_type: null,
  amount_subtotal: 1000,
  total_details: null,
  custom_fields: [],
  custom_text: {
    after_submit: null,
    shipping_address: null,
    submit: null,
    terms_of_service_acceptance: null,
  },
  consent_collection: null,
};

const ORDER: Order = {
  session: SESSION,
  lineItems: [ITEM],
  businessName: 'Credence',
  amount: 1000,
  currency: 'usd',
  cancelUrl: 'http://127.0.0.1:3000/packs',
  successUrl: 'http://127.0.0.1:3000/return',
  recoveryUrl: null,
  lockedEmail: false,
  methods: ['card'],
  offersSaving: false,
  savedMethods: [],
  wantsAddress: false,
  promotions: { isOffered: false, applied: [] },
  trial: null,
};

function body(change: Partial<CheckoutState> = {}): string {
  const state = { view: ORDER, values: EMPTY_VALUES, problem: null, refusedCode: null, challenge: false };
  return checkoutPage({ ...state, ...change }).body;
}

/** The page of an order that differs, and of its session. */
function bodyOf(order: Partial<Order>, session: Partial<Order['session']> = {}): string {
  return body({ view: { ...ORDER, ...order, session: { ...SESSION, ...session } } });
}

/** What stands on the page, without its tags. */
function words(text: string): string {
  const seen = text.replace(/<(script|select|details|dialog)[\s\S]*?<\/\1>/g, ' ').replace(/<[^>]+>/g, ' ');
  return seen.replace(/\s+/g, ' ');
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
    expect(body()).toMatch(new RegExp(`<label for="${id}">(<span class="for-card">)?${label}<`));
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
    const text = bodyOf({}, { total_details: { amount_discount: 200, amount_tax: 50, amount_shipping: 0 } });
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

const MONTHLY: LineItem['price'] = {
  unit_amount: 3000,
  recurring: {
    interval: 'month',
    interval_count: 1,
    meter: null,
    trial_period_days: null,
    usage_type: 'licensed',
  },
};
const SUBSCRIPTION = { lineItems: [{ ...ITEM, description: 'Pro', price: MONTHLY, amount_subtotal: 3000 }] };

describe('what is sold', () => {
  it('by subscription names the price of each period and what is agreed to', () => {
    const text = bodyOf({ ...SUBSCRIPTION, amount: 3000 }, { mode: 'subscription' });
    expect(words(text)).toMatch(/Subscribe to Pro \$30\.00 per month/);
    expect(words(text)).toContain('Billed monthly');
    expect(words(text)).toContain('Total due today $30.00');
    expect(words(text)).toContain('you allow Credence to charge you for future payments');
    expect(tag(text, 'pay')).toContain('data-label="Subscribe"');
  });

  it('with a trial says how long it is free and what follows', () => {
    const trial = { days: 14, end: Date.UTC(2026, 11, 5) / 1000 };
    const text = bodyOf({ ...SUBSCRIPTION, amount: 0, trial }, { mode: 'subscription' });
    expect(words(text)).toContain('Try Pro 14 days free Then $30.00 per month, from December 5, 2026');
    expect(words(text)).toContain('Total after the trial, per month $30.00');
    expect(words(text)).toContain('Total due today $0.00');
    expect(tag(text, 'pay')).toContain('data-label="Start trial"');
  });

  it('in setup mode is nothing: only a card is saved', () => {
    const text = bodyOf({ lineItems: [], amount: 0 }, { mode: 'setup', amount_subtotal: null });
    expect(tag(text, 'pay')).toContain('data-label="Save card"');
    expect(words(text)).not.toMatch(/\$|Total/);
    expect(words(text)).toContain('By saving your payment information');
  });

  it('for nothing asks for no card', () => {
    const text = bodyOf({ amount: 0, methods: [] });
    expect(tag(text, 'pay')).toContain('data-label="Complete order"');
    expect(tag(text, 'cardNumber')).toBe('');
    expect(tag(text, 'billingName')).toBe('');
    expect(tag(text, 'email')).not.toBe('');
  });

  it('in yen has no decimals', () => {
    expect(words(bodyOf({ amount: 1200, currency: 'jpy' }))).toContain('Total due ¥1,200');
  });

  it('may be asked for in another number', () => {
    const adjustable = {
      ...ITEM,
      quantity: 2,
      adjustable_quantity: { enabled: true, minimum: 1, maximum: 9 },
    };
    const text = bodyOf({ lineItems: [adjustable] });
    expect(tag(text, 'quantity-li_1')).toMatch(/value="2"\s+min="1"\s+max="9"/);
    expect(text).toContain('action="/c/pay/cs_test_1/quantity"');
  });
});

describe('promotion codes', () => {
  it('are asked for only when the session takes them', () => {
    expect(tag(body(), 'promotionCode')).toBe('');
    const text = bodyOf({ promotions: { isOffered: true, applied: [] } });
    expect(tag(text, 'promotionCode')).toContain('aria-label="Add promotion code"');
  });

  it('that are refused stay in the field with the reason', () => {
    const view = { ...ORDER, promotions: { isOffered: true, applied: [] } };
    const text = body({ view, refusedCode: { code: '<NO>', message: 'This code is invalid.' } });
    expect(tag(text, 'promotionCode')).toContain('value="&lt;NO&gt;"');
    expect(tag(text, 'promotionCode')).toContain('aria-describedby="promotionCode-error"');
    expect(words(text)).toContain('This code is invalid.');
  });

  it('that are applied can be taken back; what the seller gave cannot', () => {
    const discount = { total_details: { amount_discount: 200, amount_tax: 0, amount_shipping: 0 } };
    const typed = { code: 'SAVE20', name: '20 off', percentOff: 20, amountOff: null };
    const own = bodyOf({ promotions: { isOffered: true, applied: [typed] } }, discount);
    expect(own).toContain('aria-label="Remove promotion code SAVE20"');
    expect(words(own)).toContain('\u2212$2.00 20% off');
    expect(tag(own, 'promotionCode')).toBe('');
    const given = bodyOf({ promotions: { isOffered: false, applied: [{ ...typed, code: null }] } }, discount);
    expect(given).not.toContain('Remove promotion code');
    expect(words(given)).toContain('20 off');
  });
});

describe('several methods', () => {
  const methods: Order['methods'] = ['card', 'sepa_debit', 'us_bank_account'];

  it('are a radio group under the names of checkout.stripe.com', () => {
    const text = bodyOf({ methods });
    expect(tag(text, 'payment-method-accordion-item-title-card')).toMatch(/type="radio"[^>]*checked/);
    expect(text).toContain('data-testid="sepa_debit-accordion-item-button"');
    expect(text).toContain('<label for="iban">IBAN</label>');
    expect(text).toContain('<label for="routingNumber">Routing number</label>');
    expect(text).toContain('<label for="accountNumber">Account number</label>');
    expect(words(text)).toContain('you authorise (A) Credence and Stripe');
  });

  it('that is only one needs no choice', () => {
    const text = bodyOf({ methods: ['sepa_debit'] });
    expect(text).not.toContain('type="radio"');
    expect(text).toContain('value="sepa_debit"');
    expect(tag(text, 'cardNumber')).toBe('');
  });
});

describe('what a seller asks beside', () => {
  it('the terms of service, as a box', () => {
    const consent = { payment_method_reuse_agreement: null, promotions: null };
    const text = bodyOf({}, { consent_collection: { ...consent, terms_of_service: 'required' } });
    expect(tag(text, 'termsOfServiceConsentCheckbox')).toContain('type="checkbox"');
    expect(tag(body(), 'termsOfServiceConsentCheckbox')).toBe('');
  });

  it('fields of its own, with what was typed and what is wrong', () => {
    const label = { custom: 'Team', type: 'custom' } as const;
    const view = {
      ...ORDER,
      session: {
        ...SESSION,
        custom_fields: [
          {
            key: 'team',
            label,
            optional: false,
            type: 'text' as const,
            text: { default_value: null, maximum_length: 20, minimum_length: null, value: null },
          },
          {
            key: 'size',
            label: { ...label, custom: 'Size' },
            optional: true,
            type: 'dropdown' as const,
            dropdown: { default_value: null, options: [{ label: 'Large', value: 'l' }], value: null },
          },
        ],
      },
    };
    const text = body({
      view,
      values: { ...EMPTY_VALUES, customFields: { size: 'l', team: 'Blue' } },
      problem: { field: 'customFields.team', message: 'Too short.' },
    });
    expect(tag(text, 'customFields.team')).toMatch(/value="Blue"[\s\S]*maxlength="20"[\s\S]*aria-invalid/);
    expect(text).toMatch(/<option value="l"\s+selected/);
    expect(words(text)).toContain('Size (optional)');
  });
});

describe('test instruments', () => {
  it('are offered for the methods of the session', () => {
    expect(body()).toContain('4000 0000 0000 0259');
    expect(body()).not.toContain('AT61');
    expect(bodyOf({ methods: ['us_bank_account'] })).toContain('000111111113');
    expect(bodyOf({ methods: ['us_bank_account'] })).not.toContain('4242 4242');
  });

  it('are nowhere in live mode, nor is the badge of a test', () => {
    const text = bodyOf({}, { livemode: true });
    expect(text).not.toContain('id="test-cards"');
    expect(text).not.toContain('SANDBOX');
    expect(body()).toContain('SANDBOX');
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

  it('that is expired starts again where the seller allows it', () => {
    const { body: text } = expiredPage({ ...ORDER, recoveryUrl: 'http://127.0.0.1:4700/r/again' });
    expect(text).toContain('href="http://127.0.0.1:4700/r/again"');
    expect(text).not.toContain('href="http://127.0.0.1:3000/packs"');
  });

  it('that nobody knows is a 404', () => {
    expect(unknownSessionPage().status).toBe(404);
  });
});
