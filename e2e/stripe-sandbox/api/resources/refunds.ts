import type Stripe from 'stripe';
import * as z from 'zod';
import { createRefund } from '../../engine/refunds/create-refund';
import { refundableCharge } from '../../engine/refunds/judge-refund';
import { cancelRefund, updateRefund } from '../../engine/refunds/move-refund';
import type { World } from '../../engine/world';
import { byPayment, paymentFilters } from '../by-payment';
import { listPage } from '../lists';
import { mergeMetadata, metadataPatch, parseParams } from '../params';
import { checkRefundParams, createRefundParams, refundableAmount, unpaidIntent } from '../refund-params';
import { conflict, missingObject, missingReference } from '../refusal';
import type { ApiRequest, Routes } from '../request';

function create({ world, form, cause }: ApiRequest): object {
  const params = parseParams(createRefundParams, form);
  checkRefundParams(params);
  const charge = targetOf(world, params);
  return createRefund(world, cause, {
    charge,
    amount: refundableAmount(world, charge, params.amount ?? null),
    reason: params.reason ?? null,
    metadata: params.metadata,
    instructionsEmail: params.instructions_email ?? null,
  });
}

function targetOf(
  world: World,
  params: { charge?: string | undefined; payment_intent?: string | undefined },
): Stripe.Charge {
  if (params.payment_intent === undefined) {
    const charge = world.store.charges.get(params.charge ?? '');
    if (!charge) throw missingObject('charge', params.charge ?? '');
    return charge;
  }
  const intent = world.store.paymentIntents.get(params.payment_intent);
  if (!intent) throw missingReference('payment_intent', params.payment_intent, 'payment_intent');
  const charge = refundableCharge(world, intent);
  if (!charge) throw unpaidIntent(intent.id);
  return charge;
}

function find(world: World, id: string): Stripe.Refund {
  const refund = world.store.refunds.get(id);
  if (!refund) throw missingObject('refund', id);
  return refund;
}

function retrieve({ world, path: [id = ''], form }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  return find(world, id);
}

function update({ world, path: [id = ''], form, cause }: ApiRequest): object {
  const { metadata } = parseParams(z.strictObject({ metadata: metadataPatch().optional() }), form);
  const refund = find(world, id);
  if (metadata === undefined) return refund;
  return updateRefund(world, cause, refund, mergeMetadata(refund.metadata ?? {}, metadata));
}

function cancel({ world, path: [id = ''], form, cause }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  const refund = find(world, id);
  if (refund.status !== 'pending') throw conflict('Canceling this refund is unsupported.', undefined);
  return cancelRefund(world, cause, refund);
}

function listAll(request: ApiRequest): object {
  const { world } = request;
  return listPage(request, world.store.refunds, {
    noun: 'refund',
    url: '/v1/refunds',
    filters: paymentFilters,
    select(filters) {
      const { charge, payment_intent: intent } = filters;
      if (charge !== undefined && !world.store.charges.get(charge))
        throw missingReference('charge', charge, 'charge');
      if (intent !== undefined && !world.store.paymentIntents.get(intent))
        throw missingReference('payment_intent', intent, 'payment_intent');
      return byPayment(filters);
    },
  });
}

function listOfCharge(request: ApiRequest): object {
  const [id = ''] = request.path;
  if (!request.world.store.charges.get(id)) throw missingObject('charge', id);
  return listPage(request, request.world.store.refunds, {
    noun: 'refund',
    url: `/v1/charges/${id}/refunds`,
    filters: {},
    select: () => ({ index: { name: 'charge', key: id } }),
  });
}

export const refundRoutes: Routes = {
  'GET /v1/refunds': { resource: 'refund', isList: true, run: listAll },
  'POST /v1/refunds': { resource: 'refund', run: create },
  'GET /v1/refunds/:id': { resource: 'refund', run: retrieve },
  'POST /v1/refunds/:id': { resource: 'refund', run: update },
  'POST /v1/refunds/:id/cancel': { resource: 'refund', run: cancel },
  'GET /v1/charges/:id/refunds': { resource: 'refund', isList: true, run: listOfCharge },
};
