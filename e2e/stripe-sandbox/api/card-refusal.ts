import type Stripe from 'stripe';
import type { Refusal as BankRefusal } from '../engine/cards';
import type { ConfirmOutcome } from '../engine/confirm-intent';
import { behaviourOf } from '../engine/methods/behaviours';
import type { SetupOutcome } from '../engine/methods/setup-intents';
import type { World } from '../engine/world';
import { Refusal, type RefusalBody } from './refusal';

type Declined = Extract<ConfirmOutcome, { outcome: 'declined' }>;
type SetupDeclined = Omit<Extract<SetupOutcome, { outcome: 'declined' }>, 'outcome'>;

/** The 402 of a refused card, with the intent that waits for another one. */
export function cardRefusal({ charge, intent, refusal }: Declined, method: Stripe.PaymentMethod): Refusal {
  return cardError(refusal, {
    ...(charge && { charge: charge.id }),
    payment_intent: intent,
    payment_method: method,
  });
}

export function setupRefusal({ intent, refusal }: SetupDeclined, method: Stripe.PaymentMethod): Refusal {
  return cardError(refusal, { payment_method: method, setup_intent: intent });
}

/** The issuer is asked before a card is saved for a customer. */
export function checkAttaches(world: World, method: Stripe.PaymentMethod): void {
  const behaviour = behaviourOf(world, method);
  if (behaviour.kind === 'card' && behaviour.refusal && !behaviour.attaches) {
    throw cardError(behaviour.refusal, {});
  }
}

function cardError(refusal: BankRefusal, more: Partial<RefusalBody>): Refusal {
  const body = {
    type: 'card_error' as const,
    message: refusal.message,
    code: refusal.code,
    ...(refusal.declineCode !== null && { decline_code: refusal.declineCode }),
    ...(refusal.adviceCode !== null && { advice_code: refusal.adviceCode }),
    ...(refusal.networkDeclineCode !== null && { network_decline_code: refusal.networkDeclineCode }),
    ...more,
  };
  return new Refusal(402, body, { isFinal: true });
}
