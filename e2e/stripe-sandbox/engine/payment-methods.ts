import { createHash } from 'node:crypto';
import type Stripe from 'stripe';
import type { CardBehaviour } from './cards';
import { happening } from './happening';
import type { Cause, World } from './world';

export interface CardInput {
  behaviour: CardBehaviour;
  expMonth: number;
  expYear: number;
  billingDetails: Stripe.PaymentMethod.BillingDetails;
  metadata: Stripe.Metadata;
}

export const BLANK_BILLING: Stripe.PaymentMethod.BillingDetails = {
  address: null,
  email: null,
  name: null,
  phone: null,
  tax_id: null,
};

/** The expiry of a card that comes from an alias: a year ahead, as Stripe's own aliases have it. */
export function aliasExpiry(world: World): { expMonth: number; expYear: number } {
  const date = new Date(world.nowMs());
  return { expMonth: date.getUTCMonth() + 1, expYear: date.getUTCFullYear() + 1 };
}

/** Stores a new payment method; `pm_card_visa` and its like make a new one at each use. */
export function createCardMethod(world: World, input: CardInput): Stripe.PaymentMethod {
  const { behaviour } = input;
  const method = world.store.paymentMethods.put({
    id: world.ids.long('pm'),
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: input.billingDetails,
    card: {
      brand: behaviour.brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: null },
      country: 'US',
      display_brand: behaviour.brand,
      exp_month: input.expMonth,
      exp_year: input.expYear,
      fingerprint: fingerprintOf(world, behaviour),
      funding: behaviour.funding,
      generated_from: null,
      last4: behaviour.number.slice(-4),
      networks: { available: [behaviour.brand], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: world.now(),
    customer: null,
    customer_account: null,
    livemode: world.livemode,
    metadata: input.metadata,
    type: 'card',
  });
  world.store.cards.put({ id: method.id, testCard: behaviour.number });
  return method;
}

/** The same card has the same fingerprint within an account. */
function fingerprintOf(world: World, behaviour: CardBehaviour): string {
  return createHash('sha256')
    .update(`${world.account.id}/${behaviour.number}`)
    .digest('base64url')
    .slice(0, 16);
}

export function attachMethod(
  world: World,
  cause: Cause,
  method: Stripe.PaymentMethod,
  customer: string,
): Stripe.PaymentMethod {
  const attached = world.store.paymentMethods.put({ ...method, customer });
  world.publish(cause, [happening('payment_method.attached', attached)]);
  return attached;
}

export function detachMethod(world: World, cause: Cause, method: Stripe.PaymentMethod): Stripe.PaymentMethod {
  const detached = world.store.paymentMethods.put({ ...method, customer: null });
  const happenings = [happening('payment_method.detached', detached, { customer: method.customer })];
  world.publish(cause, happenings);
  return detached;
}
