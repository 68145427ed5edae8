import type Stripe from 'stripe';
import { findCardByAlias, findCardByNumber, type CardBehaviour } from '../cards';
import type { World } from '../world';
import { debitBehaviour, debitKind, type DebitBehaviour } from './debits';
import { liveCard } from './live-cards';

/** What stands behind a payment method: a card is answered at once, a bank account later. */
export type MethodBehaviour = CardBehaviour | DebitBehaviour;

export function behaviourOf(world: World, method: Stripe.PaymentMethod): MethodBehaviour {
  const { livemode, store } = world;
  const kind = debitKind(method.type);
  if (kind !== undefined) {
    const { number } = store.bankAccounts.must(method.id);
    return debitBehaviour(kind, number, { lateIbans: world.settings().lateIbans, livemode });
  }
  const { testCard: number } = store.cards.must(method.id);
  const card = livemode ? liveCard(number) : findCardByNumber(number);
  if (!card) throw new Error(`${method.id} has no row in the card table`);
  return card;
}

/** The card of `pm_card_visa`, `tok_visa` and their like, which live mode does not know. */
export function cardOfAlias(world: World, id: string): CardBehaviour | undefined {
  return world.livemode ? undefined : findCardByAlias(id);
}
