import type Stripe from 'stripe';
import { expireSession } from '../engine/expire-session';
import { judgeCard, type CardParam } from '../engine/judge-card';
import { createCardMethod } from '../engine/payment-methods';
import {
  answerSessionChallenge,
  claimFreeSession,
  paySession,
  type Payer,
  type SessionPayment,
} from '../engine/pay-session';
import { challengedIntent, collectsMethod } from '../engine/session-sale';
import { idIn, type World } from '../engine/world';
import type { CheckoutDesk, CheckoutView, PayField, PayInput, PayMethod, PayOutcome } from '../sandbox';

type Session = Stripe.Checkout.Session;

/** What a visitor of the hosted page can do. */
export function checkoutDesk(world: World): CheckoutDesk {
  return {
    find(sessionId) {
      const session = world.store.sessions.get(sessionId);
      return session && viewOf(world, session);
    },
    pay: (sessionId, input) => act(world, () => pay(world, sessionId, input)),
    answerChallenge: (sessionId, answer) =>
      act(world, () => answerChallenge(world, sessionId, answer === 'complete')),
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
  const email = lockedEmail(world, session) ?? input.email.trim();
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) {
    return { outcome: 'invalid', field: 'email', message: 'Your email is invalid.' };
  }
  const payer: Payer = { email, name: input.name.trim() || null, address: addressOf(input) };
  if (!collectsMethod(session)) {
    return outcomeOf(world, sessionId, claimFreeSession(world, world.byItself, session, payer));
  }
  if (payer.name === null) {
    return { outcome: 'invalid', field: 'name', message: 'Enter the name on your card.' };
  }
  const judged = judgeCard(world, { ...input, number: input.cardNumber });
  if (judged.outcome === 'invalid') {
    return { outcome: 'invalid', field: FIELD_OF[judged.param], message: judged.message };
  }
  if (judged.outcome === 'refused') return declined(judged.refusal);
  const method = createCardMethod(world, {
    behaviour: judged.behaviour,
    expMonth: judged.expMonth,
    expYear: judged.expYear,
    billingDetails: { address: payer.address, email, name: payer.name, phone: null, tax_id: null },
    metadata: {},
  });
  return outcomeOf(world, sessionId, paySession(world, world.byItself, session, method, payer));
}

const FIELD_OF: Record<CardParam, PayField> = {
  number: 'cardNumber',
  exp_month: 'expMonth',
  exp_year: 'expYear',
  cvc: 'cvc',
};

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

function filledUrl(session: Session, field: 'success_url' | 'cancel_url'): string | null {
  return session[field]?.replaceAll('{CHECKOUT_SESSION_ID}', session.id) ?? null;
}

function lockedEmail(world: World, session: Session): string | null {
  const customer = world.store.customers.get(idIn(session.customer) ?? '');
  return customer?.email ?? session.customer_email;
}

function viewOf(world: World, session: Session): CheckoutView {
  const locked = lockedEmail(world, session);
  const challenged = challengedIntent(world, session);
  return {
    session,
    lineItems: world.store.sessionLines.must(session.id).items,
    customerEmail: locked ?? session.customer_details?.email ?? null,
    lockedEmail: locked !== null,
    businessName: world.account.business_profile?.name ?? 'Sandbox',
    amount: session.amount_total ?? 0,
    currency: session.currency ?? 'usd',
    cancelUrl: filledUrl(session, 'cancel_url'),
    successUrl: filledUrl(session, 'success_url'),
    recoveryUrl: session.after_expiration?.recovery?.url ?? null,
    methods: methodsOf(session),
    promotions: { isOffered: session.allow_promotion_codes === true, applied: [] },
    trial: null,
    challenge: challenged && session.status === 'open' ? { intentId: challenged.id } : null,
  };
}

const METHODS = ['card', 'sepa_debit', 'us_bank_account'] as const satisfies readonly PayMethod[];

/** A session that costs nothing asks for no method. */
function methodsOf(session: Session): PayMethod[] {
  if (!collectsMethod(session)) return [];
  return METHODS.filter((method) => session.payment_method_types.includes(method));
}

function addressOf(input: PayInput): Stripe.Address {
  return {
    city: null,
    country: input.country.trim() || null,
    line1: null,
    line2: null,
    postal_code: input.postalCode.trim() || null,
    state: null,
  };
}
