import type Stripe from 'stripe';
import { changedParts } from '../billing/changes';
import { happening } from '../happening';
import type { Cause, World } from '../world';

type Configuration = Stripe.BillingPortal.Configuration;
export type Features = Configuration['features'];

const REASONS = ['too_expensive', 'missing_features', 'switched_service', 'unused', 'other'];

/** What a configuration allows unless it says so: nothing. */
export const NO_FEATURES: Features = {
  customer_update: { allowed_updates: [], enabled: false },
  invoice_history: { enabled: false },
  payment_method_update: { enabled: false, payment_method_configuration: null },
  subscription_cancel: {
    cancellation_reason: { enabled: false, feedback_options: null, options: REASONS },
    enabled: false,
    mode: 'at_period_end',
    proration_behavior: 'none',
  },
  subscription_pause: { duration: { interval_options: [], type: 'indefinite' }, enabled: false },
  subscription_update: {
    billing_cycle_anchor: null,
    default_allowed_updates: [],
    enabled: false,
    products: null,
    proration_behavior: 'none',
    schedule_at_period_end: { conditions: [] },
    trial_update_behavior: 'end_trial',
  },
};

/** What the form of the Dashboard offers to be saved. */
const DASHBOARD_FEATURES: Features = {
  ...NO_FEATURES,
  customer_update: {
    allowed_updates: ['email', 'name', 'address', 'shipping', 'phone', 'tax_id'],
    enabled: true,
  },
  invoice_history: { enabled: true },
  payment_method_update: { enabled: true, payment_method_configuration: null },
  subscription_cancel: {
    ...NO_FEATURES.subscription_cancel,
    cancellation_reason: { enabled: true, feedback_options: null, options: REASONS },
    enabled: true,
  },
};

export interface ConfigurationInput {
  businessProfile: Configuration['business_profile'];
  defaultReturnUrl: string | null;
  features: Features;
  isDefault: boolean;
  metadata: Stripe.Metadata;
  name: string | null;
}

function buildConfiguration(world: World, input: ConfigurationInput): Configuration {
  const now = world.now();
  return {
    id: world.ids.long('bpc'),
    object: 'billing_portal.configuration',
    active: true,
    application: null,
    business_profile: input.businessProfile,
    created: now,
    default_return_url: input.defaultReturnUrl,
    features: input.features,
    is_default: input.isDefault,
    livemode: world.livemode,
    login_page: { enabled: false, url: null },
    metadata: input.metadata,
    name: input.name,
    updated: now,
  };
}

export function createConfiguration(world: World, cause: Cause, input: ConfigurationInput): Configuration {
  const configuration = world.store.portalConfigurations.put(buildConfiguration(world, input));
  world.publish(cause, [happening('billing_portal.configuration.created', configuration)]);
  return configuration;
}

export function updateConfiguration(world: World, cause: Cause, next: Configuration): Configuration {
  const before = world.store.portalConfigurations.must(next.id);
  const configuration = world.store.portalConfigurations.put({ ...next, updated: world.now() });
  const updated = happening('billing_portal.configuration.updated', configuration);
  world.publish(cause, [{ ...updated, previous: changedParts(before, configuration) }]);
  return configuration;
}

/** `isNew`: it is not stored yet. */
export type DefaultFound =
  { outcome: 'found'; configuration: Configuration; isNew: boolean } | { outcome: 'none_saved' };

/** The account's default, made if nobody saved it by hand and `portalDefaultSaved` says that somebody did. */
export function defaultConfiguration(world: World): DefaultFound {
  for (const configuration of world.store.portalConfigurations.all()) {
    if (configuration.is_default) return { outcome: 'found', configuration, isNew: false };
  }
  if (!world.settings().portalDefaultSaved) return { outcome: 'none_saved' };
  const configuration = buildConfiguration(world, {
    businessProfile: { headline: null, privacy_policy_url: null, terms_of_service_url: null },
    defaultReturnUrl: null,
    features: DASHBOARD_FEATURES,
    isDefault: true,
    metadata: {},
    name: null,
  });
  return { outcome: 'found', configuration, isNew: true };
}
