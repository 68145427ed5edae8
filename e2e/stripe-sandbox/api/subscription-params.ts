import * as z from 'zod';
import { CANCELLATION_FEEDBACK } from '../engine/billing/feedback';
import { recurringParams, taxBehavior } from './catalog-params';
import {
  automaticTaxParams,
  bool,
  clearable,
  customerAccount,
  ignored,
  integer,
  list,
  metadata,
  metadataPatch,
  nullableText,
  oneOf,
  text,
  unplayed,
} from './params';
import { subscriptionPaymentParams } from './payment-settings';
import { currency } from './resources/prices';

export const discountParams = list(
  z.strictObject({
    coupon: text().optional(),
    discount: text().optional(),
    promotion_code: text().optional(),
  }),
);
export type DiscountParams = z.output<typeof discountParams>;

const priceData = z.strictObject({
  currency,
  product: text(),
  recurring: recurringParams.optional(),
  tax_behavior: taxBehavior.optional(),
  unit_amount: integer().optional(),
  unit_amount_decimal: text().optional(),
});
export type PriceDataParams = z.output<typeof priceData>;

const itemShape = {
  billing_thresholds: unplayed('billing_thresholds'),
  current_trial: unplayed('trials of one item'),
  discounts: unplayed('discounts of one item'),
  metadata: metadataPatch().optional(),
  plan: text().optional(),
  price: text().optional(),
  price_data: priceData.optional(),
  quantity: integer().optional(),
  tax_rates: unplayed('tax_rates'),
};
const newItem = z.strictObject(itemShape);
export type ItemParams = z.output<typeof newItem>;
export const changedItem = z.strictObject({
  ...itemShape,
  clear_usage: ignored,
  deleted: bool().optional(),
  id: text().optional(),
});
export type ChangedItemParams = z.output<typeof changedItem>;

const oneTimeItem = z.strictObject({
  discountable: bool().default(true),
  discounts: unplayed('discounts of one item'),
  metadata: metadata().default({}),
  period: unplayed('periods of first items'),
  price: text().optional(),
  price_data: priceData.omit({ recurring: true }).optional(),
  quantity: integer().optional(),
  tax_rates: unplayed('tax_rates'),
});
export type OneTimeItemParams = z.output<typeof oneTimeItem>;

const paymentBehavior = oneOf([
  'allow_incomplete',
  'default_incomplete',
  'error_if_incomplete',
  'pending_if_incomplete',
]);
/** When a change is charged at once and the card is refused, or the payment is left to the customer. */
const changeBehavior = paymentBehavior.default('allow_incomplete').superRefine((value, ctx) => {
  if (value !== 'pending_if_incomplete') return;
  const message = `The sandbox does not play payment_behavior=${value} for changes.`;
  ctx.addIssue({ code: 'custom', message, params: { stripeCode: 'parameter_invalid' } });
});
export const prorationBehavior = oneOf(['create_prorations', 'always_invoice', 'none']);
const collectionMethod = oneOf(['charge_automatically', 'send_invoice']);
const trialEnd = z.union([z.literal('now'), integer()]);
const trialSettings = z.strictObject({
  end_behavior: z.strictObject({
    billing_cycle_anchor: unplayed('billing_cycle_anchor after a trial'),
    missing_payment_method: oneOf(['cancel', 'create_invoice', 'pause']),
  }),
});
/** Older versions send the word alone. */
const anchor = z.union([
  oneOf(['now', 'unchanged']),
  z.strictObject({ type: oneOf(['now', 'unchanged']) }).transform(({ type }) => type),
]);
/** The items of a subscription share their period, so its earliest and its latest end are one. */
const plannedEnd = z.union([z.enum(['min_period_end', 'max_period_end']), integer()]);
const unplayedShape = {
  application_fee_percent: unplayed('application_fee_percent'),
  billing_cycle_anchor_config: unplayed('billing_cycle_anchor_config'),
  billing_schedules: unplayed('billing_schedules'),
  billing_thresholds: unplayed('billing_thresholds'),
  customer_account: customerAccount,
  default_source: unplayed('default_source'),
  default_tax_rates: unplayed('default_tax_rates'),
  invoice_settings: unplayed('invoice_settings'),
  on_behalf_of: unplayed('on_behalf_of'),
  pending_invoice_item_interval: unplayed('pending_invoice_item_interval'),
  transfer_data: unplayed('transfer_data'),
  trial_from_plan: unplayed('trials of plans'),
};

