import * as z from 'zod';
import { CANCELLATION_FEEDBACK } from '../engine/billing/feedback';
import type { Features } from '../engine/portal/configurations';
import { idIn, type World } from '../engine/world';
import { bool, clearable, integer, list, oneOf, text, unplayed } from './params';
import { invalid, missingReference, notPlayed, missingParam } from './refusal';

const proration = oneOf(['always_invoice', 'create_prorations', 'none']);

/** Each part lies over what the configuration says so far. */
export const featuresParams = z.strictObject({
  customer_update: z
    .strictObject({
      allowed_updates: list(oneOf(['address', 'email', 'name', 'phone', 'shipping', 'tax_id'])).optional(),
      enabled: bool().optional(),
    })
    .optional(),
  invoice_history: z.strictObject({ enabled: bool().optional() }).optional(),
  payment_method_update: z
    .strictObject({
      enabled: bool().optional(),
      payment_method_configuration: unplayed('payment method configurations'),
    })
    .optional(),
  subscription_cancel: z
    .strictObject({
      cancellation_reason: z
        .strictObject({
          enabled: bool(),
          feedback_options: unplayed('feedback options of your own'),
          options: list(oneOf(CANCELLATION_FEEDBACK)).optional(),
        })
        .optional(),
      enabled: bool().optional(),
      mode: oneOf(['at_period_end', 'immediately']).optional(),
      proration_behavior: proration.optional(),
    })
    .optional(),
  subscription_pause: z
    .strictObject({ duration: unplayed('pauses of subscriptions in the portal'), enabled: bool().optional() })
    .optional(),
  subscription_update: z
    .strictObject({
      billing_cycle_anchor: oneOf(['now', 'unchanged']).optional(),
      default_allowed_updates: list(oneOf(['price', 'promotion_code', 'quantity'])).optional(),
      enabled: bool().optional(),
      products: list(
        z.strictObject({
          adjustable_quantity: z
            .strictObject({
              enabled: bool(),
              maximum: integer().optional(),
              minimum: integer().default(1),
            })
            .optional(),
          prices: list(text()),
          product: text(),
        }),
      ).optional(),
      proration_behavior: proration.optional(),
      schedule_at_period_end: z.strictObject({ conditions: list(z.unknown()).default([]) }).optional(),
      trial_update_behavior: oneOf(['continue_trial', 'end_trial']).optional(),
    })
    .optional(),
});
export type FeaturesParams = z.output<typeof featuresParams>;

export const businessProfileParams = z.strictObject({
  headline: clearable(text(60)).optional(),
  privacy_policy_url: clearable(text()).optional(),
  terms_of_service_url: clearable(text()).optional(),
});

export const loginPageParams = z.strictObject({ enabled: bool() });

/** A feature that a new configuration names says whether it is on. */
export function checkNamedFeatures(params: FeaturesParams): void {
  for (const [name, feature] of Object.entries(params)) {
    if (name !== 'subscription_pause' && feature !== undefined && feature.enabled === undefined) {
      throw missingParam(`features[${name}][enabled]`);
    }
  }
}

function refuseUnplayed(params: FeaturesParams): void {
  if (params.subscription_pause?.enabled) {
    throw notPlayed('pauses of subscriptions in the portal', 'features[subscription_pause]');
  }
  if ((params.subscription_update?.schedule_at_period_end?.conditions.length ?? 0) > 0) {
    const param = 'features[subscription_update][schedule_at_period_end][conditions]';
    throw notPlayed('changes of plan at the end of a period', param);
  }
}

/** `base` with what the request says laid over it, checked as a whole. */
export function featuresOf(world: World, base: Features, params: FeaturesParams): Features {
  refuseUnplayed(params);
  const { customer_update: customer, subscription_cancel: cancel, subscription_update: update } = params;
  const reason = cancel?.cancellation_reason;
  const features: Features = {
    ...base,
    customer_update: {
      allowed_updates: customer?.allowed_updates ?? base.customer_update.allowed_updates,
      enabled: customer?.enabled ?? base.customer_update.enabled,
    },
    invoice_history: { enabled: params.invoice_history?.enabled ?? base.invoice_history.enabled },
    payment_method_update: {
      ...base.payment_method_update,
      enabled: params.payment_method_update?.enabled ?? base.payment_method_update.enabled,
    },
    subscription_cancel: {
      cancellation_reason: {
        ...base.subscription_cancel.cancellation_reason,
        ...(reason && { enabled: reason.enabled }),
        ...(reason?.options && { options: reason.options }),
      },
      enabled: cancel?.enabled ?? base.subscription_cancel.enabled,
      mode: cancel?.mode ?? base.subscription_cancel.mode,
      proration_behavior: cancel?.proration_behavior ?? base.subscription_cancel.proration_behavior,
    },
    subscription_update: updateFeature(world, base.subscription_update, update),
  };
  checkWhole(features);
  return features;
}

function updateFeature(
  world: World,
  base: Features['subscription_update'],
  params: FeaturesParams['subscription_update'],
): Features['subscription_update'] {
  if (!params) return base;
  params.products?.forEach(({ prices, product }, place) => {
    checkProduct(world, product, prices, `features[subscription_update][products][${place}]`);
  });
  const products = params.products?.map(({ adjustable_quantity: quantity, prices, product }) => ({
    adjustable_quantity: {
      enabled: quantity?.enabled ?? false,
      maximum: quantity?.maximum ?? null,
      minimum: quantity?.minimum ?? 1,
    },
    prices,
    product,
  }));
  return {
    ...base,
    billing_cycle_anchor: params.billing_cycle_anchor ?? base.billing_cycle_anchor,
    default_allowed_updates: params.default_allowed_updates ?? base.default_allowed_updates,
    enabled: params.enabled ?? base.enabled,
    ...(products && { products }),
    proration_behavior: params.proration_behavior ?? base.proration_behavior,
    trial_update_behavior: params.trial_update_behavior ?? base.trial_update_behavior,
  };
}

function checkProduct(world: World, product: string, prices: string[], at: string): void {
  if (!world.store.products.get(product)) throw missingReference('product', product, `${at}[product]`);
  prices.forEach((id, place) => {
    const param = `${at}[prices][${place}]`;
    const price = world.store.prices.get(id);
    if (!price) throw missingReference('price', id, param);
    if (idIn(price.product) !== product) {
      throw invalid(`The price \`${id}\` does not belong to the product \`${product}\`.`, { param });
    }
    if (price.recurring === null) {
      throw invalid(`The price \`${id}\` is not recurring.`, { param });
    }
  });
}

function checkWhole({ customer_update: customer, subscription_update: update }: Features): void {
  if (customer.enabled && customer.allowed_updates.length === 0) {
    throw missingParam('features[customer_update][allowed_updates]');
  }
  if (!update.enabled) return;
  if (update.default_allowed_updates.length === 0) {
    throw missingParam('features[subscription_update][default_allowed_updates]');
  }
  if ((update.products ?? []).length === 0) throw missingParam('features[subscription_update][products]');
}
