import type Stripe from 'stripe';
import { idIn, type World } from '../engine/world';
import type { ListDesk, PaymentDesk, PaymentRow, SessionRow } from '../sandbox';
import { deskPage } from './pages';

export function sessionDesk(world: World): ListDesk<SessionRow> {
  return { list: (query) => deskPage(world.store.sessions, query, (session) => sessionRow(world, session)) };
}

export function paymentDesk(world: World): PaymentDesk {
  return {
    find(id) {
      const intent = world.store.paymentIntents.get(id);
      return intent && paymentRow(world, intent);
    },
    list: (query) => deskPage(world.store.paymentIntents, query, (intent) => paymentRow(world, intent)),
  };
}

function sessionRow(world: World, session: Stripe.Checkout.Session): SessionRow {
  const [first, ...others] = world.store.sessionLines.must(session.id).items;
  const name = first?.description ?? '';
  return {
    id: session.id,
    created: session.created,
    status: statusOf(session),
    paymentStatus: paymentStatusOf(session),
    amount: session.amount_total ?? 0,
    currency: session.currency ?? 'usd',
    email: session.customer_details?.email ?? null,
    description: others.length > 0 ? `${name} and ${others.length} more` : name,
    paymentIntentId: idIn(session.payment_intent),
    url: session.url,
  };
}

function statusOf({ status }: Stripe.Checkout.Session): SessionRow['status'] {
  if (status === 'complete') return 'complete';
  return status === 'expired' ? 'expired' : 'open';
}

function paymentStatusOf({ payment_status: status }: Stripe.Checkout.Session): SessionRow['paymentStatus'] {
  if (status === 'paid') return 'paid';
  return status === 'no_payment_required' ? 'no_payment_required' : 'unpaid';
}

function paymentRow(world: World, intent: Stripe.PaymentIntent): PaymentRow {
  const { store } = world;
  const charge = store.charges.get(idIn(intent.latest_charge) ?? '');
  const card = charge?.payment_method_details?.card;
  return {
    id: intent.id,
    created: intent.created,
    status: intent.status,
    amount: intent.amount,
    currency: intent.currency,
    email: charge?.billing_details.email ?? store.customers.get(idIn(intent.customer) ?? '')?.email ?? null,
    cardBrand: card?.brand ?? null,
    cardLast4: card?.last4 ?? null,
    declineMessage: intent.last_payment_error?.message ?? null,
    chargeId: charge?.id ?? null,
    sessionId: store.sessions.first('payment_intent', intent.id)?.id ?? null,
  };
}
