import type Stripe from 'stripe';
import * as z from 'zod';
import { isDiscountUsedUp, USED_UP } from '../../engine/discounts/session-promotion';
import { claimFreeSession, paySession } from '../../engine/pay-session';
import { collectsMethod } from '../../engine/session-sale';
import type { World } from '../../engine/world';
import { cardRefusal, setupRefusal } from '../card-refusal';
import { ignored, integer, parseParams, text } from '../params';
import { conflict, invalid, missingObject } from '../refusal';
import type { ApiRequest, Routes } from '../request';
import { resolveMethod } from './payment-methods';

/** What Stripe's own page and the CLI's triggers use; not part of the documented API. */
function pageOf(session: Stripe.Checkout.Session): object {
  return {
    ...session,
    id: `ppage_${session.id.slice(-24)}`,
    object: 'checkout.session',
    session_id: session.id,
  };
}

function find(world: World, id: string): Stripe.Checkout.Session {
  const session = world.store.sessions.get(id);
  if (!session) throw missingObject('payment_page', id);
  return session;
}

function retrieve({ world, path: [id = ''] }: ApiRequest): object {
  return pageOf(find(world, id));
}

const confirmParams = z.strictObject({
  payment_method: text(),
  expected_amount: integer().optional(),
  key: ignored,
  eid: ignored,
});

/** Does what the Pay button does. */
function confirm({ world, path: [id = ''], form, cause }: ApiRequest): object {
  const params = parseParams(confirmParams, form);
  const session = find(world, id);
  if (session.status !== 'open') {
    throw conflict(`This Checkout Session has a status of \`${session.status}\`.`, undefined);
  }
  if (params.expected_amount !== undefined && params.expected_amount !== session.amount_total) {
    throw invalid(
      `The expected amount does not match the Checkout Session's total of ${session.amount_total}.`,
      {
        code: 'checkout_amount_mismatch',
        param: 'expected_amount',
      },
    );
  }
  if (isDiscountUsedUp(world, session)) throw conflict(USED_UP, 'coupon_expired');
  const method = resolveMethod(world, params.payment_method, 'payment_method');
  const { email, name, address } = method.billing_details;
  const payer = { email: session.customer_details?.email ?? email, name, address };
  const paid = collectsMethod(session)
    ? paySession(world, cause, session, method, payer)
    : claimFreeSession(world, cause, session, payer);
  if (paid.outcome === 'declined') throw cardRefusal(paid, method);
  if (paid.outcome === 'setup_declined') throw setupRefusal(paid, method);
  return pageOf(world.store.sessions.must(id));
}

export const paymentPageRoutes: Routes = {
  'GET /v1/payment_pages/:id': { resource: 'checkout.session', run: retrieve },
  'POST /v1/payment_pages/:id/confirm': { resource: 'checkout.session', run: confirm },
};
