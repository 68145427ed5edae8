import type Stripe from 'stripe';
import * as z from 'zod';
import { createSession, type SessionChoices } from '../../engine/create-session';
import { expireSession } from '../../engine/expire-session';
import type { World } from '../../engine/world';
import { listOf, listPage } from '../lists';
import { ignored, mergeMetadata, metadataPatch, oneOf, parseParams, text } from '../params';
import { conflict, invalid, missingObject, missingReference, notPlayed } from '../refusal';
import type { ApiRequest, Routes } from '../request';
import { resolveLines } from '../session-lines';
import { createSessionParams, type CreateSessionParams } from '../session-params';
import { checkMethodTypes } from '../intent-checks';

const MINUTE = 60;
const SHORTEST_LIFE = 30 * MINUTE;
const LONGEST_LIFE = 24 * 60 * MINUTE;
const SMALLEST_TOTAL = 50;

/** Known to Stripe, not played here, and not to be passed over in silence. */
const UNPLAYED = [
  'after_expiration',
  'custom_fields',
  'discounts',
  'optional_items',
  'shipping_options',
] as const;

function create({ world, form, version }: ApiRequest): object {
  const params = parseParams(createSessionParams, form);
  checkPlayed(params, form);
  checkMethodTypes(params.payment_method_types, version);
  checkCustomer(world, params);
  if (params.success_url === undefined) {
    throw invalid('Missing required param: success_url.', {
      code: 'parameter_missing',
      param: 'success_url',
    });
  }
  const expiresAt = expiryOf(world, params.expires_at);
  const lines = resolveLines(world, params.line_items);
  const total = lines.reduce((sum, line) => sum + (line.price.unit_amount ?? 0) * line.quantity, 0);
  if (total > 0 && total < SMALLEST_TOTAL) {
    throw invalid(
      "The Checkout Session's total amount must convert to at least 50 cents. For more information, see https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts.",
      { code: 'amount_too_small' },
    );
  }
  for (const line of lines) {
    if (line.newProduct) world.store.products.put(line.newProduct);
    if (line.isInline) world.store.prices.put(line.price);
  }
  return createSession(world, {
    choices: choicesOf(params),
    currency: lines[0]?.price.currency ?? 'usd',
    lines,
    expiresAt,
    plan: {
      metadata: params.payment_intent_data?.metadata ?? {},
      description: params.payment_intent_data?.description ?? null,
      receiptEmail: params.payment_intent_data?.receipt_email ?? null,
      setupFutureUsage: params.payment_intent_data?.setup_future_usage ?? null,
      statementDescriptor: params.payment_intent_data?.statement_descriptor ?? null,
      statementDescriptorSuffix: params.payment_intent_data?.statement_descriptor_suffix ?? null,
      transferGroup: params.payment_intent_data?.transfer_group ?? null,
      shipping: params.payment_intent_data?.shipping ?? null,
    },
  });
}

function checkPlayed(params: CreateSessionParams, form: object): void {
  if (params.mode !== 'payment') throw notPlayed(`mode=${params.mode}`, 'mode');
  if (params.ui_mode !== 'hosted_page') throw notPlayed(`ui_mode=${params.ui_mode}`, 'ui_mode');
  if (params.automatic_tax?.enabled) throw notPlayed('automatic tax', 'automatic_tax[enabled]');
  if (params.payment_intent_data?.capture_method === 'manual') {
    throw notPlayed('capture_method=manual', 'payment_intent_data[capture_method]');
  }
  for (const name of UNPLAYED) if (name in form) throw notPlayed(name, name);
}

function checkCustomer(world: World, params: CreateSessionParams): void {
  const { customer } = params;
  if (customer === undefined) return;
  if (params.customer_email !== undefined) {
    throw invalid('You may only specify one of these parameters: customer, customer_email.', {
      param: 'customer_email',
    });
  }
  if (params.customer_creation !== undefined) {
    throw invalid('You may only specify one of these parameters: customer, customer_creation.', {
      param: 'customer_creation',
    });
  }
  if (!world.store.customers.get(customer)) throw missingReference('customer', customer, 'customer');
}

function expiryOf(world: World, wanted: number | undefined): number {
  const now = world.now();
  if (wanted === undefined) return now + LONGEST_LIFE;
  if (wanted < now + SHORTEST_LIFE) {
    const message = 'The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.';
    throw invalid(message, { param: 'expires_at' });
  }
  if (wanted > now + LONGEST_LIFE) {
    const message = 'The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.';
    throw invalid(message, { param: 'expires_at' });
  }
  return wanted;
}

