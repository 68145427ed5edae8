import type Stripe from 'stripe';
import { couponCurrencies, shownCoupon } from '../engine/discounts/coupons';
import { sessionBreakdown } from '../engine/price-session';
import { currencyOptionsOf } from '../engine/catalog';
import { confirmationSecretOf } from '../engine/billing/collect-invoice';
import type { World } from '../engine/world';

/** What a response may be about. `nothing` has no expandable fields. */
export type ResourceName =
  | 'account'
  | 'balance_transaction'
  | 'balance_transaction_source'
  | 'charge'
  | 'checkout.session'
  | 'customer'
  | 'event'
  | 'invoice'
  | 'invoice_line'
  | 'coupon'
  | 'discount'
  | 'dispute'
  | 'early_fraud_warning'
  | 'invoice_item'
  | 'invoice_payment'
  | 'item'
  | 'mandate'
  | 'payment_intent'
  | 'payment_method'
  | 'plan'
  | 'price'
  | 'portal_configuration'
  | 'portal_session'
  | 'product'
  | 'promotion_code'
  | 'refund'
  | 'setup_intent'
  | 'subscription'
  | 'subscription_item'
  | 'test_clock'
  | 'tax_registration'
  | 'tax_settings'
  | 'webhook_endpoint'
  | 'nothing';

type Build = (world: World, id: string) => object | null;

export type Expandable =
  /** Holds an id; expanding puts the object there. */
  | { kind: 'reference'; resource: ResourceName; find: (world: World, id: string) => object | undefined }
  /** Left out unless it is asked for. */
  | { kind: 'included'; resource: ResourceName; isList: boolean; build: Build }
  /** Always there; its own fields may be expanded. */
  | { kind: 'embedded'; resource: ResourceName; isList: boolean }
  /** Stripe can expand it, but here it is always null. */
  | { kind: 'empty'; resource: 'nothing' };

const reference = (
  resource: ResourceName,
  find: (world: World, id: string) => object | undefined,
): Expandable => ({
  kind: 'reference',
  resource,
  find,
});
const includedList = (resource: ResourceName, build: (world: World, id: string) => object): Expandable => ({
  kind: 'included',
  resource,
  isList: true,
  build,
});
const included = (resource: ResourceName, build: Build): Expandable => ({
  kind: 'included',
  resource,
  isList: false,
  build,
});
const embedded = (resource: ResourceName, isList: boolean): Expandable => ({
  kind: 'embedded',
  resource,
  isList,
});
const empty: Expandable = { kind: 'empty', resource: 'nothing' };
const emptyList = (url: (id: string) => string): Expandable =>
  includedList('nothing', (_world, id) => ({ object: 'list', data: [], has_more: false, url: url(id) }));

const customer = reference(
  'customer',
  ({ store }, id) => store.customers.get(id) ?? store.deletedCustomers.get(id),
);
const paymentIntent = reference('payment_intent', ({ store }, id) => store.paymentIntents.get(id));
const paymentMethod = reference('payment_method', ({ store }, id) => store.paymentMethods.get(id));
const mandate = reference('mandate', ({ store }, id) => store.mandates.get(id));
const charge = reference('charge', ({ store }, id) => store.charges.get(id));
const invoice = reference('invoice', ({ store }, id) => store.invoices.get(id));
const price = reference('price', ({ store }, id) => store.prices.get(id));
const product = reference('product', ({ store }, id) => store.products.get(id));
const couponNamed = ({ store }: World, id: string): Stripe.Coupon | undefined =>
  store.coupons.get(id) ?? store.deletedCoupons.get(id);
const coupon = reference('coupon', (world, id) => {
  const found = couponNamed(world, id);
  return found && shownCoupon(found);
});
const promotionCode = reference('promotion_code', ({ store }, id) => store.promotionCodes.get(id));
const discount = reference('discount', ({ store }, id) => store.discounts.get(id));
const setupIntent = reference('setup_intent', ({ store }, id) => store.setupIntents.get(id));
const subscription = reference('subscription', ({ store }, id) => store.subscriptions.get(id));
const balanceTransaction = reference('balance_transaction', ({ store }, id) =>
  store.balanceTransactions.get(id),
);

