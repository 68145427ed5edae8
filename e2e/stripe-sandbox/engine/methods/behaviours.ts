import type Stripe from 'stripe';
import { findCardByNumber, type CardBehaviour } from '../cards';
import type { World } from '../world';
import { debitBehaviour, debitKind, type DebitBehaviour } from './debits';

/** What stands behind a payment method: a card is answered at once, a bank account later. */
export type MethodBehaviour = CardBehaviour | DebitBehaviour;

export function behaviourOf(world: World, method: Stripe.PaymentMethod): MethodBehaviour {
  const { livemode, store } = world;
  const kind = debitKind(method.type);
  if (kind !== undefined) {
    const { number } = store.bankAccounts.must(method.id);
    return debitBehaviour(kind, number, { lateIbans: world.settings().lateIbans, livemode });
  }
  const card = findCardByNumber(store.cards.must(method.id).testCard);
  if (!card) throw new Error(`${method.id} has no row in the card table`);
  return card;
}
