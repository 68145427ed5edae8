import * as z from 'zod';
import type { World } from '../../engine/world';
import { listPage } from '../lists';
import { parseParams, text } from '../params';
import { missingObject } from '../refusal';
import type { ApiRequest, Routes } from '../request';

function retrieve({ world, path: [id = ''], form }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  const transaction = world.store.balanceTransactions.get(id);
  if (!transaction) throw missingObject('balance transaction', id);
  return transaction;
}

function listAll(request: ApiRequest): object {
  return listPage(request, request.world.store.balanceTransactions, {
    noun: 'balance transaction',
    url: '/v1/balance_transactions',
    filters: {
      currency: text().optional(),
      payout: text().optional(),
      source: text().optional(),
      type: text().optional(),
    },
    select: ({ currency, payout, source, type }) => ({
      index: source === undefined ? undefined : { name: 'source', key: source },
      where: (transaction) =>
        payout === undefined &&
        !isDispute(request.world, source) &&
        (currency === undefined || transaction.currency === currency) &&
        (type === undefined || transaction.type === type),
    }),
  });
}

/** Stripe lists nothing for a dispute, though its transactions name it: they are in the dispute itself. */
function isDispute({ store }: World, source: string | undefined): boolean {
  return source !== undefined && store.disputes.get(source) !== undefined;
}

export const balanceTransactionRoutes: Routes = {
  'GET /v1/balance_transactions': { resource: 'balance_transaction', isList: true, run: listAll },
  'GET /v1/balance_transactions/:id': { resource: 'balance_transaction', run: retrieve },
  'GET /v1/balance/history': { resource: 'balance_transaction', isList: true, run: listAll },
  'GET /v1/balance/history/:id': { resource: 'balance_transaction', run: retrieve },
};
