import type Stripe from 'stripe';
import * as z from 'zod';
import { recounted } from '../../engine/billing/invoice-acts';
import { changedParts } from '../../engine/billing/changes';
import { happening } from '../../engine/happening';
import { currencyKnown } from '../../engine/billing/start-subscription';
import { idIn, type World } from '../../engine/world';
import { foundSubscription, namedCustomer } from '../billing-checks';
import { itemFrom } from '../invoice-lines';
import { createInvoiceItemParams, updateInvoiceItemParams } from '../invoice-params';
import { listPage } from '../lists';
import { bool, customerAccount, mergeMetadata, parseParams, text } from '../params';
import { conflict, missingObject, missingReference } from '../refusal';
import type { ApiRequest, Routes } from '../request';

function create({ world, form, cause }: ApiRequest): object {
  const params = parseParams(createInvoiceItemParams, form);
  const customer = namedCustomer(world, params.customer);
  const draft = params.invoice === undefined ? null : draftOf(world, params.invoice);
  if (params.subscription !== undefined) foundSubscription(world, params.subscription);
  const item = itemFrom(world, params, {
    customer,
    currency: draft?.currency ?? null,
    invoice: draft?.id ?? null,
    subscription: params.subscription ?? null,
  });
  const stored = world.store.invoiceItems.put(item);
  const known = currencyKnown(world, customer, item.currency);
  if (draft) world.store.invoices.put(recounted(world, draft));
  world.publish(cause, [...known.happenings, happening('invoiceitem.created', stored)]);
  return stored;
}

function draftOf(world: World, id: string): Stripe.Invoice {
  const invoice = world.store.invoices.get(id);
  if (!invoice) throw missingReference('invoice', id, 'invoice');
  if (invoice.status !== 'draft') throw notEditable();
  return invoice;
}

function notEditable() {
  const message = "You can't modify an invoice item that is on an invoice that is not a draft.";
  return conflict(message, 'invoice_not_editable');
}

function found(world: World, id: string): Stripe.InvoiceItem {
  const item = world.store.invoiceItems.get(id);
  if (!item) throw missingObject('invoiceitem', id);
  return item;
}

function retrieve({ world, path: [id = ''], form }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  return found(world, id);
}

/** Whether it is on a draft or on none; else it can no longer be changed. */
function draftHolding(world: World, item: Stripe.InvoiceItem): Stripe.Invoice | null {
  const invoice = world.store.invoices.get(idIn(item.invoice) ?? '');
  if (!invoice) return null;
  if (invoice.status !== 'draft') throw notEditable();
  return invoice;
}

function update({ world, path: [id = ''], form, cause }: ApiRequest): object {
  const params = parseParams(updateInvoiceItemParams, form);
  const before = found(world, id);
  const draft = draftHolding(world, before);
  const quantity = params.quantity ?? before.quantity;
  const each = before.quantity === 0 ? 0 : before.amount / before.quantity;
  const amount = params.amount ?? Math.round(each * quantity);
  const item = world.store.invoiceItems.put({
    ...before,
    amount,
    net_amount: amount,
    quantity,
    ...(params.description !== undefined && { description: params.description }),
    ...(params.discountable !== undefined && { discountable: params.discountable }),
    ...(params.metadata !== undefined && { metadata: mergeMetadata(before.metadata ?? {}, params.metadata) }),
    ...(params.period !== undefined && { period: params.period }),
  });
  if (draft) {
    const counted = world.store.invoices.put(recounted(world, draft));
    const updated = { ...happening('invoice.updated', counted), previous: changedParts(draft, counted) };
    world.publish(cause, [updated]);
  }
  return item;
}

function remove({ world, path: [id = ''], form, cause }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  const item = found(world, id);
  const draft = draftHolding(world, item);
  world.store.invoiceItems.delete(id);
  if (draft) world.store.invoices.put(recounted(world, draft));
  world.publish(cause, [happening('invoiceitem.deleted', item)]);
  return { id, object: 'invoiceitem', deleted: true };
}

function listAll(request: ApiRequest): object {
  return listPage(request, request.world.store.invoiceItems, {
    noun: 'invoiceitem',
    url: '/v1/invoiceitems',
    filters: {
      customer: text().optional(),
      customer_account: customerAccount,
      invoice: text().optional(),
      pending: bool().optional(),
    },
    select: ({ customer, invoice, pending }) => ({
      index:
        invoice !== undefined
          ? { name: 'invoice', key: invoice }
          : customer === undefined
            ? undefined
            : { name: 'customer', key: customer },
      where: (item) =>
        (customer === undefined || idIn(item.customer) === customer) &&
        (pending === undefined || (item.invoice === null) === pending),
    }),
  });
}

export const invoiceItemRoutes: Routes = {
  'GET /v1/invoiceitems': { resource: 'invoice_item', isList: true, run: listAll },
  'POST /v1/invoiceitems': { resource: 'invoice_item', run: create },
  'GET /v1/invoiceitems/:id': { resource: 'invoice_item', run: retrieve },
  'POST /v1/invoiceitems/:id': { resource: 'invoice_item', run: update },
  'DELETE /v1/invoiceitems/:id': { resource: 'invoice_item', run: remove },
};
