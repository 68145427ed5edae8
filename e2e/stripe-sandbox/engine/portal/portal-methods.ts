import type Stripe from 'stripe';
import { changeSubscription } from '../billing/changes';
import type { Refusal } from '../cards';
import { changedKeys } from '../customers';
import { happening, type Happening } from '../happening';
import type { CardJudgement } from '../judge-card';
import {
  answerSetupChallenge,
  challengedMethod,
  confirmSetupIntent,
  createSetupIntent,
  type SetupTried,
} from '../methods/setup-intents';
import { createCardMethod } from '../payment-methods';
import { idIn, type World } from '../world';

type Customer = Stripe.Customer;

/** What the customer's invoices are paid with from now on. */
export function chooseMethod(world: World, customer: Customer, method: string): void {
  world.publish(world.byItself, defaulted(world, customer, method));
}

function defaulted(world: World, customer: Customer, method: string): Happening[] {
  const chosen = world.store.customers.put({
    ...customer,
    invoice_settings: { ...customer.invoice_settings, default_payment_method: method },
  });
  const previous = changedKeys(customer, chosen);
  const told = Object.keys(previous).length > 0 ? [happening('customer.updated', chosen, previous)] : [];
  if (!world.settings().portalMovesSubscriptions) return told;
  const moved = world.store.subscriptions
    .where('customer', customer.id)
    .filter(({ default_payment_method: own, ended_at: end }) => own !== null && end === null)
    .flatMap((subscription) =>
      changeSubscription(world, subscription, { ...subscription, default_payment_method: method }),
    );
  return [...told, ...moved];
}

export type CardAdded =
  | { outcome: 'added' }
  | { outcome: 'declined'; refusal: Refusal }
  | { outcome: 'challenge'; setupIntent: string };

/** Sets a typed card up for later payments; it becomes the default method. */
export function addCard(
  world: World,
  customer: Customer,
  card: Extract<CardJudgement, { outcome: 'usable' }>,
  billingDetails: Stripe.PaymentMethod.BillingDetails,
): CardAdded {
  const { behaviour, expMonth, expYear } = card;
  const method = createCardMethod(world, { behaviour, expMonth, expYear, billingDetails, metadata: {} });
  const intent = createSetupIntent(world, {
    customer: customer.id,
    description: null,
    metadata: {},
    usage: 'off_session',
    automaticMethods: null,
    methodTypes: ['card'],
  });
  const owner = customer.id;
  return finish(
    world,
    customer,
    confirmSetupIntent(world, { intent, method, owner, isNew: true, returnUrl: null }),
  );
}

/** `undefined`: nobody asked the question. */
export function answerCardChallenge(
  world: World,
  customer: Customer,
  setupIntent: string,
  isComplete: boolean,
): CardAdded | undefined {
  const intent = world.store.setupIntents.get(setupIntent);
  if (intent?.status !== 'requires_action' || idIn(intent.customer) !== customer.id) return undefined;
  const method = challengedMethod(world, intent);
  const answered = answerSetupChallenge(world, { intent, method, owner: customer.id, isComplete });
  return finish(world, customer, answered);
}

function finish(world: World, customer: Customer, tried: SetupTried): CardAdded {
  const { happenings, order } = tried;
  if (tried.outcome !== 'succeeded') {
    world.publish(world.byItself, happenings, order);
    return tried.outcome === 'declined'
      ? { outcome: 'declined', refusal: tried.refusal }
      : { outcome: 'challenge', setupIntent: tried.intent.id };
  }
  const chosen = defaulted(world, customer, idIn(tried.intent.payment_method) ?? '');
  world.publish(world.byItself, [...happenings, ...chosen], order);
  return { outcome: 'added' };
}

/** A method that a subscription that goes on is paid with. */
export function isNeeded(world: World, customer: Customer, method: string): boolean {
  const isDefault = customer.invoice_settings.default_payment_method === method;
  return world.store.subscriptions
    .where('customer', customer.id)
    .filter(({ ended_at: end }) => end === null)
    .some(({ default_payment_method: own }) => (own === null ? isDefault : idIn(own) === method));
}