function choicesOf(params: CreateSessionParams): SessionChoices {
  const consent = params.consent_collection;
  return {
    adaptive_pricing: params.adaptive_pricing ?? { enabled: false },
    allow_promotion_codes: params.allow_promotion_codes ?? null,
    billing_address_collection: params.billing_address_collection ?? null,
    cancel_url: params.cancel_url,
    client_reference_id: params.client_reference_id,
    consent_collection: consent
      ? {
          payment_method_reuse_agreement: null,
          promotions: consent.promotions ?? null,
          terms_of_service: consent.terms_of_service ?? null,
        }
      : null,
    custom_text: params.custom_text ?? {
      after_submit: null,
      shipping_address: null,
      submit: null,
      terms_of_service_acceptance: null,
    },
    customer: params.customer ?? null,
    customer_creation: params.customer === undefined ? (params.customer_creation ?? 'if_required') : null,
    customer_email: params.customer_email ?? null,
    integration_identifier: params.integration_identifier,
    invoice_creation: invoiceCreation(params),
    locale: params.locale ?? null,
    metadata: params.metadata,
    origin_context: params.origin_context ?? null,
    phone_number_collection: params.phone_number_collection ?? { enabled: false },
    submit_type: params.submit_type ?? null,
    success_url: params.success_url ?? null,
  };
}

function invoiceCreation({
  invoice_creation: given,
}: CreateSessionParams): Stripe.Checkout.Session.InvoiceCreation {
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

function find(world: World, id: string): Stripe.Checkout.Session {
  const session = world.store.sessions.get(id);
  if (!session) throw missingObject('checkout.session', id);
  return session;
}

function retrieve({ world, path: [id = ''], form }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  return find(world, id);
}

function update({ world, path: [id = ''], form }: ApiRequest): object {
  const params = parseParams(z.strictObject({ metadata: metadataPatch().optional() }), form);
  const before = find(world, id);
  if (params.metadata === undefined) return before;
  return world.store.sessions.put({
    ...before,
    metadata: mergeMetadata(before.metadata ?? {}, params.metadata),
  });
}

function expire({ world, path: [id = ''], form, cause }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  const session = find(world, id);
  if (session.status !== 'open') {
    throw conflict(
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${session.status}\`.`,
      undefined,
    );
  }
  return expireSession(world, cause, session);
}

function listLineItems(request: ApiRequest): object {
  const { world, path } = request;
  const [id = ''] = path;
  find(world, id);
  const { items } = world.store.sessionLines.must(id);
  return listOf(request, items, 'item', `/v1/checkout/sessions/${id}/line_items`);
}

function listAll(request: ApiRequest): object {
  return listPage(request, request.world.store.sessions, {
    noun: 'checkout.session',
    url: '/v1/checkout/sessions',
    filters: {
      customer: text().optional(),
      customer_details: z.strictObject({ email: text() }).optional(),
      payment_intent: text().optional(),
      payment_link: ignored,
      status: oneOf(['complete', 'expired', 'open']).optional(),
      subscription: text().optional(),
    },
    select: (filters) => ({
      index:
        filters.payment_intent !== undefined
          ? { name: 'payment_intent', key: filters.payment_intent }
          : filters.customer !== undefined
            ? { name: 'customer', key: filters.customer }
            : undefined,
      where: (session) =>
        (filters.customer === undefined || session.customer === filters.customer) &&
        (filters.status === undefined || session.status === filters.status) &&
        (filters.customer_details === undefined ||
          session.customer_details?.email === filters.customer_details.email) &&
        filters.subscription === undefined,
    }),
  });
}

export const checkoutSessionRoutes: Routes = {
  'GET /v1/checkout/sessions': { resource: 'checkout.session', isList: true, run: listAll },
  'POST /v1/checkout/sessions': { resource: 'checkout.session', run: create },
  'GET /v1/checkout/sessions/:id': { resource: 'checkout.session', run: retrieve },
  'POST /v1/checkout/sessions/:id': { resource: 'checkout.session', run: update },
  'POST /v1/checkout/sessions/:id/expire': { resource: 'checkout.session', run: expire },
  'GET /v1/checkout/sessions/:id/line_items': { resource: 'item', isList: true, run: listLineItems },
};
