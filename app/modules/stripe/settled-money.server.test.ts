import { describe, expect, it } from 'vitest';

import { eventBody } from './testing/deliveries';
import { settledInEvent } from './settled-money.server';

const said = (type: string, object: Record<string, unknown>) =>
  settledInEvent({ type, payload: eventBody({ type, object }).body });

describe('settled money in an event', () => {
  it.each([
    ['payment_intent.succeeded', { amount: 1000, amount_received: 900, currency: 'usd' }, 900n],
    ['checkout.session.completed', { payment_status: 'paid', amount_total: 700, currency: 'eur' }, 700n],
    ['invoice.paid', { amount_paid: 500, currency: 'jpy', customer: 7, metadata: null }, 500n],
    ['charge.succeeded', { amount: 300, currency: 'USD' }, 300n],
  ])('of %s is read even when its shape is not as it should be', (type, object, amount) => {
    expect(said(type, object)).toMatchObject({ amount, currency: object.currency.toLowerCase() });
  });

  it.each([
    ['payment_intent.payment_failed', { amount: 1000, currency: 'usd' }],
    ['checkout.session.completed', { payment_status: 'unpaid', amount_total: 700, currency: 'eur' }],
    ['checkout.session.completed', { payment_status: 'paid', amount_total: 0, currency: 'eur' }],
    ['charge.succeeded', {}],
  ])('is none in %s that settles nothing', (type, object) => {
    expect(said(type, object)).toBeUndefined();
  });
});
