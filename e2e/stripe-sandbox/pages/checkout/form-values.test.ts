import { expect, it } from 'vitest';
import { groupDigits } from './card-digits';
import { METHOD_FIELD, readExpiry, readForm, TERMS_FIELD, toPayInput } from './form-values';

it.each([
  ['12 / 34', '12', '34'],
  ['12/2034', '12', '2034'],
  ['1 / 34', '1', '34'],
  ['1234', '12', '34'],
  ['12', '12', ''],
  ['', '', ''],
])('the expiry %j is month %j and year %j', (text, month, year) => {
  expect(readExpiry(text)).toEqual({ month, year });
});

it('cards are grouped as they are embossed', () => {
  expect(groupDigits('4242-4242 42424242')).toBe('4242 4242 4242 4242');
  expect(groupDigits('378282246310005')).toBe('3782 822463 10005');
});

it('hands the engine what was typed, the card number without spaces', () => {
  const form = new URLSearchParams({
    email: ' ada@example.com ',
    cardNumber: '4242 4242 4242 4242',
    cardExpiry: '12 / 34',
    cardCvc: '123',
    iban: ' AT61 1904 3002 3457 3201 ',
    billingName: 'Ada',
    billingCountry: 'GB',
    billingPostalCode: 'SW1A 1AA',
    [METHOD_FIELD]: 'sepa_debit',
    [TERMS_FIELD]: 'on',
    'customFields.team': ' Blue ',
  });
  expect(toPayInput(readForm(form, ['card', 'sepa_debit']))).toEqual({
    email: 'ada@example.com',
    cardNumber: '4242424242424242',
    expMonth: '12',
    expYear: '34',
    cvc: '123',
    name: 'Ada',
    country: 'GB',
    postalCode: 'SW1A 1AA',
    line1: '',
    city: '',
    state: '',
    phone: '',
    savesMethod: false,
    method: 'sepa_debit',
    iban: 'AT61 1904 3002 3457 3201',
    routingNumber: '',
    accountNumber: '',
    acceptsTerms: true,
    customFields: { team: 'Blue' },
  });
});

it('a method that the session does not take is never handed on, nor a box that was not ticked', () => {
  const read = readForm(new URLSearchParams({ [METHOD_FIELD]: 'us_bank_account' }), ['card', 'sepa_debit']);
  expect(read).toMatchObject({ method: 'card', acceptsTerms: false });
});
