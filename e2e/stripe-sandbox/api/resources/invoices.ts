import * as z from 'zod';
import { listOf, listPage } from '../lists';
import { ignored, oneOf, parseParams, text } from '../params';
import { missingObject } from '../refusal';
import type { ApiRequest, Routes } from '../request';

function retrieve({ world, path: [id = ''], form }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  const invoice = world.store.invoices.get(id);
  if (!invoice) throw missingObject('invoice', id);
  return invoice;
}

function listLines(request: ApiRequest): object {
  const { world, path } = request;
  const [id = ''] = path;
  const invoice = world.store.invoices.get(id);
  if (!invoice) throw missingObject('invoice', id);
  return listOf(request, invoice.lines.data, 'line_item', `/v1/invoices/${id}/lines`);
}

function listAll(request: ApiRequest): object {
  return listPage(request, request.world.store.invoices, {
    noun: 'invoice',
    url: '/v1/invoices',
    filters: {
      collection_method: oneOf(['charge_automatically', 'send_invoice']).optional(),
      customer: text().optional(),
      due_date: ignored,
      status: oneOf(['draft', 'open', 'paid', 'uncollectible', 'void']).optional(),
      subscription: text().optional(),
    },
    select: (filters) => ({
      index: filters.customer === undefined ? undefined : { name: 'customer', key: filters.customer },
      where: (invoice) =>
        (filters.status === undefined || invoice.status === filters.status) &&
        (filters.collection_method === undefined ||
          invoice.collection_method === filters.collection_method) &&
        filters.subscription === undefined,
    }),
  });
}

export const invoiceRoutes: Routes = {
  'GET /v1/invoices': { resource: 'invoice', isList: true, run: listAll },
  'GET /v1/invoices/:id': { resource: 'invoice', run: retrieve },
  'GET /v1/invoices/:id/lines': { resource: 'invoice_line', isList: true, run: listLines },
};
