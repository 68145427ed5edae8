import { randomInt } from 'node:crypto';
import type Stripe from 'stripe';
import { changedKeys } from '../customers';
import { happening } from '../happening';
import { idIn, type Cause, type World } from '../world';

/** No letters that look like digits. */
const CODE_ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const GENERATED_LENGTH = 8;

export interface PromotionCodeInput {
  coupon: string;
  /** null: one is made. */
  code: string | null;
  active: boolean;
  customer: string | null;
  expiresAt: number | null;
  maxRedemptions: number | null;
  metadata: Stripe.Metadata;
  restrictions: Stripe.PromotionCode.Restrictions;
}

export type CreatePromotionCodeOutcome =
  | { outcome: 'created'; promotion: Stripe.PromotionCode }
  /** An active code of that name is there already, for everyone or for the same customer. */
  | { outcome: 'taken'; holder: Stripe.PromotionCode };

export function createPromotionCode(
  world: World,
  cause: Cause,
  input: PromotionCodeInput,
): CreatePromotionCodeOutcome {
  const code = input.code ?? newCode(world);
  const holder = input.active ? holderOf(world, code, input.customer) : undefined;
  if (holder) return { outcome: 'taken', holder };
  const promotion = world.store.promotionCodes.put({
    id: world.ids.long('promo'),
    object: 'promotion_code',
    active: input.active,
    code,
    created: world.now(),
    customer: input.customer,
    customer_account: null,
    expires_at: input.expiresAt,
    livemode: world.livemode,
    max_redemptions: input.maxRedemptions,
    metadata: input.metadata,
    promotion: { coupon: input.coupon, type: 'coupon' },
    restrictions: input.restrictions,
    times_redeemed: 0,
  });
  if (input.expiresAt !== null) world.later('lapse_promotion_code', promotion.id, input.expiresAt * 1000);
  world.publish(cause, [happening('promotion_code.created', promotion)]);
  return { outcome: 'created', promotion };
}

export function updatePromotionCode(
  world: World,
  cause: Cause,
  next: Stripe.PromotionCode,
): Stripe.PromotionCode {
  const before = world.store.promotionCodes.must(next.id);
  const promotion = world.store.promotionCodes.put(next);
  const previous = changedKeys(before, promotion);
  if (Object.keys(previous).length > 0) {
    world.publish(cause, [happening('promotion_code.updated', promotion, previous)]);
  }
  return promotion;
}

function holderOf(world: World, code: string, customer: string | null): Stripe.PromotionCode | undefined {
  return world.store.promotionCodes
    .where('code', code.toLowerCase())
    .find((other) => other.active && (other.customer === null || idIn(other.customer) === customer));
}

function newCode(world: World): string {
  const code = Array.from(
    { length: GENERATED_LENGTH },
    () => CODE_ALPHABET[randomInt(CODE_ALPHABET.length)],
  ).join('');
  return world.store.promotionCodes.first('code', code.toLowerCase()) ? newCode(world) : code;
}
