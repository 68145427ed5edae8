import type Stripe from 'stripe';
import { randomText } from '../ids';
import { findCardByNumber, type CardBehaviour, type Refusal } from './cards';
import { buildCharge } from './charges';
import { happening, type Happening } from './happening';
import { ORDERS } from './orders';
import { idIn, type World } from './world';

export type ConfirmOutcome =
  | { outcome: 'succeeded'; intent: Stripe.PaymentIntent; charge: Stripe.Charge }
  /** The card is refused; the intent waits for another payment method. */
  | { outcome: 'declined'; intent: Stripe.PaymentIntent; charge: Stripe.Charge | null; refusal: Refusal }
  /** The customer must answer a 3DS challenge. */
  | { outcome: 'challenge'; intent: Stripe.PaymentIntent };

/** An outcome with the events that it makes; the caller adds its own and publishes them as one act. */
export type Confirmed = ConfirmOutcome & { happenings: Happening[]; order: readonly Stripe.Event.Type[] };

export interface ConfirmInput {
  intent: Stripe.PaymentIntent;
  method: Stripe.PaymentMethod;
  /** The customer that a success belongs to. */
  owner: string | null;
  /** The intent is made by this very act, so that payment_intent.created belongs to it. */
  isNew: boolean;
  isOffSession: boolean;
  returnUrl: string | null;
}

const AUTHENTICATION_REQUIRED: Refusal = {
  code: 'authentication_required',
  declineCode: 'authentication_required',
  message: 'Your card was declined. This transaction requires authentication.',
  adviceCode: null,
  networkDeclineCode: null,
  isBlocked: false,
};

const AUTHENTICATION_FAILED: Refusal = {
  code: 'payment_intent_authentication_failure',
  declineCode: null,
  message:
    'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
  adviceCode: null,
  networkDeclineCode: null,
  isBlocked: false,
};

export function behaviourOf(world: World, method: Stripe.PaymentMethod): CardBehaviour {
  const behaviour = findCardByNumber(world.store.cards.must(method.id).testCard);
  if (!behaviour) throw new Error(`${method.id} has no row in the card table`);
  return behaviour;
}

/** Tries to pay the intent with the method: at once, after a challenge, or not at all. */
export function confirmIntent(world: World, input: ConfirmInput): Confirmed {
  const behaviour = behaviourOf(world, input.method);
  const created = input.isNew ? [happening('payment_intent.created', input.intent)] : [];
  if (behaviour.threeDSecure === 'required' && !input.isOffSession) {
    const intent = world.store.paymentIntents.put({
      ...input.intent,
      last_payment_error: null,
      next_action: challengeAction(world, input),
      payment_method: input.method.id,
      status: 'requires_action',
    });
    const happenings = [...created, happening('payment_intent.requires_action', intent)];
    return { outcome: 'challenge', intent, happenings, order: ORDERS.challenge };
  }
  const refusal = behaviour.threeDSecure === 'required' ? AUTHENTICATION_REQUIRED : behaviour.refusal;
  const paid = chargeIntent(world, { ...input, behaviour, refusal, isAuthenticated: false });
  return { ...paid, happenings: [...created, ...paid.happenings] };
}

/** The answer to the challenge of an intent in `requires_action`. */
export function answerIntentChallenge(
  world: World,
  input: Pick<ConfirmInput, 'intent' | 'method' | 'owner'> & { isComplete: boolean },
): Confirmed {
  const { intent, method } = input;
  const behaviour = behaviourOf(world, method);
  if (input.isComplete) {
    const answered = chargeIntent(world, {
      ...input,
      behaviour,
      refusal: behaviour.refusal,
      isAuthenticated: true,
    });
    return answered.outcome === 'succeeded' ? { ...answered, order: ORDERS.afterChallenge } : answered;
  }
  const failed = putRefused(world, intent, method, AUTHENTICATION_FAILED, null);
  return {
    outcome: 'declined',
    intent: failed,
    charge: null,
    refusal: AUTHENTICATION_FAILED,
    happenings: [happening('payment_intent.payment_failed', failed)],
    order: ORDERS.decline,
  };
}

interface ChargeTry {
  intent: Stripe.PaymentIntent;
  method: Stripe.PaymentMethod;
  owner: string | null;
  behaviour: CardBehaviour;
  refusal: Refusal | null;
  isAuthenticated: boolean;
}

function chargeIntent(world: World, attempt: ChargeTry): Confirmed {
  const { intent, method, refusal } = attempt;
  if (refusal !== null) {
    const charge = world.store.charges.put(buildCharge(world, attempt));
    const failed = putRefused(world, intent, method, refusal, charge.id);
    const happenings = [
      happening('charge.failed', charge),
      happening('payment_intent.payment_failed', failed),
    ];
    return { outcome: 'declined', intent: failed, charge, refusal, happenings, order: ORDERS.decline };
  }
  const owned = { ...intent, customer: attempt.owner };
  const charge = world.store.charges.put(buildCharge(world, { ...attempt, intent: owned }));
  const paid = world.store.paymentIntents.put({
    ...owned,
    amount_received: intent.amount,
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    payment_method: method.id,
    status: 'succeeded',
  });
  world.later('settle_charge', charge.id, world.nowMs() + world.settings().settleDelayMs);
  const happenings = [
    ...keepForLater(world, paid, method),
    happening('charge.succeeded', charge),
    happening('payment_intent.succeeded', paid),
  ];
  return { outcome: 'succeeded', intent: paid, charge, happenings, order: ORDERS.payment };
}

/** A method set up for later use becomes the customer's. */
function keepForLater(world: World, intent: Stripe.PaymentIntent, method: Stripe.PaymentMethod): Happening[] {
  const customer = idIn(intent.customer);
  if (intent.setup_future_usage === null || customer === null || idIn(method.customer) !== null) return [];
  const attached = world.store.paymentMethods.put({ ...method, customer });
  return [happening('payment_method.attached', attached)];
}

function putRefused(
  world: World,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  refusal: Refusal,
  chargeId: string | null,
): Stripe.PaymentIntent {
  return world.store.paymentIntents.put({
    ...intent,
    last_payment_error: paymentError(refusal, method, chargeId),
    latest_charge: chargeId ?? intent.latest_charge,
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  });
}

type PaymentError = NonNullable<Stripe.PaymentIntent['last_payment_error']>;

function paymentError(refusal: Refusal, method: Stripe.PaymentMethod, chargeId: string | null): PaymentError {
  return {
    ...(refusal.adviceCode !== null && { advice_code: refusal.adviceCode }),
    ...(chargeId !== null && { charge: chargeId }),
    code: refusal.code,
    ...(refusal.declineCode !== null && { decline_code: refusal.declineCode }),
    doc_url: `https://stripe.com/docs/error-codes/${refusal.code.replaceAll('_', '-')}`,
    message: refusal.message,
    ...(refusal.networkDeclineCode !== null && { network_decline_code: refusal.networkDeclineCode }),
    payment_method: method,
    type: refusal === AUTHENTICATION_FAILED ? 'invalid_request_error' : 'card_error',
  };
}

function challengeAction(world: World, input: ConfirmInput): Stripe.PaymentIntent.NextAction {
  if (input.returnUrl !== null) {
    const url = `${world.origin}/c/authenticate/${input.intent.id}`;
    return { type: 'redirect_to_url', redirect_to_url: { return_url: input.returnUrl, url } };
  }
  return {
    type: 'use_stripe_sdk',
    use_stripe_sdk: { type: 'three_d_secure_redirect', source: `src_${randomText(24)}` },
  };
}
