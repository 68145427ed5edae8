import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { makePseudonyms } from './pseudonyms';
import { namelessEvent } from './redact-payload';

/** Everywhere that a person, a team or a bank may write: each field gets a canary of its own. */
const PERSON = {
  ...{ name: '', email: '', phone: '', business_name: '', individual_name: '' },
  address: { line1: '', line2: '', city: '', postal_code: '', state: '', country: '' },
  tax_ids: [{ type: 'eu_vat', value: '' }],
};
const CARD = {
  brand: 'visa',
  last4: '',
  fingerprint: '',
  exp_month: 3,
  exp_year: 2029,
  country: '',
  iin: '',
};
const OBJECTS = [
  {
    ...{ id: 'cs_live_a1B2c3D4e5F6g7H8', object: 'checkout.session', mode: 'payment', status: 'complete' },
    ...{ payment_status: 'paid', amount_total: 2000, amount_subtotal: 2000, currency: 'usd', url: '' },
    ...{
      customer: 'cus_A1b2C3d4E5f6g7',
      customer_email: '',
      customer_details: PERSON,
      client_reference_id: '',
    },
    ...{ client_secret: '', success_url: '', cancel_url: '', custom_text: { submit: { message: '' } } },
    custom_fields: [{ key: '', label: { custom: '', type: 'custom' }, text: { value: '' } }],
    ...{
      metadata: { credence_payment: 'pay_0123456789abcdef0123456789abcdef', note: '' },
      collected_information: PERSON,
    },
  },
  {
    ...{ id: 'ch_a1B2c3D4e5F6g7H8i9', object: 'charge', status: 'succeeded', amount: 2000, currency: 'usd' },
    ...{
      payment_intent: 'pi_a1B2c3D4e5F6g7H8i9',
      billing_details: PERSON,
      shipping: PERSON,
      receipt_email: '',
    },
    ...{
      receipt_url: '',
      description: '',
      statement_descriptor: '',
      failure_message: '',
      calculated_statement_descriptor: '',
    },
    ...{
      payment_method_details: { type: 'card', card: { ...CARD, wallet: { dynamic_last4: '' } } },
      metadata: { order: '' },
    },
    ...{ fraud_details: { user_report: '' }, outcome: { type: 'authorized', seller_message: '' } },
  },
  {
    ...{
      id: 'du_a1B2c3D4e5F6g7H8i9',
      object: 'dispute',
      status: 'needs_response',
      amount: 2000,
      currency: 'usd',
    },
    evidence: {
      customer_name: '',
      customer_purchase_ip: '',
      customer_email_address: '',
      uncategorized_text: '',
    },
    ...{
      evidence_details: { due_by: 1_795_000_000, submission_count: 0 },
      balance_transactions: [],
      reason: 'fraudulent',
    },
    metadata: {},
  },
  {
    ...{ id: 're_a1B2c3D4e5F6g7H8i9', object: 'refund', status: 'succeeded', amount: 100, currency: 'usd' },
    ...{ charge: 'ch_a1B2c3D4e5F6g7H8i9', receipt_number: '', description: '', instructions_email: '' },
    metadata: { credence_id: 'mbk_0123456789abcdef0123456789abcdef', asked_by: '' },
    destination_details: { type: 'card', card: { reference: '' } },
  },
  {
    ...{
      id: 'in_a1B2c3D4e5F6g7H8i9',
      object: 'invoice',
      status: 'paid',
      number: '',
      currency: 'usd',
      total: 2000,
    },
    ...{
      customer_name: '',
      customer_email: '',
      customer_phone: '',
      customer_address: PERSON.address,
      footer: '',
    },
    ...{
      hosted_invoice_url: '',
      invoice_pdf: '',
      description: '',
      account_name: '',
      custom_fields: [{ name: '', value: '' }],
    },
    lines: {
      data: [{ id: 'il_a1B2c3D4e5F6g7H8i9', amount: 2000, description: '', metadata: { who: '' } }],
      has_more: false,
      url: '',
    },
    metadata: { free: '' },
  },
];

