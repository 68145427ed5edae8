import type Stripe from 'stripe';
import { withInvoice } from '../billing/follow-invoice';
import { answerIntentChallenge } from '../confirm-intent';
import { idIn, type Cause, type World } from '../world';
import { answerSetupChallenge } from './setup-intents';

type Intent = Stripe.PaymentIntent | Stripe.SetupIntent;

export type ChallengeOutcome =
  /** `redirectTo` null: the application did not say where to go. */
  | { outcome: 'answered'; redirectTo: string | null }
  /** There is no such question, or it is a Checkout Session's. */
  | { outcome: 'no_challenge' };

/** An intent that no Checkout Session leads. */
export function findLoneIntent(world: World, id: string): Intent | undefined {
  const { paymentIntents, sessionPlans, sessions, setupIntents } = world.store;
  if (sessionPlans.first('intent', id) ?? sessions.first('setup_intent', id)) return undefined;
  return paymentIntents.get(id) ?? setupIntents.get(id);
}

/** The answer to the 3DS question of an intent that no Checkout Session leads. */
export function answerChallenge(
  world: World,
  cause: Cause,
  intentId: string,
  isComplete: boolean,
): ChallengeOutcome {
  const intent = findLoneIntent(world, intentId);
  if (intent?.status !== 'requires_action') return { outcome: 'no_challenge' };
  const method = world.store.paymentMethods.must(idIn(intent.payment_method) ?? '');
  const asked = { method, owner: idIn(intent.customer), isComplete };
  const { happenings, order, outcome } =
    intent.object === 'setup_intent'
      ? answerSetupChallenge(world, { ...asked, intent })
      : withInvoice(world, answerIntentChallenge(world, { ...asked, intent }), false);
  world.publish(cause, happenings, order);
  return { outcome: 'answered', redirectTo: wayBack(intent, outcome !== 'declined') };
}

/** Where the application waits, with what it needs to go on. */
function wayBack(intent: Intent, isAccepted: boolean): string | null {
  const address = intent.next_action?.redirect_to_url?.return_url ?? null;
  if (address === null) return null;
  const back = new URL(address);
  back.searchParams.set(intent.object, intent.id);
  back.searchParams.set(`${intent.object}_client_secret`, intent.client_secret ?? '');
  back.searchParams.set('redirect_status', isAccepted ? 'succeeded' : 'failed');
  return back.href;
}
