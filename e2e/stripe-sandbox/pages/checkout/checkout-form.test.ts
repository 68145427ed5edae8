import { expect, it } from 'vitest';
import { readExpiry, readForm, toPayInput } from './checkout-form';
import { groupDigits } from './test-cards';

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
    billingName: 'Ada',
    billingCountry: 'GB',
    billingPostalCode: 'SW1A 1AA',
  });
  expect(toPayInput(readForm(form))).toEqual({
    email: 'ada@example.com',
    cardNumber: '4242424242424242',
    expMonth: '12',
    expYear: '34',
    cvc: '123',
    name: 'Ada',
    country: 'GB',
    postalCode: 'SW1A 1AA',
  });
});
