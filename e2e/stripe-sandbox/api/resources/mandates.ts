import * as z from 'zod';
import { parseParams } from '../params';
import { missingObject } from '../refusal';
import type { ApiRequest, Routes } from '../request';

function retrieve({ world, path: [id = ''], form }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  const mandate = world.store.mandates.get(id);
  if (!mandate) throw missingObject('mandate', id);
  return mandate;
}

export const mandateRoutes: Routes = {
  'GET /v1/mandates/:id': { resource: 'mandate', run: retrieve },
};
