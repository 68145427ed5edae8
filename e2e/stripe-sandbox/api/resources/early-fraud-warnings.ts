import * as z from 'zod';
import { byPayment, paymentFilters } from '../by-payment';
import { listPage } from '../lists';
import { parseParams } from '../params';
import { missingObject } from '../refusal';
import type { ApiRequest, Routes } from '../request';

function retrieve({ world, path: [id = ''], form }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  const warning = world.store.earlyFraudWarnings.get(id);
  if (!warning) throw missingObject('early_fraud_warning', id);
  return warning;
}

function listAll(request: ApiRequest): object {
  return listPage(request, request.world.store.earlyFraudWarnings, {
    noun: 'early_fraud_warning',
    url: '/v1/radar/early_fraud_warnings',
    filters: paymentFilters,
    select: byPayment,
  });
}

export const earlyFraudWarningRoutes: Routes = {
  'GET /v1/radar/early_fraud_warnings': { resource: 'early_fraud_warning', isList: true, run: listAll },
  'GET /v1/radar/early_fraud_warnings/:id': { resource: 'early_fraud_warning', run: retrieve },
};
