import type Stripe from 'stripe';
import { randomText } from '../../ids';
import { methodCollected } from '../billing/method-collected';
import type { Refusal } from '../cards';
import { asksFor3ds, challengeAction } from '../confirm-intent';
import { happening, type Happening } from '../happening';
import { ORDERS } from '../orders';
import { idIn, type World } from '../world';
import { behaviourOf, type MethodBehaviour } from './behaviours';
import { acceptedOnline, createMandate, standingMandate, type Acceptance } from './mandates';
import { setupOptions, type Request3ds } from './method-options';
import { afterSetup } from './method-states';
import { intentError, SETUP_AUTHENTICATION_FAILED } from './refusals';

export interface SetupInput {
  customer: string | null;
  description: string | null;
  metadata: Stripe.Metadata;
  usage: 'off_session' | 'on_session';
  /** Checkout decides its methods itself. */
  automaticMethods: Stripe.SetupIntent.AutomaticPaymentMethods | null;
  methodTypes: string[];
  allowedTypes?: string[] | null;
  excludedTypes?: string[] | null;
  request3ds?: Request3ds;
}

/** Stores a new intent; its event belongs to whoever publishes the act. */
export function createSetupIntent(world: World, input: SetupInput): Stripe.SetupIntent {
  const id = world.ids.long('seti');
  return world.store.setupIntents.put({
    id,
    object: 'setup_intent',
    allowed_payment_method_types: input.allowedTypes ?? null,
    application: null,
    automatic_payment_methods: input.automaticMethods,
    cancellation_reason: null,
    client_secret: `${id}_secret_${randomText(25)}`,
    created: world.now(),
    customer: input.customer,
    customer_account: null,
    description: input.description,
    excluded_payment_method_types: input.excludedTypes ?? null,
    flow_directions: null,
    last_setup_error: null,
    latest_attempt: null,
    livemode: world.livemode,
    mandate: null,
    metadata: input.metadata,
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: setupOptions(input.methodTypes, input.request3ds ?? 'automatic'),
    payment_method_types: input.methodTypes,
    single_use_mandate: null,
    status: 'requires_payment_method',
    usage: input.usage,
  });
}

export type SetupOutcome =
  | { outcome: 'succeeded'; intent: Stripe.SetupIntent }
  /** The method is refused; the intent waits for another one. */
  | { outcome: 'declined'; intent: Stripe.SetupIntent; refusal: Refusal }
  /** The customer must answer a 3DS challenge. */
  | { outcome: 'challenge'; intent: Stripe.SetupIntent };

/** An outcome with the events that it makes; the caller adds its own and publishes them as one act. */
export type SetupTried = SetupOutcome & { happenings: Happening[]; order: readonly Stripe.Event.Type[] };

export interface ConfirmSetupInput {
  intent: Stripe.SetupIntent;
  method: Stripe.PaymentMethod;
  /** The customer that the method becomes a method of. */
  owner: string | null;
  /** The intent is made by this very act, so that setup_intent.created belongs to it. */
  isNew: boolean;
  returnUrl: string | null;
  /** How a debit was agreed to, if not on a hosted page or by a mandate that stands. */
  acceptance?: Acceptance | null;
}

/** Tries to set the method up for later payments: at once, after a challenge, or not at all. */
export function confirmSetupIntent(world: World, input: ConfirmSetupInput): SetupTried {
  const { intent, method } = input;
  const behaviour = behaviourOf(world, method);
  const created = input.isNew ? [happening('setup_intent.created', intent)] : [];
  if (asksFor3ds(world, behaviour, method, intent.payment_method_options?.card?.request_three_d_secure)) {
    const asked = world.store.setupIntents.put({
      ...intent,
      last_setup_error: null,
      next_action: challengeAction(world, intent.id, input.returnUrl),
      payment_method: method.id,
      status: 'requires_action',
    });
    const happenings = [...created, happening('setup_intent.requires_action', asked)];
    return { outcome: 'challenge', intent: asked, happenings, order: ORDERS.setup };
  }
  const tried = setUp(world, { ...input, behaviour });
  return { ...tried, happenings: [...created, ...tried.happenings] };
}

/** The answer to the challenge of an intent in `requires_action`. */
export function answerSetupChallenge(
  world: World,
  input: Pick<ConfirmSetupInput, 'intent' | 'method' | 'owner'> & { isComplete: boolean },
): SetupTried {
  if (!input.isComplete) return refuse(world, input, SETUP_AUTHENTICATION_FAILED);
  return setUp(world, { ...input, behaviour: behaviourOf(world, input.method) });
}

interface SetupTry extends Pick<ConfirmSetupInput, 'intent' | 'method' | 'owner' | 'acceptance'> {
  behaviour: MethodBehaviour;
}

function setUp(world: World, attempt: SetupTry): SetupTried {
  const { behaviour, intent, method, owner } = attempt;
  if (behaviour.kind === 'card' && behaviour.refusal && !behaviour.attaches) {
    return refuse(world, attempt, behaviour.refusal);
  }
  const kept = afterSetup(world, method, { customer: owner, keepFor: intent.usage });
  const done = world.store.setupIntents.put({
    ...intent,
    customer: owner,
    last_setup_error: null,
    mandate: mandateOf(world, attempt),
    next_action: null,
    payment_method: method.id,
    status: 'succeeded',
  });
  const happenings = [...kept, happening('setup_intent.succeeded', done), ...methodCollected(world, done)];
  return { outcome: 'succeeded', intent: done, happenings, order: ORDERS.setup };
}

/** Cards need no mandate. */
function mandateOf(world: World, { acceptance, behaviour, method }: SetupTry): string | null {
  if (behaviour.kind === 'card') return null;
  const standing = acceptance ? undefined : standingMandate(world, method.id);
  const mandate =
    standing ??
    createMandate(world, {
      methodId: method.id,
      kind: behaviour.kind,
      acceptance: acceptance ?? acceptedOnline(world),
      singleUse: null,
    });
  return mandate.id;
}

function refuse(
  world: World,
  { intent, method }: Pick<SetupTry, 'intent' | 'method'>,
  refusal: Refusal,
): SetupTried {
  const failed = world.store.setupIntents.put({
    ...intent,
    last_setup_error: intentError(refusal, method, null),
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  });
  const happenings = [happening('setup_intent.setup_failed', failed)];
  return { outcome: 'declined', intent: failed, refusal, happenings, order: ORDERS.setup };
}

export function cancelSetupIntent(
  world: World,
  before: Stripe.SetupIntent,
  reason: Stripe.SetupIntent.CancellationReason | null,
): { intent: Stripe.SetupIntent; happenings: Happening[] } {
  const intent = world.store.setupIntents.put({
    ...before,
    cancellation_reason: reason,
    next_action: null,
    status: 'canceled',
  });
  return { intent, happenings: [happening('setup_intent.canceled', intent)] };
}

/** The method that waits for the answer to its challenge. */
export function challengedMethod(world: World, intent: Stripe.SetupIntent | Stripe.PaymentIntent) {
  return world.store.paymentMethods.must(idIn(intent.payment_method) ?? '');
}
