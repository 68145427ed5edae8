import type Stripe from 'stripe';
import * as z from 'zod';
import { DAY_SECONDS, MINUTE_SECONDS } from '../../durations';
import { createSession } from '../../engine/create-session';
import { minimumAmount } from '../../engine/currencies';
import { expireSession } from '../../engine/expire-session';
import { hasTrial, quoteTotal } from '../../engine/price-session';
import { idIn, type World } from '../../engine/world';
import { listOf, listPage } from '../lists';
import { customerAccount, oneOf, parseParams, text, unplayed } from '../params';
import { conflict, invalid, missingObject } from '../refusal';
import type { ApiRequest, Routes } from '../request';
import {
  checkCustomer,
  checkMode,
  checkBusinessName,
  checkUiMode,
  checkRecurrence,
  checkTrial,
  methodTypesOf,
} from '../session-checks';
import { choicesOf, planOf } from '../session-choices';
import { discountOf } from '../session-discounts';
import { resolveLines, storeInline } from '../session-lines';
import { createSessionParams, updateSessionParams } from '../session-params';
import { withCurrentUiMode } from '../ui-mode';
import { updateSession } from '../session-update';

const SHORTEST_LIFE = 30 * MINUTE_SECONDS;
const LONGEST_LIFE = DAY_SECONDS;

function create({ world, form, version, cause }: ApiRequest): object {
  const params = parseParams(createSessionParams, withCurrentUiMode(form, version));
  checkBusinessName(world);
  checkUiMode(params);
  checkMode(params, form);
  checkCustomer(world, params);
  checkTrial(world, params);
  const expiresAt = expiryOf(world, params.expires_at);
  const plan = planOf(params, version);
  if (params.mode === 'setup') {
    const currency = params.currency ?? null;
    const choices = choicesOf(params, methodTypesOf(world, params, currency, version));
    return createSession(world, cause, { choices, currency, lines: [], expiresAt, discount: null, plan });
  }
  const { currency, lines } = resolveLines(world, params.line_items, params.currency);
  checkRecurrence(
    params.mode,
    lines.map(({ price }) => price),
  );
  const subtotalRules = { currency, coupon: null, hasTrial: hasTrial(plan), isTaxed: false, customer: null };
  const customer = params.customer ?? null;
  const discount = discountOf(world, params, {
    customer,
    subtotal: quoteTotal(world, lines, subtotalRules),
    currency,
    products: lines.flatMap(({ price }) => idIn(price.product) ?? []),
  });
  const total = quoteTotal(world, lines, {
    ...subtotalRules,
    coupon: discount && discount.coupon,
    isTaxed: params.automatic_tax?.enabled ?? false,
    customer,
  });
  checkTotal(total, currency);
  const choices = choicesOf(params, methodTypesOf(world, params, currency, version));
  storeInline(world, lines);
  return createSession(world, cause, { choices, currency, lines, expiresAt, discount, plan });
}

function checkTotal(total: number, currency: string): void {
  if (total === 0 || total >= minimumAmount(currency)) return;
  throw invalid(
    "The Checkout Session's total amount must convert to at least 50 cents. For more information, see https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts.",
    { code: 'amount_too_small' },
  );
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
  const params = parseParams(updateSessionParams, form);
  return updateSession(world, find(world, id), params);
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
      customer_account: customerAccount,
      customer_details: z.strictObject({ email: text() }).optional(),
      payment_intent: text().optional(),
      payment_link: unplayed('payment links'),
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
        (filters.subscription === undefined || session.subscription === filters.subscription),
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
