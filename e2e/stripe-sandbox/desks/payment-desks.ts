import type Stripe from 'stripe';
import { cancelPayment, captureIntent } from '../engine/methods/capture-intent';
import { answerDebit } from '../engine/methods/settle-debit';
import { idIn, type World } from '../engine/world';
import type { PaymentAct, PaymentDesk, PaymentRow, SessionDesk, SessionRow } from '../sandbox';
import { deskPage } from './pages';

type Intent = Stripe.PaymentIntent;

export function sessionDesk(world: World): SessionDesk {
  return {
    find(id) {
      const session = world.store.sessions.get(id);
      return session && sessionRow(world, session);
    },
    list({ status, ...query } = {}) {
      const where = status && ((session: Stripe.Checkout.Session) => statusOf(session) === status);
      return deskPage(world.store.sessions, query, (session) => sessionRow(world, session), { where });
    },
  };
}

const refused = (message: string): PaymentAct => ({ outcome: 'refused', message });
const DONE: PaymentAct = { outcome: 'done' };

export function paymentDesk(world: World): PaymentDesk {
  const { paymentIntents } = world.store;
  const onPayment = (id: string, act: (intent: Intent) => PaymentAct): PaymentAct => {
    const intent = paymentIntents.get(id);
    if (!intent) return { outcome: 'unknown_payment' };
    const outcome = act(intent);
    world.store.save();
    return outcome;
  };
  return {
    find(id) {
      const intent = paymentIntents.get(id);
      return intent && paymentRow(world, intent);
    },
    list({ status, ...query } = {}) {
      const where = status && ((intent: Intent) => intent.status === status);
      return deskPage(paymentIntents, query, (intent) => paymentRow(world, intent), { where });
    },
    answerDebit: (id, isPaid) =>
      onPayment(id, ({ latest_charge: charge, status }) =>
        answerDebit(world, idIn(charge) ?? '', isPaid)
          ? DONE
          : refused(`This payment is ${status.replaceAll('_', ' ')}: no bank has to answer.`),
      ),
    capture: (id, amount) => onPayment(id, (intent) => capture(world, intent, amount)),
    cancel: (id) => onPayment(id, (intent) => cancel(world, intent)),
  };
}

function capture(world: World, intent: Intent, wanted: number | undefined): PaymentAct {
  if (intent.status !== 'requires_capture') return refused('No card holds anything for this payment.');
  const amount = wanted ?? intent.amount_capturable;
  if (amount < 1) return refused('At least one of the smallest unit is captured.');
  if (amount > intent.amount_capturable) return refused('That is more than the card holds.');
  captureIntent(world, world.byItself, intent, {
    amount,
    metadata: intent.metadata,
    statementDescriptor: intent.statement_descriptor,
    statementDescriptorSuffix: intent.statement_descriptor_suffix,
  });
  return DONE;
}

/** Those of a session or an invoice go with it. */
function cancel(world: World, intent: Intent): PaymentAct {
  const { invoicePayments, sessionPlans } = world.store;
  if (['succeeded', 'canceled', 'processing'].includes(intent.status)) {
    return refused(`A payment that is ${intent.status} cannot be canceled.`);
  }
  if (intent.status !== 'requires_capture' && sessionPlans.first('intent', intent.id)) {
    return refused('A Checkout Session leads this payment: expire the session instead.');
  }
  if (invoicePayments.first('payment_intent', intent.id)) {
    return refused('This payment is of an invoice: void the invoice instead.');
  }
  cancelPayment(world, world.byItself, intent, 'requested_by_customer');
  return DONE;
}

function sessionRow(world: World, session: Stripe.Checkout.Session): SessionRow {
  const [first, ...others] = world.store.sessionLines.must(session.id).items;
  const name = first?.description ?? (session.mode === 'setup' ? 'A method to save' : '');
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
    customerId: idIn(session.customer),
    isChallenged: session.status === 'open' && isChallenged(world, session),
    url: session.url,
  };
}

function isChallenged({ store }: World, session: Stripe.Checkout.Session): boolean {
  const intent =
    store.paymentIntents.get(store.sessionPlans.must(session.id).intent ?? '') ??
    store.setupIntents.get(idIn(session.setup_intent) ?? '');
  return intent?.status === 'requires_action';
}

function statusOf({ status }: Stripe.Checkout.Session): SessionRow['status'] {
  if (status === 'complete') return 'complete';
  return status === 'expired' ? 'expired' : 'open';
}

function paymentStatusOf({ payment_status: status }: Stripe.Checkout.Session): SessionRow['paymentStatus'] {
  if (status === 'paid') return 'paid';
  return status === 'no_payment_required' ? 'no_payment_required' : 'unpaid';
}

function paymentRow(world: World, intent: Intent): PaymentRow {
  const { store } = world;
  const charge = store.charges.get(idIn(intent.latest_charge) ?? '');
  const details = charge?.payment_method_details;
  const debit = details?.sepa_debit ?? details?.us_bank_account;
  const customerId = idIn(intent.customer);
  return {
    id: intent.id,
    created: intent.created,
    status: intent.status,
    amount: intent.amount,
    currency: intent.currency,
    email: charge?.billing_details.email ?? store.customers.get(customerId ?? '')?.email ?? null,
    methodName: details?.card?.brand ?? details?.type ?? null,
    methodLast4: details?.card?.last4 ?? debit?.last4 ?? null,
    declineMessage: intent.last_payment_error?.message ?? null,
    amountRefunded: intent.status === 'succeeded' ? (charge?.amount_refunded ?? 0) : 0,
    amountCapturable: intent.amount_capturable,
    customerId,
    chargeId: charge?.id ?? null,
    sessionId: store.sessionPlans.first('intent', intent.id)?.id ?? null,
    invoiceId: idIn(store.invoicePayments.first('payment_intent', intent.id)?.invoice),
  };
}
