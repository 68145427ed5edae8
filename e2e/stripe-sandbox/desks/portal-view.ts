import type Stripe from 'stripe';
import { CANCELLATION_FEEDBACK } from '../engine/billing/feedback';
import { periodOf } from '../engine/billing/build-subscription';
import { productName } from '../engine/billing/invoice-lines';
import { clockNow } from '../engine/clocks/clock-time';
import { choicesFor } from '../engine/portal/portal-plans';
import type { SessionFound } from '../engine/portal/portal-sessions';
import { idIn, type World } from '../engine/world';
import type {
  PortalInvoice,
  PortalMethod,
  PortalPermissions,
  PortalSubscription,
  PortalUpdate,
  PortalView,
} from '../sandbox-billing';

export type OpenPortal = Extract<SessionFound, { outcome: 'open' }>;
type Configuration = Stripe.BillingPortal.Configuration;

/** What the page of an open session shows. */
export function portalView(world: World, { configuration, customer, session }: OpenPortal): PortalView {
  const { headline, privacy_policy_url, terms_of_service_url } = configuration.business_profile;
  return {
    session,
    businessName: world.account.business_profile?.name ?? 'Sandbox',
    headline,
    privacyPolicyUrl: privacy_policy_url,
    termsOfServiceUrl: terms_of_service_url,
    returnUrl: session.return_url,
    customer,
    subscriptions: world.store.subscriptions
      .where('customer', customer.id)
      .filter(({ ended_at: end, status }) => end === null && status !== 'incomplete')
      .map((subscription) => subscriptionRow(world, configuration, customer, subscription))
      .reverse(),
    methods: methodsOf(world, customer),
    invoices: world.store.invoices
      .where('customer', customer.id)
      .filter(({ status }) => status !== 'draft')
      .map((invoice) => invoiceRow(invoice))
      .reverse(),
    allows: permissionsOf(configuration),
    now: clockNow(world, idIn(customer.test_clock)),
  };
}

function subscriptionRow(
  world: World,
  configuration: Configuration,
  customer: Stripe.Customer,
  subscription: Stripe.Subscription,
): PortalSubscription {
  const { cancel_at: cancelAt, items } = subscription;
  const [first] = items.data;
  if (!first) throw new Error(`${subscription.id} has no items`);
  const paidWith =
    idIn(subscription.default_payment_method) ?? idIn(customer.invoice_settings.default_payment_method);
  const method = world.store.paymentMethods.get(paidWith ?? '');
  const isEnding = cancelAt !== null;
  return {
    id: subscription.id,
    status: subscription.status,
    name: items.data.map(({ price }) => productName(world, price)).join(', '),
    price: first.price,
    quantity: first.quantity ?? 1,
    amount: items.data.reduce(
      (sum, { price, quantity }) => sum + (price.unit_amount ?? 0) * (quantity ?? 1),
      0,
    ),
    currency: subscription.currency,
    periodEnd: periodOf(subscription).end,
    trialEnd: subscription.status === 'trialing' ? subscription.trial_end : null,
    cancelAt,
    canCancel: configuration.features.subscription_cancel.enabled && !isEnding,
    canResume: configuration.features.subscription_cancel.enabled && isEnding,
    choices: isEnding ? [] : choicesFor(world, configuration, subscription),
    method: method ? methodRow(method, customer) : null,
  };
}

/** Newest first, the default one before all. */
function methodsOf(world: World, customer: Stripe.Customer): PortalMethod[] {
  const rows = world.store.paymentMethods
    .where('customer', customer.id)
    .map((method) => methodRow(method, customer))
    .reverse();
  return [...rows.filter(({ isDefault }) => isDefault), ...rows.filter(({ isDefault }) => !isDefault)];
}

const KINDS: Record<string, string> = { sepa_debit: 'SEPA Direct Debit', us_bank_account: 'Bank account' };

function methodRow(method: Stripe.PaymentMethod, customer: Stripe.Customer): PortalMethod {
  const account = method.card ?? method.sepa_debit ?? method.us_bank_account;
  return {
    id: method.id,
    type: method.type,
    brand: method.card?.brand ?? KINDS[method.type] ?? method.type,
    last4: account?.last4 ?? '',
    expMonth: method.card?.exp_month ?? null,
    expYear: method.card?.exp_year ?? null,
    isDefault: idIn(customer.invoice_settings.default_payment_method) === method.id,
  };
}

function invoiceRow(invoice: Stripe.Invoice): PortalInvoice {
  return {
    id: invoice.id,
    number: invoice.number,
    created: invoice.created,
    total: invoice.total,
    currency: invoice.currency,
    status: invoice.status,
    description: invoice.description ?? invoice.lines.data[0]?.description ?? '',
    url: invoice.hosted_invoice_url ?? null,
  };
}

const UPDATES: readonly PortalUpdate[] = ['address', 'email', 'name', 'phone', 'shipping', 'tax_id'];

function permissionsOf({ features }: Configuration): PortalPermissions {
  const { customer_update, subscription_cancel: cancel, subscription_update: update } = features;
  const { enabled: asks, options } = cancel.cancellation_reason;
  const changes = new Set<string>(update.default_allowed_updates);
  return {
    cancel: cancel.enabled
      ? {
          mode: cancel.mode === 'immediately' ? 'immediately' : 'at_period_end',
          reasons: asks
            ? options.flatMap((option) => CANCELLATION_FEEDBACK.find((known) => known === option) ?? [])
            : null,
        }
      : null,
    changePlan: update.enabled
      ? { canChangePrice: changes.has('price'), canChangeQuantity: changes.has('quantity') }
      : null,
    invoices: features.invoice_history.enabled,
    methods: features.payment_method_update.enabled,
    updates: customer_update.enabled
      ? UPDATES.filter((known) => customer_update.allowed_updates.some((allowed) => allowed === known))
      : [],
  };
}
