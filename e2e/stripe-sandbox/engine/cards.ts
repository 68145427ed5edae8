import type Stripe from 'stripe';

/** What an issuer answers when it refuses. */
export interface Refusal {
  code: NonNullable<Stripe.PaymentIntent.LastPaymentError['code']>;
  declineCode: string | null;
  message: string;
  adviceCode: 'confirm_card_data' | 'do_not_try_again' | 'try_again_later' | null;
  networkDeclineCode: string | null;
  /** Stopped by Radar before the network was asked. */
  isBlocked: boolean;
}

type ThreeDSecure = 'not_asked' | 'required' | 'until_set_up' | 'lookup_fails';

/** What the customer's bank does once the charge has succeeded. */
export type Aftermath =
  'dispute' | 'dispute_not_received' | 'inquiry' | 'early_fraud_warning' | 'multiple_disputes';

/** `pending`: the bank takes its time. `fails_later`: it succeeds at once and comes back. */
export type RefundCourse = 'sync' | 'pending' | 'fails_later';

export interface CardBehaviour {
  kind: 'card';
  number: string;
  brand: string;
  funding: 'credit' | 'debit' | 'prepaid' | 'unknown';
  threeDSecure: ThreeDSecure;
  refusal: Refusal | null;
  /** It can be saved for a customer; the cards made to be declined cannot, but for one. */
  attaches: boolean;
  riskLevel: 'normal' | 'elevated' | 'highest';
  cvcCheck: 'pass' | 'fail';
  postalCodeCheck: 'pass' | 'fail';
  line1Check: 'pass' | 'fail';
  /** The funds are available at once. */
  skipsPending: boolean;
  afterCharge: Aftermath | null;
  refund: RefundCourse;
}

const decline = (declineCode: string, message: string, more: Partial<Refusal> = {}): Refusal => ({
  code: 'card_declined',
  declineCode,
  message,
  adviceCode: 'try_again_later',
  networkDeclineCode: '01',
  isBlocked: false,
  ...more,
});
const DECLINED = 'Your card was declined.';
const refusals = {
  generic: decline('generic_decline', DECLINED),
  insufficientFunds: decline('insufficient_funds', 'Your card has insufficient funds.', {
    networkDeclineCode: '51',
  }),
  lost: decline('lost_card', DECLINED, { adviceCode: 'do_not_try_again', networkDeclineCode: '41' }),
  stolen: decline('stolen_card', DECLINED, { adviceCode: 'do_not_try_again', networkDeclineCode: '43' }),
  velocity: decline('card_velocity_exceeded', DECLINED, { networkDeclineCode: '65' }),
  blocked: decline('fraudulent', DECLINED, { adviceCode: null, networkDeclineCode: null, isBlocked: true }),
  expired: decline('expired_card', 'Your card has expired.', {
    code: 'expired_card',
    adviceCode: 'do_not_try_again',
    networkDeclineCode: '54',
  }),
  cvc: decline('incorrect_cvc', "Your card's security code is incorrect.", {
    code: 'incorrect_cvc',
    adviceCode: 'confirm_card_data',
    networkDeclineCode: '82',
  }),
  processing: decline(
    'processing_error',
    'An error occurred while processing your card. Try again in a little bit.',
    { code: 'processing_error', networkDeclineCode: '96' },
  ),
  lookupFailed: decline(
    'processing_error',
    'An error occurred while processing your card. Try again in a little bit.',
    { code: 'processing_error', adviceCode: null, networkDeclineCode: null },
  ),
};

/** Succeeds, with nothing special about it. */
export const ORDINARY_CARD: Omit<CardBehaviour, 'number'> = {
  kind: 'card',
  brand: 'visa',
  funding: 'credit',
  threeDSecure: 'not_asked',
  refusal: null,
  attaches: true,
  riskLevel: 'normal',
  cvcCheck: 'pass',
  postalCodeCheck: 'pass',
  line1Check: 'pass',
  skipsPending: false,
  afterCharge: null,
  refund: 'sync',
};

