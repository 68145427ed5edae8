import type Stripe from 'stripe';
import { decimalsOf } from '../currencies';
import { percentOf } from '../rounding';

/** Of a card payment: 2.9 % and a fixed part in the smallest unit, which differs by currency. */
const CARD_PERCENT = 2.9;
const FIXED_PART: Record<string, number> = {
  aud: 30, brl: 39, cad: 30, chf: 30, czk: 650, dkk: 180, eur: 25, gbp: 20, hkd: 235, huf: 8500, inr: 300, jpy: 0,
  mxn: 300, myr: 100, nok: 200, nzd: 30, pln: 100, ron: 100, sek: 180, sgd: 50, thb: 1000, usd: 30,
}; // prettier-ignore

/** Of a bank debit: SEPA costs a fixed part, ACH 0.8 % up to five dollars. */
const SEPA_FEE = 35;
const ACH_PERCENT = 0.8;
const LARGEST_ACH_FEE = 500;

/** What a dispute costs, won or lost. */
const DISPUTE_FEES: Record<string, number> = {
  aud: 2500, brl: 5500, cad: 1500, chf: 2000, czk: 40_000, dkk: 11_000, eur: 2000, gbp: 2000, hkd: 8500,
  huf: 750_000, inr: 75_000, jpy: 1300, mxn: 15_000, myr: 6000, nok: 15_000, nzd: 2500, pln: 6000, ron: 7000,
  sek: 15_000, sgd: 1500, thb: 40_000, usd: 1500,
}; // prettier-ignore

/** What Stripe keeps of a payment, never more than the payment. All amounts are in the smallest unit. */
export function processingFee(charge: Stripe.Charge): number {
  const amount = charge.amount_captured;
  return Math.min(amount, feeFor(charge.payment_method_details?.type, amount, charge.currency));
}

function feeFor(method: string | undefined, amount: number, currency: string): number {
  if (method === 'sepa_debit') return SEPA_FEE;
  if (method === 'us_bank_account') return Math.min(percentOf(amount, ACH_PERCENT), LARGEST_ACH_FEE);
  return percentOf(amount, CARD_PERCENT) + (FIXED_PART[currency] ?? asUnits(currency, 0.3));
}

export function disputeFee(currency: string): number {
  return DISPUTE_FEES[currency] ?? asUnits(currency, 15);
}

/** Currencies without a published price take the number of the dollar's. */
function asUnits(currency: string, units: number): number {
  return Math.round(units * 10 ** decimalsOf(currency));
}
