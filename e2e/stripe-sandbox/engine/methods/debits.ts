import type Stripe from 'stripe';
import type { Refusal } from '../cards';
import type { Settings } from '../../settings';

const DEBIT_KINDS = ['sepa_debit', 'us_bank_account'] as const;
export type DebitKind = (typeof DEBIT_KINDS)[number];

/** `undefined`: a method of this type is answered at once. */
export function debitKind(type: string): DebitKind | undefined {
  return DEBIT_KINDS.find((kind) => kind === type);
}

/** A bank account: a debit is accepted at once, and the bank answers later. */
export interface DebitBehaviour {
  kind: DebitKind;
  /** The IBAN, or routing and account number with a slash between. */
  number: string;
  /** The bank's answer; null: the money comes. */
  refusal: Refusal | null;
  /** `slow` takes minutes, `never` is never answered. */
  pace: 'normal' | 'slow' | 'never';
  /** The reason with which the account's holder takes the money back after the success. */
  dispute: Stripe.Dispute['reason'] | null;
  /** The funds are available at once. */
  skipsPending: false;
}

type Answer = Partial<Pick<DebitBehaviour, 'refusal' | 'pace' | 'dispute'>>;

const refused = (code: Refusal['code'], message: string): Refusal => ({
  code,
  declineCode: null,
  message,
  adviceCode: null,
  networkDeclineCode: null,
  isBlocked: false,
});
/** What a bank says that gives no reason. */
export const DEBIT_FAILED = refused(
  'payment_intent_payment_attempt_failed',
  'The payment failed. The bank could not process the debit.',
);

/** Stripe's test IBANs. Any other IBAN whose checksum is right is paid. */
const IBANS: Record<string, Answer> = {
  AT321904300235473204: { pace: 'slow' },
  AT861904300235473202: { refusal: DEBIT_FAILED },
  AT591904300235473203: { dispute: 'debit_not_authorized' },
  IT60X0542811101000000123456: { refusal: DEBIT_FAILED },
};

/** Published tables differ on what these two do; `lateIbans` chooses. */
const LATE_IBANS: Record<Settings['lateIbans'], Record<string, Answer>> = {
  fail_and_dispute: {
    AT051904300235473205: { pace: 'slow', refusal: DEBIT_FAILED },
    AT981904300235473203: { pace: 'slow', dispute: 'debit_not_authorized' },
  },
  fail: {
    AT051904300235473205: { pace: 'slow', refusal: DEBIT_FAILED },
    AT981904300235473203: { pace: 'slow', refusal: DEBIT_FAILED },
  },
  dispute: {
    AT051904300235473205: { pace: 'slow', dispute: 'debit_not_authorized' },
    AT981904300235473203: { pace: 'slow', dispute: 'debit_not_authorized' },
  },
};

export const TEST_ROUTING_NUMBER = '110000000';

/** Accounts of the test routing number. */
const ACCOUNTS: Record<string, Answer> = {
  '000111111113': {
    refusal: refused('account_closed', 'The bank account has been closed.'),
  },
  '000111111116': {
    refusal: refused('no_account', 'The bank account could not be located.'),
  },
  '000222222227': {
    refusal: refused('insufficient_funds', 'The bank account has insufficient funds to cover the payment.'),
  },
  '000333333335': {
    refusal: refused(
      'debit_not_authorized',
      'The customer has notified their bank that this payment was unauthorized.',
    ),
  },
  '000555555559': { dispute: 'debit_not_authorized' },
  '000000000009': { pace: 'never' },
};

const PAID = { refusal: null, pace: 'normal', dispute: null, skipsPending: false } as const;

/** Live accounts have no test answers. */
export function debitBehaviour(
  kind: DebitKind,
  number: string,
  { lateIbans, livemode }: { lateIbans: Settings['lateIbans']; livemode: boolean },
): DebitBehaviour {
  if (livemode) return { ...PAID, kind, number };
  const [routing = '', account = ''] = number.split('/');
  const special =
    kind === 'sepa_debit'
      ? (IBANS[number] ?? LATE_IBANS[lateIbans][number])
      : routing === TEST_ROUTING_NUMBER && ACCOUNTS[account];
  return { ...PAID, ...special, kind, number };
}

/** ISO 13616: four characters to the end, letters as numbers, the remainder by 97 is one. A test IBAN needs none. */
export function isIban(text: string, livemode: boolean): boolean {
  if (!livemode && text in LATE_IBANS.fail) return true;
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(text)) return false;
  let remainder = 0;
  for (const character of text.slice(4) + text.slice(0, 4)) {
    for (const digit of String(parseInt(character, 36))) remainder = (remainder * 10 + Number(digit)) % 97;
  }
  return remainder === 1;
}

/** The routing number of a bank in the United States: nine digits with a weighted checksum. */
export function isRoutingNumber(text: string): boolean {
  if (!/^\d{9}$/.test(text)) return false;
  const sum = [...text].reduce(
    (total, digit, place) => total + Number(digit) * ([3, 7, 1][place % 3] ?? 0),
    0,
  );
  return sum % 10 === 0;
}