/** Stripe's test cards: number, the aliases that stand for it, what is special about it. */
const TABLE: Array<[string, string[], Partial<CardBehaviour>]> = [
  ['4242424242424242', ['visa'], {}],
  ['4000056655665556', ['visa_debit'], { funding: 'debit' }],
  ['5555555555554444', ['mastercard'], { brand: 'mastercard' }],
  ['5200828282828210', ['mastercard_debit'], { brand: 'mastercard', funding: 'debit' }],
  ['378282246310005', ['amex'], { brand: 'amex' }],
  ['6011111111111117', ['discover'], { brand: 'discover' }],
  ['3566002020360505', ['jcb'], { brand: 'jcb' }],
  ['3056930009020004', ['diners'], { brand: 'diners' }],
  ['6200000000000005', ['unionpay'], { brand: 'unionpay' }],
  [
    '4000000000000002',
    ['chargeDeclined', 'visa_chargeDeclined'],
    { attaches: false, refusal: refusals.generic },
  ],
  [
    '4000000000009995',
    ['chargeDeclinedInsufficientFunds', 'visa_chargeDeclinedInsufficientFunds'],
    { attaches: false, refusal: refusals.insufficientFunds },
  ],
  [
    '4000000000009987',
    ['chargeDeclinedLostCard', 'visa_chargeDeclinedLostCard'],
    { attaches: false, refusal: refusals.lost },
  ],
  [
    '4000000000009979',
    ['chargeDeclinedStolenCard', 'visa_chargeDeclinedStolenCard'],
    { attaches: false, refusal: refusals.stolen },
  ],
  ['4000000000000069', ['chargeDeclinedExpiredCard'], { attaches: false, refusal: refusals.expired }],
  [
    '4000000000000127',
    ['chargeDeclinedIncorrectCvc'],
    { attaches: false, refusal: refusals.cvc, cvcCheck: 'fail' },
  ],
  ['4000000000000119', ['chargeDeclinedProcessingError'], { attaches: false, refusal: refusals.processing }],
  [
    '4000000000006975',
    ['chargeDeclinedVelocityLimitExceeded', 'visa_chargeDeclinedVelocityLimitExceeded'],
    { attaches: false, refusal: refusals.velocity },
  ],
  ['4000000000000341', ['chargeCustomerFail'], { refusal: refusals.generic }],
  ['4100000000000019', ['radarBlock'], { refusal: refusals.blocked, riskLevel: 'highest' }],
  ['4000000000004954', ['riskLevelHighest'], { refusal: refusals.blocked, riskLevel: 'highest' }],
  ['4000000000009235', ['riskLevelElevated'], { riskLevel: 'elevated' }],
  ['4000002500003155', ['authenticationRequiredOnSetup'], { threeDSecure: 'until_set_up' }],
  ['4000002760003184', ['authenticationRequired'], { threeDSecure: 'required' }],
  ['4000000000003220', ['threeDSecure2Required'], { threeDSecure: 'required' }],
  [
    '4000008400001629',
    ['threeDSecureRequiredChargeDeclined'],
    { threeDSecure: 'required', refusal: refusals.generic },
  ],
  ['4000008400001280', [], { threeDSecure: 'lookup_fails', refusal: refusals.lookupFailed }],
  [
    '4000008260003178',
    ['authenticationRequiredChargeDeclinedInsufficientFunds'],
    { threeDSecure: 'required', refusal: refusals.insufficientFunds },
  ],
  ['4000000000000101', ['cvcCheckFail'], { cvcCheck: 'fail' }],
  ['4000000000000036', ['avsZipFail'], { postalCodeCheck: 'fail' }],
  ['4000000000000028', ['avsLine1Fail'], { line1Check: 'fail' }],
  ['4000000000000010', ['avsFail'], { postalCodeCheck: 'fail', line1Check: 'fail' }],
  ['4000000000000077', ['bypassPending'], { skipsPending: true }],
  ['4000000000000259', ['createDispute', 'visa_createDispute'], { afterCharge: 'dispute' }],
  [
    '4000000000002685',
    ['createDisputeProductNotReceived', 'visa_createDisputeProductNotReceived'],
    { afterCharge: 'dispute_not_received' },
  ],
  ['4000000000001976', ['createDisputeInquiry', 'visa_createDisputeInquiry'], { afterCharge: 'inquiry' }],
  ['4000000000005423', ['createIssuerFraudRecord'], { afterCharge: 'early_fraud_warning' }],
  ['4000004040000079', ['createMultipleDisputes'], { afterCharge: 'multiple_disputes' }],
  ['4000000000007726', ['pendingRefund'], { refund: 'pending' }],
  ['4000000000005126', ['refundFail'], { refund: 'fails_later' }],
];

const byNumber = new Map<string, CardBehaviour>();
const byAlias = new Map<string, CardBehaviour>();
for (const [number, aliases, special] of TABLE) {
  const behaviour = { ...ORDINARY_CARD, ...special, number };
  byNumber.set(number, behaviour);
  for (const alias of aliases) byAlias.set(alias, behaviour);
}

/** `tok_visa` and `pm_card_visa` name the same card. */
export function findCardByAlias(id: string): CardBehaviour | undefined {
  const alias = /^(?:tok|pm_card)_(.+)$/.exec(id)?.[1];
  return alias === undefined ? undefined : byAlias.get(alias);
}

/** `undefined`: a real-looking number that is not one of Stripe's test cards. */
export function findCardByNumber(digits: string): CardBehaviour | undefined {
  return byNumber.get(digits);
}

export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (const [place, digit] of [...digits].reverse().entries()) {
    const value = Number(digit) * (place % 2 === 1 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}

/** What live mode says to one of Stripe's test cards. */
export const A_TEST_CARD: Refusal = decline(
  'live_mode_test_card',
  'Your card was declined. Your request was in live mode, but used a known test card.',
  { adviceCode: null, networkDeclineCode: null },
);

export const NOT_A_TEST_CARD: Refusal = decline(
  'test_mode_live_card',
  'Your card was declined. Your request was in test mode, but used a non test card. For a list of valid test cards, visit: https://stripe.com/docs/testing.',
  { adviceCode: null, networkDeclineCode: null },
);
