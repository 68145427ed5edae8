import type Stripe from 'stripe';
import { changeQuantity, type QuantityOutcome } from '../engine/change-session';
import {
  applyPromotionCode,
  isDiscountUsedUp,
  removePromotionCode,
  USED_UP,
  type PromotionOutcome,
} from '../engine/discounts/session-promotion';
import { expireSession } from '../engine/expire-session';
import {
  answerSessionChallenge,
  claimFreeSession,
  paySession,
  type SessionPayment,
} from '../engine/pay-session';
import { recoverSession } from '../engine/recover-session';
import type { World } from '../engine/world';
import type { CheckoutDesk, OrderChange, PayInput, PayOutcome } from '../sandbox';
import { checkoutView, filledUrl, lockedEmail } from './checkout-view';
import { judgePayInput } from './judge-pay-input';

type Session = Stripe.Checkout.Session;

/** What a visitor of the hosted page can do. */
export function checkoutDesk(world: World): CheckoutDesk {
  return {
    find(sessionId) {
      const session = world.store.sessions.get(sessionId);
      return session && checkoutView(world, session);
    },
    pay: (sessionId, input) => act(world, () => pay(world, sessionId, input)),
    answerChallenge: (sessionId, answer) =>
      act(world, () => answerChallenge(world, sessionId, answer === 'complete')),
    applyPromotionCode: (sessionId, code) =>
      change(world, sessionId, (session) => changed(applyPromotionCode(world, session, code))),
    removePromotionCode: (sessionId) =>
      change(world, sessionId, (session) => changed(removePromotionCode(world, session))),
    changeQuantity: (sessionId, lineId, quantity) =>
      change(world, sessionId, (session) => changed(changeQuantity(world, session, lineId, quantity))),
    recover(token) {
      const recovered = recoverSession(world, token);
      world.store.save();
      return recovered.outcome === 'recovered' ? recovered.session.url : null;
    },
    expire(sessionId) {
      const session = world.store.sessions.get(sessionId);
      if (!session) return { outcome: 'unknown_session' };
      if (session.status === 'complete') return { outcome: 'not_open', status: 'complete' };
      if (session.status === 'expired') return { outcome: 'not_open', status: 'expired' };
      expireSession(world, world.byItself, session);
      world.store.save();
      return { outcome: 'expired' };
    },
  };
}

/** The act and its journal line are done before anyone hears of the outcome. */
function act(world: World, run: () => PayOutcome): Promise<PayOutcome> {
  const outcome = run();
  world.store.save();
  return Promise.resolve(outcome);
}

function pay(world: World, sessionId: string, input: PayInput): PayOutcome {
  const session = world.store.sessions.get(sessionId);
  if (!session) return { outcome: 'unknown_session' };
  const closed = closedOutcome(session);
  if (closed) return closed;
  if (isDiscountUsedUp(world, session)) {
    return declined({ message: USED_UP, code: 'coupon_expired', declineCode: null });
  }
  const judged = judgePayInput(world, session, input, lockedEmail(world, session));
  switch (judged.outcome) {
    case 'invalid':
      return judged;
    case 'refused':
      return declined(judged.refusal);
    case 'without_method':
      return outcomeOf(world, sessionId, claimFreeSession(world, world.byItself, session, judged.payer));
    case 'with_method': {
      const { method, payer } = judged;
      return outcomeOf(world, sessionId, paySession(world, world.byItself, session, method, payer));
    }
  }
}

function answerChallenge(world: World, sessionId: string, isComplete: boolean): PayOutcome {
  const session = world.store.sessions.get(sessionId);
  if (!session) return { outcome: 'unknown_session' };
  const closed = closedOutcome(session);
  if (closed) return closed;
  const answered = answerSessionChallenge(world, world.byItself, session, isComplete);
  if (answered.outcome === 'no_challenge') return answered;
  return outcomeOf(world, sessionId, answered);
}

function outcomeOf(world: World, sessionId: string, payment: SessionPayment): PayOutcome {
  switch (payment.outcome) {
    case 'declined':
    case 'setup_declined':
      return declined(payment.refusal);
    case 'challenge':
      return { outcome: 'challenge', intentId: payment.intent.id };
    case 'free':
    case 'held':
    case 'processing':
    case 'set_up':
    case 'succeeded': {
      const redirectTo = filledUrl(world.store.sessions.must(sessionId), 'success_url');
      return { outcome: 'paid', redirectTo: redirectTo ?? '/' };
    }
  }
}

function declined(refusal: { message: string; code: string; declineCode: string | null }): PayOutcome {
  const { code, declineCode, message } = refusal;
  return { outcome: 'declined', message, code, ...(declineCode !== null && { declineCode }) };
}

function closedOutcome(session: Session): PayOutcome | undefined {
  if (session.status === 'expired') return { outcome: 'closed', status: 'expired' };
  if (session.status !== 'complete') return undefined;
  const redirectTo = filledUrl(session, 'success_url');
  return { outcome: 'closed', status: 'complete', ...(redirectTo !== null && { redirectTo }) };
}

function change(world: World, sessionId: string, run: (session: Session) => OrderChange): OrderChange {
  const session = world.store.sessions.get(sessionId);
  if (!session) return { outcome: 'unknown_session' };
  const outcome = run(session);
  world.store.save();
  return outcome;
}

const refused = (message: string): OrderChange => ({ outcome: 'refused', message });

/** In Stripe's words where they are known. */
function changed(
  told: PromotionOutcome | QuantityOutcome | ReturnType<typeof removePromotionCode>,
): OrderChange {
  switch (told.outcome) {
    case 'applied':
    case 'removed':
    case 'changed':
    case 'none_applied':
      return { outcome: 'changed' };
    case 'closed':
      return { outcome: 'closed' };
    case 'unknown':
    case 'expired':
    case 'other_currency':
    case 'other_products':
    case 'not_allowed':
      return refused('This code is invalid.');
    case 'below_minimum':
      return refused('Your order is below the minimum of this code.');
    case 'not_first_transaction':
      return refused('This code is for first orders only.');
    case 'unknown_line':
    case 'not_adjustable':
      return refused('This quantity cannot be changed.');
    case 'out_of_range':
      return refused(`Choose a quantity from ${told.minimum} to ${told.maximum}.`);
  }
}
