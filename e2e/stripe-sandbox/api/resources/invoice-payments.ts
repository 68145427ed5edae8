import * as z from 'zod';
import { idIn } from '../../engine/world';
import { listPage } from '../lists';
import { oneOf, parseParams, text } from '../params';
import { missingObject } from '../refusal';
import type { ApiRequest, Routes } from '../request';

function retrieve({ world, path: [id = ''], form }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  const payment = world.store.invoicePayments.get(id);
  if (!payment) throw missingObject('invoice_payment', id);
  return payment;
}

function listAll(request: ApiRequest): object {
  return listPage(request, request.world.store.invoicePayments, {
    noun: 'invoice_payment',
    url: '/v1/invoice_payments',
    filters: {
      invoice: text().optional(),
      payment: z
        .strictObject({
          type: oneOf(['payment_intent', 'payment_record']),
          payment_intent: text().optional(),
          payment_record: text().optional(),
        })
        .optional(),
      status: oneOf(['canceled', 'open', 'paid']).optional(),
    },
    select: ({ invoice, payment, status }) => ({
      index:
        invoice !== undefined
          ? { name: 'invoice', key: invoice }
          : payment?.payment_intent !== undefined
            ? { name: 'payment_intent', key: payment.payment_intent }
            : undefined,
      where: (row) =>
        (status === undefined || row.status === status) &&
        (payment === undefined || row.payment.type === payment.type) &&
        (payment?.payment_intent === undefined ||
          idIn(row.payment.payment_intent) === payment.payment_intent) &&
        payment?.payment_record === undefined,
    }),
  });
}

export const invoicePaymentRoutes: Routes = {
  'GET /v1/invoice_payments': { resource: 'invoice_payment', isList: true, run: listAll },
  'GET /v1/invoice_payments/:id': { resource: 'invoice_payment', run: retrieve },
};
