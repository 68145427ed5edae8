import type Stripe from 'stripe';
import { acceptsPaymentMethodTypes } from '../versions/versions';
import { invalid, notPlayed, type Refusal } from './refusal';

const BANK_CURRENCY: Record<string, string> = { sepa_debit: 'eur', us_bank_account: 'usd' };
const PLAYED = new Set(['card', 'link', ...Object.keys(BANK_CURRENCY)]);

interface Choice {
  allowed_payment_method_types?: string[] | null | undefined;
  automatic_payment_methods?: { enabled: boolean; allow_redirects: 'always' | 'never' } | undefined;
  excluded_payment_method_types?: string[] | null | undefined;
  payment_method_types?: string[] | undefined;
  /** What is offered when the request names nothing; absent: what `automatic_payment_methods` says. */
  switchedOn?: readonly string[];
}

export interface MethodChoice {
  types: string[];
  allowed: string[] | null;
  excluded: string[] | null;
  automatic: { enabled: boolean; allow_redirects: 'always' | 'never' } | null;
}

/** Which types an intent takes. `currency` null: it moves no money, so every currency will do. */
export function chooseMethods(choice: Choice, currency: string | null, version: string): MethodChoice {
  const { automatic_payment_methods: automatic, payment_method_types: named } = choice;
  const allowed = choice.allowed_payment_method_types ?? null;
  const excluded = choice.excluded_payment_method_types ?? null;
  if (named !== undefined) {
    if (!acceptsPaymentMethodTypes(version)) throw noLongerNamed();
    if (automatic?.enabled) {
      const message =
        'You may only specify one of these parameters: automatic_payment_methods, payment_method_types.';
      throw invalid(message, { param: 'payment_method_types' });
    }
    checkNamed(named, currency, 'payment_method_types');
    if (named.length > 0) return { types: named, allowed, excluded, automatic: null };
  }
  checkPlayed(allowed ?? [], 'allowed_payment_method_types');
  const offered =
    allowed ?? choice.switchedOn ?? (automatic?.enabled === false ? ['card'] : dynamicTypes(currency));
  const types = offered.filter((type) => !excluded?.includes(type) && fits(type, currency));
  if (types.length > 0) {
    return { types, allowed, excluded, automatic: automatic ?? { allow_redirects: 'always', enabled: true } };
  }
  throw invalid('No valid payment method types for this Payment Intent.', {
    param: allowed ? 'allowed_payment_method_types' : 'excluded_payment_method_types',
  });
}

function noLongerNamed(): Refusal {
  return invalid(
    'The `payment_method_types` parameter is no longer supported in this API version. Use `allowed_payment_method_types` or dynamic payment methods instead.',
    { code: 'payment_method_types_no_longer_supported', param: 'payment_method_types' },
  );
}

/** Types that a request names must be played and must take the currency. */
export function checkNamed(types: string[], currency: string | null, param: string): void {
  checkPlayed(types, param);
  checkCurrency(types, currency);
}

/** What the account has switched on. */
function dynamicTypes(currency: string | null): string[] {
  return ['card', ...Object.keys(BANK_CURRENCY).filter((type) => fits(type, currency))];
}

function fits(type: string, currency: string | null): boolean {
  return currency === null || (BANK_CURRENCY[type] ?? currency) === currency;
}

function checkPlayed(types: string[], param: string): void {
  const other = types.find((type) => !PLAYED.has(type));
  if (other !== undefined) throw notPlayed(`payments by ${other}`, param);
}

function checkCurrency(types: string[], currency: string | null): void {
  const misfit = types.find((type) => !fits(type, currency));
  if (misfit === undefined) return;
  const message = `The currency provided (${currency}) is invalid. Payments with ${misfit} support the following currencies: ${BANK_CURRENCY[misfit]}.`;
  throw invalid(message, { param: 'currency' });
}

/** The method must be of a type that the intent takes. */
export function checkTakes(
  noun: 'PaymentIntent' | 'SetupIntent',
  types: readonly string[],
  { type }: Pick<Stripe.PaymentMethod, 'type'>,
): void {
  if (types.includes(type)) return;
  const message = `The PaymentMethod provided (${type}) is not allowed for this ${noun}. This ${noun} accepts the following payment method types: ${types.join(', ')}.`;
  throw invalid(message, { code: 'payment_intent_incompatible_payment_method', param: 'payment_method' });
}
