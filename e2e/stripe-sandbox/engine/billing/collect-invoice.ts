import type Stripe from 'stripe';
import { laterOn } from '../clocks/clock-time';
import { confirmIntent, type Confirmed } from '../confirm-intent';
import { happening, type Happening } from '../happening';
import { buildIntent } from '../payment-intents';
import { idIn, type World } from '../world';
import { changedParts, changeInvoice, changeSubscription } from './changes';
import { invoiceGivenUp } from './end-subscription';
import { markDelinquent, retryAt, subscriptionPaid, subscriptionUnpaid } from './follow-invoice';
import {
  invoiceNow,
  markPaid,
  openInvoice,
  putPayment,
  subscriptionIdOf,
  voidInvoice,
} from './invoice-states';

/** No try is made again with a card that was refused for one of these: only another card can help. */
const HARD_DECLINES = new Set([
  'incorrect_number',
  'lost_card',
  'pickup_card',
  'stolen_card',
  'revocation_of_authorization',
  'revocation_of_all_authorizations',
  'authentication_required',
  'highest_risk_level',
  'transaction_not_allowed',
]);

interface Finalized {
  invoice: Stripe.Invoice;
  happenings: Happening[];
}

/** Draft to open with the intent that will pay it, or at once to paid if nothing is due. */
export function finalizeInvoice(world: World, draft: Stripe.Invoice): Finalized {
  const opened = openInvoice(world, draft);
  const { invoice } = opened;
  if (invoice.amount_due === 0) {
    const paid = markPaid(world, invoice);
    const followed = subscriptionPaid(world, paid.invoice, null);
    return {
      invoice: paid.invoice,
      happenings: [...opened.happenings, ...paid.happenings, ...followed],
    };
  }
  const intent = putIntent(world, invoice);
  if (invoice.due_date !== null) {
    laterOn(world, idIn(invoice.test_clock), 'overdue_invoice', invoice.id, invoice.due_date);
  }
  return { invoice, happenings: [...opened.happenings, happening('payment_intent.created', intent)] };
}

function putIntent(world: World, invoice: Stripe.Invoice): Stripe.PaymentIntent {
  const isFirst = invoice.billing_reason === 'subscription_create';
  const { payment_method_types: types } = invoice.payment_settings;
  const intent = world.store.paymentIntents.put(
    buildIntent(world, {
      amount: invoice.amount_due,
      currency: invoice.currency,
      customer: idIn(invoice.customer),
      description: isFirst
        ? 'Subscription creation'
        : subscriptionIdOf(invoice)
          ? 'Subscription update'
          : null,
      metadata: {},
      receiptEmail: null,
      setupFutureUsage: isFirst ? 'off_session' : null,
      shipping: null,
      statementDescriptor: null,
      statementDescriptorSuffix: null,
      transferGroup: null,
      automaticMethods: null,
      ...(types && { methodTypes: types }),
    }),
  );
  putPayment(world, invoice, intent, 'open');
  return intent;
}

/** The intent that pays an open invoice. */
function intentOf(world: World, invoice: Stripe.Invoice): Stripe.PaymentIntent | undefined {
  const payment = world.store.invoicePayments
    .where('invoice', invoice.id)
    .find(({ is_default: isDefault, status }) => isDefault && status !== 'canceled');
  return world.store.paymentIntents.get(idIn(payment?.payment.payment_intent) ?? '');
}

/** What a page of the application pays the invoice with; null: there is nothing to pay. */
export function confirmationSecretOf(
  world: World,
  invoiceId: string,
): Stripe.Invoice.ConfirmationSecret | null {
  const intent = intentOf(world, world.store.invoices.must(invoiceId));
  return intent?.client_secret ? { client_secret: intent.client_secret, type: 'payment_intent' } : null;
}

/** What the invoice is paid with: its own method, its subscription's or its customer's, if it may be. */
export function methodFor(world: World, invoice: Stripe.Invoice): Stripe.PaymentMethod | undefined {
  const subscription = world.store.subscriptions.get(subscriptionIdOf(invoice) ?? '');
  const customer = world.store.customers.get(idIn(invoice.customer) ?? '');
  const id =
    idIn(invoice.default_payment_method) ??
    idIn(subscription?.default_payment_method) ??
    idIn(customer?.invoice_settings.default_payment_method);
  const method = world.store.paymentMethods.get(id ?? '');
  const { payment_method_types: types } = invoice.payment_settings;
  return method && types && !types.includes(method.type) ? undefined : method;
}

/** One try to pay an open invoice; invoice and subscription follow in the same act. */
export function tryInvoice(world: World, invoice: Stripe.Invoice, method: Stripe.PaymentMethod): Confirmed {
  const intent = intentOf(world, invoice);
  if (!intent) throw new Error(`${invoice.id} has no intent`);
  return confirmIntent(world, {
    intent,
    method,
    owner: idIn(invoice.customer),
    isNew: false,
    isOffSession: false,
    returnUrl: null,
  });
}

/** Finalizes a draft whose hour is over and collects it. */
export function advanceInvoice(world: World, invoiceId: string): void {
  const draft = world.store.invoices.get(invoiceId);
  const due = draft?.automatically_finalizes_at ?? null;
  if (draft?.status !== 'draft' || due === null || due > invoiceNow(world, draft)) return;
  if (!world.store.customers.get(idIn(draft.customer) ?? '')) return;
  world.publish(world.byItself, collectDraft(world, draft));
}