export const billingModeParams = z.strictObject({
  flexible: unplayed('proration_discounts'),
  type: oneOf(['classic', 'flexible']),
});

export const createSubscriptionParams = z.strictObject({
  ...unplayedShape,
  add_invoice_items: list(oneTimeItem).default([]),
  automatic_tax: automaticTaxParams.optional(),
  backdate_start_date: unplayed('backdate_start_date'),
  billing_cycle_anchor: integer().optional(),
  billing_mode: billingModeParams.optional(),
  cancel_at: plannedEnd.optional(),
  cancel_at_period_end: bool().default(false),
  collection_method: collectionMethod.default('charge_automatically'),
  currency: currency.optional(),
  customer: text(),
  days_until_due: integer().optional(),
  default_payment_method: text().optional(),
  description: nullableText(500),
  discounts: discountParams.default([]),
  items: list(newItem),
  metadata: metadata().default({}),
  off_session: ignored,
  payment_behavior: paymentBehavior.default('allow_incomplete'),
  payment_settings: subscriptionPaymentParams.optional(),
  proration_behavior: prorationBehavior.default('create_prorations'),
  trial_end: trialEnd.optional(),
  trial_period_days: integer().optional(),
  trial_settings: trialSettings.optional(),
});
export type CreateSubscriptionParams = z.output<typeof createSubscriptionParams>;

const cancellationDetails = z.strictObject({
  comment: nullableText(),
  feedback: clearable(oneOf(CANCELLATION_FEEDBACK)).optional(),
  feedback_option: unplayed('feedback options of your own'),
});

export const updateSubscriptionParams = z.strictObject({
  ...unplayedShape,
  add_invoice_items: unplayed('add_invoice_items'),
  automatic_tax: automaticTaxParams.optional(),
  billing_cycle_anchor: anchor.optional(),
  cancel_at: clearable(plannedEnd).optional(),
  cancel_at_period_end: bool().optional(),
  cancellation_details: cancellationDetails.optional(),
  collection_method: collectionMethod.optional(),
  days_until_due: integer().optional(),
  default_payment_method: clearable(text()).optional(),
  description: clearable(text(500)).optional(),
  discounts: discountParams.optional(),
  items: list(changedItem).default([]),
  metadata: metadataPatch().optional(),
  off_session: ignored,
  pause_collection: clearable(
    z.strictObject({
      behavior: oneOf(['keep_as_draft', 'mark_uncollectible', 'void']),
      resumes_at: integer().optional(),
    }),
  ).optional(),
  payment_behavior: changeBehavior,
  payment_settings: subscriptionPaymentParams.optional(),
  proration_behavior: prorationBehavior.default('create_prorations'),
  proration_date: integer().optional(),
  trial_end: trialEnd.optional(),
  trial_settings: trialSettings.optional(),
});
export type UpdateSubscriptionParams = z.output<typeof updateSubscriptionParams>;

export const cancelSubscriptionParams = z.strictObject({
  cancellation_details: cancellationDetails.optional(),
  invoice_now: bool().default(false),
  prorate: bool().default(false),
});

export const pauseSubscriptionParams = z.strictObject({
  bill_for: unplayed('pauses that bill for another time than now'),
  invoicing_behavior: oneOf(['invoice', 'pending_invoice_item']).default('pending_invoice_item'),
  type: oneOf(['subscription']).default('subscription'),
});

export const resumeSubscriptionParams = z.strictObject({
  billing_cycle_anchor: anchor.default('now'),
  payment_behavior: unplayed('payment_behavior when a subscription is resumed'),
  proration_behavior: prorationBehavior.default('create_prorations'),
  proration_date: integer().optional(),
});

export const createSubscriptionItemParams = z.strictObject({
  ...itemShape,
  payment_behavior: changeBehavior,
  proration_behavior: prorationBehavior.default('create_prorations'),
  proration_date: integer().optional(),
  subscription: text(),
});

export const updateSubscriptionItemParams = z.strictObject({
  ...itemShape,
  off_session: ignored,
  payment_behavior: changeBehavior,
  proration_behavior: prorationBehavior.default('create_prorations'),
  proration_date: integer().optional(),
});

export const deleteSubscriptionItemParams = z.strictObject({
  clear_usage: ignored,
  payment_behavior: changeBehavior,
  proration_behavior: prorationBehavior.default('create_prorations'),
  proration_date: integer().optional(),
});
