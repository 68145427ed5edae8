import { ORDINARY_CARD, type CardBehaviour } from '../cards';

/** What the first digits of a card number say of its network. */
const PREFIXES: Array<[RegExp, string]> = [
  [/^4/, 'visa'],
  [/^(?:5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720))/, 'mastercard'],
  [/^3[47]/, 'amex'],
  [/^(?:6011|64[4-9]|65)/, 'discover'],
  [/^35(?:2[89]|[3-8])/, 'jcb'],
  [/^3(?:0[0-5]|[689])/, 'diners'],
  [/^62/, 'unionpay'],
];

/** A real card pays: live mode has no card that is made to fail. */
export function liveCard(number: string): CardBehaviour {
  const brand = PREFIXES.find(([prefix]) => prefix.test(number))?.[1] ?? 'unknown';
  return { ...ORDINARY_CARD, brand, number };
}
