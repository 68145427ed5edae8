import type Stripe from 'stripe';
import * as z from 'zod';
import { checkNamed } from './intent-methods';
import { clearable, list, oneOf, text, unplayed } from './params';
import { notPlayed } from './refusal';

const PARAM = 'payment_settings[payment_method_types]';
const namedTypes = clearable(list(text())).optional();

/** How the invoices of a subscription are paid. */
export const subscriptionPaymentParams = z.strictObject({
  payment_method_options: unplayed('payment_method_options of a subscription'),
  payment_method_types: namedTypes,
  save_default_payment_method: oneOf(['off', 'on_subscription']).optional(),
});

/** How one invoice is paid. */
export const invoicePaymentParams = z.strictObject({
  default_mandate: unplayed('default_mandate'),
  payment_method_options: unplayed('payment_method_options of an invoice'),
  payment_method_types: namedTypes,
});

/**
 * The types that the request names; null: it names none or takes them back, undefined: it says nothing of them.
 * `method` is what is to pay unless another one is chosen.
 */
export function methodTypesOf(
  given: { payment_method_types?: string[] | null | undefined } | undefined,
  currency: string,
  method: Stripe.PaymentMethod | null,
): string[] | null | undefined {
  const types = given?.payment_method_types;
  if (!types || types.length === 0) return types && null;
  checkNamed(types, currency, PARAM);
  checkDefault(types, method);
  return types;
}

/** Whether what pays by default is of a type that was named, if any was. */
export function checkDefault(
  types: readonly string[] | null | undefined,
  method: Stripe.PaymentMethod | null,
): void {
  if (!types || !method || types.includes(method.type)) return;
  throw notPlayed(`a default_payment_method of another type than ${types.join(', ')}`, PARAM);
}
