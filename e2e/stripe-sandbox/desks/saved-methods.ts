import type Stripe from 'stripe';
import { collectsMethod } from '../engine/session-sale';
import { idIn, type World } from '../engine/world';
import type { SavedMethod } from '../sandbox';

type Session = Stripe.Checkout.Session;

/** The cards of the session's customer that may be shown to them again, the newest first. */
export function savedCards(world: World, session: Session): Stripe.PaymentMethod[] {
  const customer = idIn(session.customer);
  if (customer === null || !collectsMethod(session) || session.mode === 'setup') return [];
  if (!session.payment_method_types.includes('card')) return [];
  const shown = session.saved_payment_method_options?.allow_redisplay_filters ?? [];
  return world.store.paymentMethods
    .where('customer', customer)
    .filter(
      ({ allow_redisplay: redisplay, type }) => type === 'card' && shown.some((one) => one === redisplay),
    )
    .reverse();
}

export function savedMethods(world: World, session: Session): SavedMethod[] {
  return savedCards(world, session).flatMap(({ card, id }) => {
    if (!card) return [];
    const { brand, exp_month: month, exp_year: year, last4 } = card;
    const name = brand.charAt(0).toUpperCase() + brand.slice(1);
    const expires = `${String(month).padStart(2, '0')}/${String(year % 100).padStart(2, '0')}`;
    return [{ id, label: `${name} •••• ${last4 ?? ''}`, expires }];
  });
}

/** Only a card of a customer can be kept, and only where it is not kept anyway. */
export function offersSaving(world: World, session: Session): boolean {
  const { setupFutureUsage } = world.store.sessionPlans.must(session.id);
  return (
    session.mode === 'payment' &&
    collectsMethod(session) &&
    setupFutureUsage === null &&
    session.saved_payment_method_options?.payment_method_save === 'enabled' &&
    (session.customer !== null || session.customer_creation === 'always')
  );
}

/** Whether a new method may be shown again: what the caller says, else what becomes of it. */
export function redisplayOf(
  world: World,
  session: Session,
  savesMethod: boolean,
): NonNullable<Stripe.PaymentMethod['allow_redisplay']> {
  if (savesMethod) return 'always';
  const { allowRedisplay, setupFutureUsage } = world.store.sessionPlans.must(session.id);
  const isKept = session.mode !== 'payment' || setupFutureUsage !== null;
  return allowRedisplay ?? (isKept ? 'limited' : 'unspecified');
}
