import type Stripe from 'stripe';
import type { NewPlan, SessionChoices } from '../engine/create-session';
import { brandingWith, sessionOptions } from './session-page-params';
import { isClassic } from './subscription-checks';
import type { CreateSessionParams, CustomFieldParams } from './session-params';

type Session = Stripe.Checkout.Session;

/** The fields of the session that echo the request. */
export function choicesOf(params: CreateSessionParams, methodTypes: string[]): SessionChoices {
  const isSetup = params.mode === 'setup';
  return {
    adaptive_pricing: params.adaptive_pricing ?? { enabled: false },
    after_expiration: afterExpiration(params),
    allow_promotion_codes: params.allow_promotion_codes ?? null,
    allowed_payment_method_types: params.allowed_payment_method_types ?? null,
    automatic_tax: automaticTax(params.automatic_tax?.enabled ?? false),
    branding: brandingWith(params.branding_settings ?? {}),
    billing_address_collection: params.billing_address_collection ?? null,
    cancel_url: params.cancel_url,
    client_reference_id: params.client_reference_id,
    consent_collection: consentCollection(params),
    custom_fields: params.custom_fields.map(customField),
    custom_text: params.custom_text ?? {
      after_submit: null,
      shipping_address: null,
      submit: null,
      terms_of_service_acceptance: null,
    },
    customer: params.customer ?? null,
    customer_creation: customerCreation(params),
    customer_email: params.customer_email ?? null,
    ...(params.excluded_payment_method_types && {
      excluded_payment_method_types: params.excluded_payment_method_types,
    }),
    integration_identifier: params.integration_identifier,
    invoice_creation: params.mode === 'payment' ? invoiceCreation(params) : null,
    locale: params.locale ?? null,
    metadata: params.metadata,
    mode: params.mode,
    origin_context: params.origin_context ?? null,
    payment_method_collection:
      params.mode === 'payment' ? 'if_required' : (params.payment_method_collection ?? 'always'),
    payment_method_options: sessionOptions(methodTypes, params.payment_method_options),
    payment_method_types: methodTypes,
    phone_number_collection: params.phone_number_collection ?? { enabled: false },
    recovered_from: null,
    saved_payment_method_options: isSetup ? null : savedMethods(params),
    shipping_address_collection: params.shipping_address_collection ?? null,
    submit_type: params.submit_type ?? null,
    success_url: params.success_url ?? null,
    ...(params.tax_id_collection && { tax_id_collection: params.tax_id_collection }),
    wallet_options: walletOptions(params),
  };
}

/** What the session keeps for its completion. */
export function planOf(params: CreateSessionParams, version: string): NewPlan {
  const intent = params.payment_intent_data;
  const { customer_update: update, setup_intent_data: setup, subscription_data: subscription } = params;
  return {
    metadata: intent?.metadata ?? {},
    description: intent?.description ?? null,
    receiptEmail: intent?.receipt_email ?? null,
    setupFutureUsage: params.mode === 'subscription' ? 'off_session' : (intent?.setup_future_usage ?? null),
    statementDescriptor: intent?.statement_descriptor ?? null,
    statementDescriptorSuffix: intent?.statement_descriptor_suffix ?? null,
    transferGroup: intent?.transfer_group ?? null,
    shipping: intent?.shipping ?? null,
    captureMethod: intent?.capture_method ?? 'automatic_async',
    allowRedisplay: params.payment_method_data?.allow_redisplay ?? null,
    customerUpdate: {
      address: update?.address === 'auto',
      name: update?.name === 'auto',
      shipping: update?.shipping === 'auto',
    },
    subscription:
      params.mode === 'subscription'
        ? {
            metadata: subscription?.metadata ?? {},
            description: subscription?.description ?? null,
            trialPeriodDays: subscription?.trial_period_days ?? null,
            trialEnd: subscription?.trial_end ?? null,
            missingPaymentMethod:
              subscription?.trial_settings?.end_behavior.missing_payment_method ?? 'create_invoice',
            isClassic: isClassic(subscription?.billing_mode, version),
          }
        : null,
    setup:
      params.mode === 'setup'
        ? { metadata: setup?.metadata ?? {}, description: setup?.description ?? null }
        : null,
  };
}

function automaticTax(enabled: boolean): Session['automatic_tax'] {
  return enabled
    ? { enabled, liability: { type: 'self' }, provider: 'stripe', status: null }
    : { enabled, liability: null, provider: null, status: null };
}

function afterExpiration({ after_expiration: given }: CreateSessionParams): Session['after_expiration'] {
  const recovery = given?.recovery;
  return recovery
    ? {
        recovery: {
          allow_promotion_codes: recovery.allow_promotion_codes,
          enabled: recovery.enabled,
          expires_at: null,
          url: null,
        },
      }
    : null;
}

function consentCollection({
  consent_collection: given,
}: CreateSessionParams): Session['consent_collection'] {
  return given
    ? {
        payment_method_reuse_agreement: given.payment_method_reuse_agreement ?? null,
        promotions: given.promotions ?? null,
        terms_of_service: given.terms_of_service ?? null,
      }
    : null;
}

function customerCreation(params: CreateSessionParams): Session['customer_creation'] {
  if (params.customer !== undefined) return null;
  return params.mode === 'subscription' ? 'always' : (params.customer_creation ?? 'if_required');
}

/** Filled in by the visitor: `value` is null until then. */
function customField(given: CustomFieldParams): Stripe.Checkout.Session.CustomField {
  const { dropdown, key, label, numeric, optional, text, type } = given;
  const range = (field: typeof text) => ({
    default_value: field?.default_value ?? null,
    maximum_length: field?.maximum_length ?? null,
    minimum_length: field?.minimum_length ?? null,
    value: null,
  });
  return {
    ...(type === 'dropdown' && {
      dropdown: {
        default_value: dropdown?.default_value ?? null,
        options: dropdown?.options ?? [],
        value: null,
      },
    }),
    key,
    label,
    ...(type === 'numeric' && { numeric: range(numeric) }),
    optional,
    ...(type === 'text' && { text: range(text) }),
    type,
  };
}

function savedMethods(params: CreateSessionParams): Session['saved_payment_method_options'] {
  const given = params.saved_payment_method_options;
  if (!given && params.customer === undefined) return null;
  return {
    allow_redisplay_filters: given?.allow_redisplay_filters ?? ['always'],
    payment_method_remove: given?.payment_method_remove ?? null,
    payment_method_save: given?.payment_method_save ?? null,
  };
}

function walletOptions({ wallet_options: given }: CreateSessionParams): Session['wallet_options'] {
  const display = given?.link?.display;
  return given ? { link: display === undefined ? {} : { display } } : null;
}

function invoiceCreation({ invoice_creation: given }: CreateSessionParams): Session['invoice_creation'] {
  const data = given?.invoice_data;
  return {
    enabled: given?.enabled ?? false,
    invoice_data: {
      account_tax_ids: null,
      custom_fields: data?.custom_fields ?? null,
      description: data?.description ?? null,
      footer: data?.footer ?? null,
      issuer: null,
      metadata: data?.metadata ?? {},
      rendering_options: null,
    },
  };
}