/** Finalizes a draft and, as its collection method has it, pays it or sends it. */
export function collectDraft(world: World, draft: Stripe.Invoice): Happening[] {
  const pause = world.store.subscriptions.get(subscriptionIdOf(draft) ?? '')?.pause_collection;
  const [finalized, ...more] = finalizeInvoice(world, draft).happenings;
  const open = world.store.invoices.must(draft.id);
  const opened = finalized ? [finalized] : [];
  if (open.status !== 'open') return [...opened, updateOf(draft, open), ...more];
  if (pause?.behavior === 'void') return [...opened, ...more, ...giveUp(world, voidInvoice(world, open))];
  if (pause?.behavior === 'mark_uncollectible') {
    return [...opened, ...more, ...giveUp(world, markUncollectible(world, open, 'subscription_paused'))];
  }
  if (open.collection_method === 'send_invoice') return [...opened, ...more, happening('invoice.sent', open)];
  const method = methodFor(world, open);
  if (!method) return [...opened, ...more, ...missingMethod(world, open)];
  const { happenings, outcome } = tryInvoice(world, open, method);
  const updated = outcome === 'succeeded' ? [updateOf(draft, open)] : [];
  return [...opened, ...updated, ...more, ...happenings];
}

function giveUp(world: World, { invoice, happenings }: Finalized): Happening[] {
  return [...happenings, ...invoiceGivenUp(world, invoice)];
}

function updateOf(draft: Stripe.Invoice, open: Stripe.Invoice): Happening {
  return { ...happening('invoice.updated', open), previous: changedParts(draft, open) };
}

/** Open to uncollectible: nobody asks for it any more, but it can still be paid. */
export function markUncollectible(
  world: World,
  open: Stripe.Invoice,
  reason: 'subscription_paused' | 'user_forgiven',
): Finalized {
  const invoice = world.store.invoices.put({
    ...open,
    auto_advance: false,
    next_payment_attempt: null,
    status: 'uncollectible',
    status_details: { uncollectible: { reason } },
    status_transitions: { ...open.status_transitions, marked_uncollectible_at: invoiceNow(world, open) },
  });
  markDelinquent(world, invoice, false);
  return { invoice, happenings: [happening('invoice.marked_uncollectible', invoice)] };
}

/** A customer without any method fails without a charge. */
function missingMethod(world: World, open: Stripe.Invoice): Happening[] {
  const tried = { ...open, attempt_count: open.attempt_count + 1, attempted: true };
  const next = retryAt(world, tried);
  const updated = changeInvoice(world, open, { ...tried, next_payment_attempt: next });
  const failed = world.store.invoices.must(open.id);
  if (next !== null) laterOn(world, idIn(open.test_clock), 'retry_invoice', open.id, next);
  return [happening('invoice.payment_failed', failed), ...updated, ...subscriptionUnpaid(world, failed)];
}

/** The next try of a failed invoice. After a hard decline it is only counted, until there is another card. */
export function retryInvoice(world: World, invoiceId: string): void {
  const invoice = world.store.invoices.get(invoiceId);
  const due = invoice?.next_payment_attempt ?? null;
  if (invoice?.status !== 'open' || due === null || due > invoiceNow(world, invoice)) return;
  const method = methodFor(world, invoice);
  if (!method) return world.publish(world.byItself, missingMethod(world, invoice));
  if (isHopeless(world, invoice, method)) return world.publish(world.byItself, countOnly(world, invoice));
  world.publish(world.byItself, tryInvoice(world, invoice, method).happenings);
}

function isHopeless(world: World, invoice: Stripe.Invoice, method: Stripe.PaymentMethod): boolean {
  const intent = intentOf(world, invoice);
  const charge = world.store.charges.get(idIn(intent?.latest_charge) ?? '');
  if (intent?.status === 'requires_action') return idIn(intent.payment_method) === method.id;
  if (charge?.payment_method !== method.id) return false;
  const { decline_code: declineCode, code } = intent?.last_payment_error ?? {};
  return HARD_DECLINES.has(charge.outcome?.reason ?? '') || HARD_DECLINES.has(declineCode ?? code ?? '');
}

function countOnly(world: World, invoice: Stripe.Invoice): Happening[] {
  const counted = { ...invoice, attempt_count: invoice.attempt_count + 1 };
  const next = retryAt(world, counted);
  const updated = changeInvoice(world, invoice, { ...counted, next_payment_attempt: next });
  if (next !== null) laterOn(world, idIn(invoice.test_clock), 'retry_invoice', invoice.id, next);
  return [...updated, ...subscriptionUnpaid(world, world.store.invoices.must(invoice.id))];
}

/** An invoice that was sent and not paid by its due date. */
export function invoiceOverdue(world: World, invoiceId: string): void {
  const invoice = world.store.invoices.get(invoiceId);
  if (invoice?.status !== 'open' || invoice.due_date === null) return;
  if (invoice.due_date > invoiceNow(world, invoice)) return;
  const before = world.store.subscriptions.get(subscriptionIdOf(invoice) ?? '');
  const late =
    before?.status === 'active' ? changeSubscription(world, before, { ...before, status: 'past_due' }) : [];
  markDelinquent(world, invoice, true);
  world.publish(world.byItself, [happening('invoice.overdue', invoice), ...late]);
}
