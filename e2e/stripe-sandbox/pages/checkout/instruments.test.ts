import { describe, expect, it } from 'vitest';
import { findCardByNumber } from '../../engine/cards';
import { isIban, isRoutingNumber } from '../../engine/methods/debits';
import { EMPTY_VALUES, toPayInput } from './form-values';
import { fillIn, findInstrument, INSTRUMENTS } from './instruments';

const ALL = INSTRUMENTS.flatMap(({ instruments }) => instruments);

describe('the drawer', () => {
  it('holds every instrument once', () => {
    expect(new Set(ALL.map(({ key }) => key)).size).toBe(ALL.length);
    expect(new Set(ALL.map(({ shown }) => shown)).size).toBe(ALL.length);
  });

  it.each(ALL.filter(({ method }) => method === 'card'))(
    'fills $title, a card that the engine knows',
    (card) => {
      const { cardNumber, cvc } = toPayInput(fillIn(EMPTY_VALUES, card));
      const isKnown = findCardByNumber(cardNumber) !== undefined;
      expect(isKnown).toBe(card.key !== 'incorrect-number');
      expect(cvc).toHaveLength(cardNumber.length === 15 ? 4 : 3);
    },
  );

  it.each(ALL.filter(({ method }) => method === 'sepa_debit'))('fills an IBAN: $title', (account) => {
    const { iban = '', method } = toPayInput(fillIn(EMPTY_VALUES, account));
    expect(method).toBe('sepa_debit');
    expect(isIban(iban.replaceAll(' ', ''), false)).toBe(true);
  });

  it.each(ALL.filter(({ method }) => method === 'us_bank_account'))('fills an account: $title', (account) => {
    const { routingNumber = '', accountNumber = '' } = toPayInput(fillIn(EMPTY_VALUES, account));
    expect(isRoutingNumber(routingNumber)).toBe(true);
    expect(accountNumber).toMatch(/^\d{12}$/);
  });

  it('keeps what was typed beside the instrument', () => {
    const typed = { ...EMPTY_VALUES, email: 'ada@example.com', billingName: 'Ada' };
    const visa = findInstrument('success');
    expect(visa && fillIn(typed, visa)).toMatchObject({
      email: 'ada@example.com',
      billingName: 'Ada',
      billingPostalCode: '94107',
      cardNumber: '4242 4242 4242 4242',
    });
  });
});