/** The object with canaries: in each empty text, under keys that nobody knows, and in the account's own metadata. */
function withCanaries(value: unknown, next: () => string): unknown {
  if (value === '') return next();
  if (Array.isArray(value)) return value.map((one: unknown) => withCanaries(one, next));
  if (typeof value !== 'object' || value === null) return value;
  const filled = Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, withCanaries(part, next)]),
  );
  return { ...filled, [next()]: next(), tomorrows_field: { [next()]: [next(), { email: next() }] } };
}

const eventOf = (object: unknown, previous: unknown = {}) =>
  JSON.stringify({
    ...{ id: 'evt_a1B2c3D4e5F6g7H8i9', object: 'event', type: 'charge.updated', created: 1_795_000_000 },
    ...{ api_version: '2026-10-28.endive', livemode: true, pending_webhooks: 3 },
    request: { id: 'req_a1B2c3D4e5F6', idempotency_key: 'casey@example.test' },
    data: { object, previous_attributes: previous },
  });

const keep = (shiftSeconds = 0) => ({ names: makePseudonyms(), shiftSeconds });

describe('a nameless event', () => {
  it('holds nothing of what stood in any free field, whatever stood there', () => {
    const anything = fc.oneof(
      fc.string({ minLength: 1, maxLength: 30 }),
      fc.emailAddress(),
      fc.ipV4(),
      fc.stringMatching(/^[a-z]{4,12}(_[a-z]{2,8})?$/),
      fc.stringMatching(/^(cus|ch|pay|john)_[A-Za-z0-9]{8,20}$/),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...OBJECTS),
        fc.array(anything, { minLength: 80, maxLength: 80 }),
        (object, words) => {
          const canaries: string[] = [];
          const next = () => {
            const canary = `${words[canaries.length % words.length] ?? ''}canary${canaries.length}x`;
            canaries.push(canary);
            return canary;
          };
          const payload = eventOf(withCanaries(object, next), withCanaries(object, next));
          const told = JSON.stringify(namelessEvent(payload, keep()));
          for (const canary of canaries) {
            expect(told).not.toContain(JSON.stringify(canary).slice(1, -1));
            expect(told.toLowerCase()).not.toContain('canary');
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('keeps no id, and leads by its fresh ids wherever the old ones led', () => {
    const { names } = keep();
    const charge = namelessEvent(eventOf(OBJECTS[1]), { names, shiftSeconds: 0 });
    const refund = namelessEvent(eventOf(OBJECTS[3]), { names, shiftSeconds: 0 });
    expect(refund.data.object['charge']).toBe(charge.data.object['id']);
    expect(charge.data.object['id']).toMatch(/^ch_[A-Za-z0-9]{18}$/);
    expect(JSON.stringify([charge, refund])).not.toMatch(/a1B2c3D4|0123456789abcdef/);
  });

  it('keeps states, amounts and currency, and moves times alike', () => {
    const session = namelessEvent(eventOf(OBJECTS[0]), keep(60));
    expect(session).toMatchObject({ created: 1_795_000_060, livemode: false, type: 'charge.updated' });
    expect(session.data.object).toMatchObject({
      ...{ object: 'checkout.session', mode: 'payment', status: 'complete', payment_status: 'paid' },
      ...{ amount_total: 2000, currency: 'usd' },
    });
    expect(session.data.object['id']).toMatch(/^cs_test_/);
  });

  it('says the same of the same person every time', () => {
    const { names } = keep();
    const told = [1, 2].map(() =>
      namelessEvent(eventOf({ id: 'ch_a1B2c3D4e5', receipt_email: 'a@b.test', email: 'c@d.test' }), {
        names,
        shiftSeconds: 0,
      }),
    );
    expect(told[0]?.data).toEqual(told[1]?.data);
    expect(told[0]?.data.object['receipt_email']).not.toBe(told[0]?.data.object['email']);
  });
});
