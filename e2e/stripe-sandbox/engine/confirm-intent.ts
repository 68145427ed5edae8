import type Stripe from 'stripe';
import { randomText } from '../ids';
import { withInvoice } from './billing/follow-invoice';
import type { Refusal } from './cards';
import { buildCharge, type ChargeInput } from './charges';
import { afterCharge } from './disputes/after-charge';
import { happening, type Happening } from './happening';
import { behaviourOf, type MethodBehaviour } from './methods/behaviours';
import type { DebitBehaviour } from './methods/debits';
import { futureUsageOf } from './methods/method-options';
import { acceptedOnline, createMandate, standingMandate, type Acceptance } from './methods/mandates';
import { afterPayment, isSetUpOffSession } from './methods/method-states';
import { AUTHENTICATION_REQUIRED, intentError, PAYMENT_AUTHENTICATION_FAILED } from './methods/refusals';
import { ORDERS } from './orders';
import { idIn, type World } from './world';

interface Tried {
  intent: Stripe.PaymentIntent;
  charge: Stripe.Charge;
}

export type ConfirmOutcome =
  | ({ outcome: 'succeeded' } & Tried)
  /** A delayed method was accepted: the money is not there yet, and the task `settle_debit` tells of it. */
  | ({ outcome: 'processing' } & Tried)
  /** The card holds the money until it is captured. */
  | ({ outcome: 'held' } & Tried)
  /** The method is refused; the intent waits for another one. */
  | {
      outcome: 'declined';
      intent: Stripe.PaymentIntent;
      charge: Stripe.Charge | null;
      refusal: Refusal;
    }
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
  /** How a debit was agreed to, if not on a hosted page or by a mandate that stands. */
  acceptance?: Acceptance | null;
}

/** Tries to pay the intent with the method: at once, after a challenge or the bank's answer, or not at all. */
export function confirmIntent(world: World, input: ConfirmInput): Confirmed {
  return withInvoice(world, tryIntent(world, input), true);
}

function tryIntent(world: World, input: ConfirmInput): Confirmed {
  const behaviour = behaviourOf(world, input.method);
  const created = input.isNew ? [happening('payment_intent.created', input.intent)] : [];
  if (behaviour.kind !== 'card') {
    const accepted = debitIntent(world, input, behaviour);
    return { ...accepted, happenings: [...created, ...accepted.happenings] };
  }
  const wanted = input.intent.payment_method_options?.card?.request_three_d_secure;
  const mustAuthenticate = asksFor3ds(
    world,
    behaviour,
    input.method,
    input.isOffSession ? 'automatic' : wanted,
  );
  if (mustAuthenticate && !input.isOffSession) {
    const intent = world.store.paymentIntents.put({
      ...input.intent,
      last_payment_error: null,
      next_action: challengeAction(world, input.intent.id, input.returnUrl),
      payment_method: input.method.id,
      status: 'requires_action',
    });
    const happenings = [...created, happening('payment_intent.requires_action', intent)];
    return { outcome: 'challenge', intent, happenings, order: ORDERS.challenge };
  }
  const refusal = mustAuthenticate ? AUTHENTICATION_REQUIRED : behaviour.refusal;
  const paid = chargeIntent(world, { ...input, behaviour, refusal, isAuthenticated: false });
  return { ...paid, happenings: [...created, ...paid.happenings] };
}

/** The answer to the challenge of an intent in `requires_action`. */
export function answerIntentChallenge(world: World, input: ChallengeAnswer): Confirmed {
  return withInvoice(world, answered(world, input), false);
}

type ChallengeAnswer = Pick<ConfirmInput, 'intent' | 'method' | 'owner'> & { isComplete: boolean };

function answered(world: World, input: ChallengeAnswer): Confirmed {
  const { intent, method } = input;
  const behaviour = behaviourOf(world, method);
  if (input.isComplete) {
    const { refusal } = behaviour;
    const tried = chargeIntent(world, { ...input, behaviour, refusal, isAuthenticated: true });
    return tried.outcome === 'succeeded' ? { ...tried, order: ORDERS.afterChallenge } : tried;
  }
  const failed = refuseIntent(world, intent, method, PAYMENT_AUTHENTICATION_FAILED, null);
  return {
    outcome: 'declined',
    intent: failed,
    charge: null,
    refusal: PAYMENT_AUTHENTICATION_FAILED,
    happenings: [happening('payment_intent.payment_failed', failed)],
    order: ORDERS.decline,
  };
}

/** Some cards always ask, some until they are set up for payments without their holder, others when it is wanted. */
export function asksFor3ds(
  world: World,
  behaviour: MethodBehaviour,
  method: Stripe.PaymentMethod,
  wanted: string | null | undefined,
): boolean {
  if (behaviour.kind !== 'card') return false;
  switch (behaviour.threeDSecure) {
    case 'required':
      return true;
    case 'until_set_up':
      return !isSetUpOffSession(world, method.id);
    case 'not_asked':
      return wanted === 'any' || wanted === 'challenge';
    case 'lookup_fails':
      return false;
  }
}

