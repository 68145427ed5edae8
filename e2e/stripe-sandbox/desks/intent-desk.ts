import { answerChallenge, findLoneIntent } from '../engine/methods/answer-challenge';
import type { World } from '../engine/world';
import type { IntentDesk } from '../sandbox-intents';

/** What a visitor does for payments and setups that no Checkout Session leads. */
export function intentDesk(world: World): IntentDesk {
  const businessName = (): string => world.account.business_profile?.name ?? 'Sandbox';
  return {
    challenge(intentId) {
      const intent = findLoneIntent(world, intentId);
      if (!intent) return undefined;
      return {
        businessName: businessName(),
        livemode: world.livemode,
        amount:
          intent.object === 'payment_intent' ? { value: intent.amount, currency: intent.currency } : null,
        isOpen: intent.status === 'requires_action',
      };
    },
    answer(intentId, answer) {
      const answered = answerChallenge(world, world.byItself, intentId, answer === 'complete');
      world.store.save();
      return answered;
    },
    mandate(mandateId) {
      const mandate = world.store.mandates.get(mandateId);
      const reference = mandate?.payment_method_details.sepa_debit?.reference;
      if (!mandate || reference === undefined) return undefined;
      return {
        businessName: businessName(),
        livemode: world.livemode,
        reference,
        acceptedAt: mandate.customer_acceptance.accepted_at,
        isActive: mandate.status === 'active',
      };
    },
  };
}
