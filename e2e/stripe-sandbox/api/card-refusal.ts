import type Stripe from 'stripe';
import type { ConfirmOutcome } from '../engine/confirm-intent';
import { Refusal } from './refusal';

type Declined = Extract<ConfirmOutcome, { outcome: 'declined' }>;

/** The 402 of a refused card, with the intent that waits for another one. */
export function cardRefusal({ charge, intent, refusal }: Declined, method: Stripe.PaymentMethod): Refusal {
  const body = {
    type: 'card_error' as const,
    message: refusal.message,
    code: refusal.code,
    ...(charge && { charge: charge.id }),
    ...(refusal.declineCode !== null && { decline_code: refusal.declineCode }),
    ...(refusal.adviceCode !== null && { advice_code: refusal.adviceCode }),
    ...(refusal.networkDeclineCode !== null && { network_decline_code: refusal.networkDeclineCode }),
    payment_intent: intent,
    payment_method: method,
  };
  return new Refusal(402, body, { isFinal: true });
}
