import * as z from 'zod';
import { happening } from '../../engine/happening';
import { changedKeys } from '../../engine/customers';
import { listPage } from '../lists';
import { mergeMetadata, metadataPatch, nullableText, parseParams, shippingParams, text } from '../params';
import { missingObject } from '../refusal';
import type { ApiRequest, Routes } from '../request';

function retrieve({ world, path: [id = ''], form }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  const charge = world.store.charges.get(id);
  if (!charge) throw missingObject('charge', id);
  return charge;
}

const updateParams = z.strictObject({
  description: nullableText(),
  metadata: metadataPatch().optional(),
  receipt_email: nullableText(),
  shipping: shippingParams.optional(),
  transfer_group: text().optional(),
});

function update({ world, path: [id = ''], form, cause }: ApiRequest): object {
  const params = parseParams(updateParams, form);
  const before = world.store.charges.get(id);
  if (!before) throw missingObject('charge', id);
  const charge = world.store.charges.put({
    ...before,
    ...('description' in form && { description: params.description }),
    ...('receipt_email' in form && { receipt_email: params.receipt_email }),
    ...(params.metadata !== undefined && { metadata: mergeMetadata(before.metadata, params.metadata) }),
    ...(params.shipping !== undefined && { shipping: params.shipping }),
    ...(params.transfer_group !== undefined && { transfer_group: params.transfer_group }),
  });
  world.publish(cause, [happening('charge.updated', charge, changedKeys(before, charge))]);
  return charge;
}

function listAll(request: ApiRequest): object {
  return listPage(request, request.world.store.charges, {
    noun: 'charge',
    url: '/v1/charges',
    filters: {
      customer: text().optional(),
      payment_intent: text().optional(),
      transfer_group: text().optional(),
    },
    select: ({ customer, payment_intent: intent, transfer_group: group }) => ({
      index:
        intent !== undefined
          ? { name: 'payment_intent', key: intent }
          : customer !== undefined
            ? { name: 'customer', key: customer }
            : undefined,
      where: (charge) =>
        (customer === undefined || charge.customer === customer) &&
        (group === undefined || charge.transfer_group === group),
    }),
  });
}

export const chargeRoutes: Routes = {
  'GET /v1/charges': { resource: 'charge', isList: true, run: listAll },
  'GET /v1/charges/:id': { resource: 'charge', run: retrieve },
  'POST /v1/charges/:id': { resource: 'charge', run: update },
};
