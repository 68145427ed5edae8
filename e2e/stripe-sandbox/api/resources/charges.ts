import type Stripe from 'stripe';
import * as z from 'zod';
import { changedFields } from '../../engine/changed-fields';
import { happening } from '../../engine/happening';
import { idIn, type World } from '../../engine/world';
import { listPage } from '../lists';
import {
  clearable,
  mergeMetadata,
  metadataPatch,
  nullableText,
  oneOf,
  parseParams,
  shippingParams,
  text,
} from '../params';
import { missingObject, notPlayed } from '../refusal';
import type { ApiRequest, Routes } from '../request';
import { searchPage } from '../search';

function find(world: World, id: string): Stripe.Charge {
  const charge = world.store.charges.get(id);
  if (!charge) throw missingObject('charge', id);
  return charge;
}

function retrieve({ world, path: [id = ''], form }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  return find(world, id);
}

const updateParams = z.strictObject({
  customer: text().optional(),
  description: nullableText(),
  fraud_details: z.strictObject({ user_report: clearable(oneOf(['fraudulent', 'safe'])) }).optional(),
  metadata: metadataPatch().optional(),
  receipt_email: nullableText(),
  shipping: shippingParams.optional(),
  transfer_group: text().optional(),
});

function update({ world, path: [id = ''], form, cause }: ApiRequest): object {
  const params = parseParams(updateParams, form);
  const before = find(world, id);
  if (params.customer !== undefined) throw notPlayed('giving a charge to a customer afterwards', 'customer');
  const report = params.fraud_details?.user_report;
  const charge = world.store.charges.put({
    ...before,
    ...('description' in form && { description: params.description }),
    ...('receipt_email' in form && { receipt_email: params.receipt_email }),
    ...(report !== undefined && { fraud_details: report === null ? {} : { user_report: report } }),
    ...(params.metadata !== undefined && { metadata: mergeMetadata(before.metadata, params.metadata) }),
    ...(params.shipping !== undefined && { shipping: params.shipping }),
    ...(params.transfer_group !== undefined && { transfer_group: params.transfer_group }),
  });
  const previous = changedFields(before, charge);
  if (Object.keys(previous).length > 0) {
    world.publish(cause, [{ ...happening('charge.updated', charge), previous }]);
  }
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

function search(request: ApiRequest): object {
  return searchPage(request, request.world.store.charges, {
    resource: 'charges',
    fields: {
      amount: ({ amount }) => amount,
      'billing_details.address.postal_code': (charge) => charge.billing_details.address?.postal_code,
      created: ({ created }) => created,
      currency: ({ currency }) => currency,
      customer: ({ customer }) => idIn(customer),
      disputed: ({ disputed }) => String(disputed),
      'payment_method_details.card.brand': (charge) => charge.payment_method_details?.card?.brand,
      'payment_method_details.card.last4': (charge) => charge.payment_method_details?.card?.last4,
      refunded: ({ refunded }) => String(refunded),
      status: ({ status }) => status,
    },
  });
}

export const chargeRoutes: Routes = {
  'GET /v1/charges': { resource: 'charge', isList: true, run: listAll },
  'GET /v1/charges/search': { resource: 'charge', isList: true, run: search },
  'GET /v1/charges/:id': { resource: 'charge', run: retrieve },
  'POST /v1/charges/:id': { resource: 'charge', run: update },
};
