export interface TestCard {
  readonly key: string;
  readonly title: string;
  readonly number: string;
}

/** The cards of the drawer. What each number does is decided by the engine, from the number alone. */
export const TEST_CARDS: readonly TestCard[] = [
  { key: 'success', title: 'Succeeds', number: '4242424242424242' },
  { key: 'declined', title: 'Declined', number: '4000000000000002' },
  { key: 'insufficient-funds', title: 'Insufficient funds', number: '4000000000009995' },
  { key: 'challenge', title: '3DS, then succeeds', number: '4000002760003184' },
  { key: 'challenge-declined', title: '3DS, then declined', number: '4000008400001629' },
];

export const TEST_CARD_EXPIRY = '12 / 34';
export const TEST_CARD_CVC = '123';
export const TEST_CARD_NAME = 'Sam Sandbox';
export const TEST_CARD_ZIP = '94107';
export const TEST_CARD_EMAIL = 'sam@example.com';

/** `4242424242424242` → `4242 4242 4242 4242`; American Express reads 4-6-5. */
export function groupDigits(number: string): string {
  const digits = number.replace(/\D/g, '').slice(0, 19);
  const groups = /^3[47]/.test(digits)
    ? [digits.slice(0, 4), digits.slice(4, 10), digits.slice(10, 15)]
    : (digits.match(/.{1,4}/g) ?? []);
  return groups.filter((group) => group !== '').join(' ');
}