function firstRefunds({ store }: World, id: string): object {
  const refunds = store.refunds.where('charge', id).reverse();
  const url = `/v1/charges/${id}/refunds`;
  return { object: 'list', data: refunds.slice(0, 10), has_more: refunds.length > 10, url };
}

function firstLines({ store }: World, id: string): object {
  const items = store.sessionLines.get(id)?.items ?? [];
  const url = `/v1/checkout/sessions/${id}/line_items`;
  return { object: 'list', data: items.slice(0, 10), has_more: items.length > 10, url };
}

function currentSubscriptions({ store }: World, id: string): object {
  const all = store.subscriptions.where('customer', id).reverse();
  const current = all.filter(({ status }) => status !== 'canceled' && status !== 'incomplete_expired');
  const url = `/v1/customers/${id}/subscriptions`;
  return { object: 'list', data: current.slice(0, 10), has_more: current.length > 10, url };
}

/** Per resource: the path of a field within the object → what expanding it does. */
export const EXPANDABLE: Record<ResourceName, Record<string, Expandable>> = {
  account: {
    'company.verification.document.back': empty,
    'company.verification.document.front': empty,
    external_accounts: emptyList((id) => `/v1/accounts/${id}/external_accounts`),
    'settings.branding.icon': empty,
    'settings.branding.logo': empty,
    'settings.invoices.default_account_tax_ids': empty,
  },
  balance_transaction: {
    source: reference(
      'balance_transaction_source',
      ({ store }, id) => store.charges.get(id) ?? store.refunds.get(id) ?? store.disputes.get(id),
    ),
  },
  balance_transaction_source: {
    balance_transaction: balanceTransaction,
    charge,
    customer,
    payment_intent: paymentIntent,
  },
  charge: {
    application: empty,
    application_fee: empty,
    balance_transaction: balanceTransaction,
    customer,
    failure_balance_transaction: balanceTransaction,
    on_behalf_of: empty,
    payment_intent: paymentIntent,
    'payment_method_details.bancontact.generated_sepa_debit': empty,
    'payment_method_details.bancontact.generated_sepa_debit_mandate': empty,
    'payment_method_details.card.mandate': empty,
    'payment_method_details.ideal.generated_sepa_debit': empty,
    'payment_method_details.ideal.generated_sepa_debit_mandate': empty,
    'payment_method_details.sofort.generated_sepa_debit': empty,
    'payment_method_details.sofort.generated_sepa_debit_mandate': empty,
    'payment_method_details.us_bank_account.mandate': mandate,
    refunds: includedList('refund', firstRefunds),
    review: empty,
    source_transfer: empty,
    transfer: empty,
    'transfer_data.destination': empty,
  },
  'checkout.session': {
    'automatic_tax.liability.account': empty,
    customer,
    invoice,
    'invoice_creation.invoice_data.account_tax_ids': empty,
    'invoice_creation.invoice_data.issuer.account': empty,
    line_items: includedList('item', firstLines),
    'discounts.coupon': coupon,
    'discounts.promotion_code': promotionCode,
    payment_intent: paymentIntent,
    payment_link: empty,
    setup_intent: setupIntent,
    'shipping_cost.shipping_rate': empty,
    'shipping_options.shipping_rate': empty,
    subscription,
    'total_details.breakdown': included('nothing', sessionBreakdown),
  },
  customer: {
    default_source: empty,
    discount: embedded('discount', false),
    'invoice_settings.default_payment_method': paymentMethod,
    sources: emptyList((id) => `/v1/customers/${id}/sources`),
    subscriptions: includedList('subscription', currentSubscriptions),
    tax_ids: emptyList((id) => `/v1/customers/${id}/tax_ids`),
  },
  event: {},
  invoice: {
    account_tax_ids: empty,
    application: empty,
    'automatic_tax.liability.account': empty,
    confirmation_secret: included('nothing', confirmationSecretOf),
    customer,
    default_payment_method: paymentMethod,
    default_source: empty,
    discounts: discount,
    'from_invoice.invoice': invoice,
    'issuer.account': empty,
    latest_revision: invoice,
    lines: embedded('invoice_line', true),
    on_behalf_of: empty,
    'parent.subscription_details.subscription': subscription,
    payments: includedList('invoice_payment', (world, id) => ({
      object: 'list',
      data: world.store.invoicePayments.where('invoice', id),
      has_more: false,
      url: `/v1/invoice_payments?invoice=${id}`,
    })),
    'shipping_cost.shipping_rate': empty,
    'total_discount_amounts.discount': discount,
    'total_pretax_credit_amounts.discount': discount,
  },
  invoice_line: {
    'discount_amounts.discount': discount,
    discounts: discount,
    'pretax_credit_amounts.discount': discount,
    'pricing.price_details.price': price,
    subscription,
  },
  invoice_payment: {
    invoice,
    'payment.charge': charge,
    'payment.payment_intent': paymentIntent,
    'payment.payment_record': empty,
  },
  item: {
    discounts: included('nothing', (world, id) => world.store.lineBreakdowns.get(id)?.discounts ?? []),
    price: embedded('price', false),
    taxes: included('nothing', (world, id) => world.store.lineBreakdowns.get(id)?.taxes ?? []),
  },
  payment_intent: {
    'amount_details.line_items': emptyList((id) => `/v1/payment_intents/${id}/amount_details_line_items`),
    application: empty,
    customer,
    latest_charge: charge,
    on_behalf_of: empty,
    payment_method: paymentMethod,
    payment_record: empty,
    review: empty,
    source: empty,
    'transfer_data.destination': empty,
  },
  mandate: { on_behalf_of: empty, payment_method: paymentMethod },
  payment_method: {
    'card.generated_from.setup_attempt': empty,
    customer,
    'sepa_debit.generated_from.charge': charge,
    'sepa_debit.generated_from.setup_attempt': empty,
  },
  price: {
    currency_options: {
      kind: 'included',
      resource: 'nothing',
      isList: false,
      build: (world, id) => currencyOptionsOf(world, id),
    },
    product,
  },
  plan: { product },
  coupon: {
    applies_to: included('nothing', (world, id) => couponNamed(world, id)?.applies_to ?? null),
    currency_options: included('nothing', couponCurrencies),
  },
  discount: { customer, promotion_code: promotionCode, 'source.coupon': coupon },
  dispute: {
    charge,
    'evidence.cancellation_policy': empty,
    'evidence.customer_communication': empty,
    'evidence.customer_signature': empty,
    'evidence.duplicate_charge_documentation': empty,
    'evidence.receipt': empty,
    'evidence.refund_policy': empty,
    'evidence.service_documentation': empty,
    'evidence.shipping_documentation': empty,
    'evidence.uncategorized_file': empty,
    payment_intent: paymentIntent,
  },
  early_fraud_warning: { charge, payment_intent: paymentIntent },
  invoice_item: {
    customer,
    discounts: discount,
    invoice,
    'pricing.price_details.price': price,
    'proration_details.discount_amounts.discount': discount,
  },
  portal_configuration: {
    application: empty,
    'features.subscription_cancel.cancellation_reason.feedback_options': empty,
  },
  portal_session: {
    configuration: reference('portal_configuration', ({ store }, id) => store.portalConfigurations.get(id)),
  },
  promotion_code: { customer, 'promotion.coupon': coupon },
  refund: {
    balance_transaction: balanceTransaction,
    charge,
    customer,
    failure_balance_transaction: balanceTransaction,
    payment_intent: paymentIntent,
    payment_method: paymentMethod,
    source_transfer_reversal: empty,
    transfer_reversal: empty,
  },
  setup_intent: {
    application: empty,
    customer,
    latest_attempt: empty,
    mandate,
    on_behalf_of: empty,
    payment_method: paymentMethod,
    single_use_mandate: empty,
  },
  subscription: {
    application: empty,
    'automatic_tax.liability.account': empty,
    'billing_schedules.applies_to.price': price,
    customer,
    default_payment_method: paymentMethod,
    default_source: empty,
    discounts: discount,
    'invoice_settings.account_tax_ids': empty,
    'invoice_settings.issuer.account': empty,
    items: embedded('subscription_item', true),
    latest_invoice: invoice,
    on_behalf_of: empty,
    pending_setup_intent: setupIntent,
    'pending_update.discounts': discount,
    schedule: empty,
    'transfer_data.destination': empty,
  },
  subscription_item: { discounts: discount, plan: embedded('plan', false), price: embedded('price', false) },
  test_clock: {},
  product: { default_price: price, tax_code: empty },
  tax_registration: {},
  tax_settings: {},
  webhook_endpoint: {},
  nothing: {},
};
