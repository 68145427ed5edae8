import type Stripe from 'stripe';
import { DAY_SECONDS } from '../durations';
import { createSession, type SessionChoices } from './create-session';
import { idIn, type World } from './world';

type Session = Stripe.Checkout.Session;

export type RecoverOutcome =
  /** A new open session that sells the same. */
  { outcome: 'recovered'; session: Session } | { outcome: 'too_late' } | { outcome: 'unknown_token' };

/** The customer of an expired session comes back by its recovery address, which ends with the token. */
export function recoverSession(world: World, token: string): RecoverOutcome {
  const plan = world.store.sessionPlans.first('recovery', token);
  if (!plan) return { outcome: 'unknown_token' };
  const before = world.store.sessions.must(plan.id);
  const recovery = before.after_expiration?.recovery;
  if ((recovery?.expires_at ?? 0) <= world.now()) return { outcome: 'too_late' };
  const lines = world.store.sessionLines.must(before.id).items.flatMap((item) =>
    item.price
      ? [
          {
            price: item.price,
            quantity: item.quantity ?? 1,
            name: item.description ?? item.price.id,
            metadata: item.metadata,
            adjustable: item.adjustable_quantity,
          },
        ]
      : [],
  );
  const session = createSession(world, world.byItself, {
    choices: choicesFrom(before),
    currency: before.currency,
    lines,
    expiresAt: world.now() + DAY_SECONDS,
    discount: null,
    plan,
  });
  return { outcome: 'recovered', session };
}

/** What the caller chose, once more; promotion codes are allowed if the recovery says so. */
function choicesFrom(before: Session): SessionChoices {
  const recovery = before.after_expiration?.recovery;
  return {
    ...before,
    branding: before.branding_settings ?? {},
    after_expiration: recovery ? { recovery: { ...recovery, expires_at: null, url: null } } : null,
    allow_promotion_codes: recovery?.allow_promotion_codes ?? null,
    customer: idIn(before.customer),
    recovered_from: before.id,
  };
}
