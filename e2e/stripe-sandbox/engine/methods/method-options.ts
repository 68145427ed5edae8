import type Stripe from 'stripe';

/** When the business wants a 3DS challenge beyond what the card asks for. */
export type Request3ds = Stripe.PaymentIntent.PaymentMethodOptions.Card.RequestThreeDSecure;

/** What a payment says of cards alone. */
export interface CardOptions {
  request_three_d_secure?: Request3ds;
  /** Stands above the payment's own `setup_future_usage`. */
  setup_future_usage?: Stripe.PaymentIntent.PaymentMethodOptions.Card.SetupFutureUsage;
}

/** What a payment says of each of its method types. */
export function paymentOptions(
  types: readonly string[],
  card: CardOptions,
): Stripe.PaymentIntent.PaymentMethodOptions {
  return {
    ...(types.includes('card') && {
      card: {
        installments: null,
        mandate_options: null,
        network: null,
        request_three_d_secure: 'automatic',
        ...card,
      },
    }),
    ...(types.includes('link') && { link: { persistent_token: null } }),
    ...(types.includes('sepa_debit') && { sepa_debit: {} }),
    ...(types.includes('us_bank_account') && {
      us_bank_account: { mandate_options: {}, verification_method: 'automatic' },
    }),
  };
}

/** What a payment with a method of this type means for later ones. */
export function futureUsageOf(
  { payment_method_options: options, setup_future_usage: usage }: Stripe.PaymentIntent,
  type: string,
): Stripe.PaymentIntent.SetupFutureUsage | null {
  const ofCards = type === 'card' ? options?.card?.setup_future_usage : undefined;
  return ofCards === undefined ? usage : ofCards === 'none' ? null : ofCards;
}

export function setupOptions(
  types: readonly string[],
  request3ds: Request3ds,
): Stripe.SetupIntent.PaymentMethodOptions {
  return {
    ...(types.includes('card') && {
      card: { mandate_options: null, network: null, request_three_d_secure: request3ds },
    }),
    ...(types.includes('link') && { link: { persistent_token: null } }),
    ...(types.includes('sepa_debit') && { sepa_debit: {} }),
    ...(types.includes('us_bank_account') && {
      us_bank_account: { mandate_options: {}, verification_method: 'automatic' },
    }),
  };
}