/** Where the customer answers: a page of the sandbox if there is a way back, else the application's own script. */
export function challengeAction(world: World, intentId: string, returnUrl: string | null) {
  if (returnUrl !== null) {
    const url = `${world.origin}/c/authenticate/${world.livemode ? 'live' : 'test'}/${intentId}`;
    return { type: 'redirect_to_url', redirect_to_url: { return_url: returnUrl, url } };
  }
  return {
    type: 'use_stripe_sdk',
    use_stripe_sdk: { type: 'three_d_secure_redirect', source: `src_${randomText(24)}` },
  };
}

/** The intent waits for another method; it keeps why the last one failed. */
export function refuseIntent(
  world: World,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  refusal: Refusal,
  chargeId: string | null,
): Stripe.PaymentIntent {
  return world.store.paymentIntents.put({
    ...intent,
    last_payment_error: intentError(refusal, method, chargeId),
    latest_charge: chargeId ?? intent.latest_charge,
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  });
}

interface ChargeTry extends Pick<
  ChargeInput,
  'intent' | 'method' | 'behaviour' | 'refusal' | 'isAuthenticated'
> {
  owner: string | null;
}

function chargeIntent(world: World, attempt: ChargeTry): Confirmed {
  const { intent, method, refusal } = attempt;
  if (refusal !== null) {
    const charge = world.store.charges.put(
      buildCharge(world, { ...attempt, state: 'refused', mandate: null }),
    );
    const failed = refuseIntent(world, intent, method, refusal, charge.id);
    const happenings = [
      happening('charge.failed', charge),
      happening('payment_intent.payment_failed', failed),
    ];
    return { outcome: 'declined', intent: failed, charge, refusal, happenings, order: ORDERS.decline };
  }
  const isHeld = intent.capture_method === 'manual';
  const owned = { ...intent, customer: attempt.owner };
  const charge = world.store.charges.put(
    buildCharge(world, { ...attempt, intent: owned, state: isHeld ? 'held' : 'paid', mandate: null }),
  );
  const kept = afterPayment(world, method, {
    customer: attempt.owner,
    keepFor: futureUsageOf(intent, method.type),
  });
  const paid = world.store.paymentIntents.put({
    ...owned,
    amount_capturable: isHeld ? intent.amount : 0,
    amount_received: isHeld ? 0 : intent.amount,
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    payment_method: method.id,
    status: isHeld ? 'requires_capture' : 'succeeded',
  });
  const succeeded = [...kept, happening('charge.succeeded', charge)];
  if (isHeld) {
    const happenings = [...succeeded, happening('payment_intent.amount_capturable_updated', paid)];
    return { outcome: 'held', intent: paid, charge, happenings, order: ORDERS.held };
  }
  world.later('settle_charge', charge.id, world.nowMs() + world.settings().settleDelayMs);
  const happenings = [
    ...succeeded,
    happening('payment_intent.succeeded', paid),
    ...afterCharge(world, charge),
  ];
  return { outcome: 'succeeded', intent: paid, charge, happenings, order: ORDERS.payment };
}

/** The bank takes the order and answers later, if ever. */
function debitIntent(world: World, input: ConfirmInput, behaviour: DebitBehaviour): Confirmed {
  const { method } = input;
  const intent = { ...input.intent, customer: input.owner };
  const charge = world.store.charges.put(
    buildCharge(world, {
      intent,
      method,
      behaviour,
      state: 'pending',
      refusal: null,
      isAuthenticated: false,
      mandate: mandateFor(world, input, behaviour).id,
    }),
  );
  const kept = afterPayment(world, method, { customer: input.owner, keepFor: intent.setup_future_usage });
  const processing = world.store.paymentIntents.put({
    ...intent,
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    payment_method: method.id,
    status: 'processing',
  });
  const { debitSettleMs, slowDebitMs } = world.settings();
  if (behaviour.pace !== 'never') {
    const waitMs = behaviour.pace === 'slow' ? slowDebitMs : debitSettleMs;
    world.later('settle_debit', charge.id, world.nowMs() + waitMs);
  }
  const happenings = [
    happening('payment_intent.processing', processing),
    happening('charge.pending', charge),
    ...kept,
  ];
  return { outcome: 'processing', intent: processing, charge, happenings, order: ORDERS.processing };
}

function mandateFor(world: World, input: ConfirmInput, behaviour: DebitBehaviour): Stripe.Mandate {
  const { intent, method } = input;
  const standing = input.acceptance ? undefined : standingMandate(world, method.id);
  if (standing) return standing;
  const isKept = intent.setup_future_usage !== null || idIn(method.customer) !== null;
  return createMandate(world, {
    methodId: method.id,
    kind: behaviour.kind,
    acceptance: input.acceptance ?? acceptedOnline(world),
    singleUse: isKept ? null : { amount: intent.amount, currency: intent.currency },
  });
}
