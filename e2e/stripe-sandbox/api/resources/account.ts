import * as z from 'zod';
import { parseParams } from '../params';
import { missingObject } from '../refusal';
import type { ApiRequest, Routes } from '../request';

function readAccount({ world, path, form }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  const [id] = path;
  if (id !== undefined && id !== world.account.id) throw missingObject('account', id);
  return world.account;
}

export const accountRoutes: Routes = {
  'GET /v1/account': { resource: 'account', run: readAccount },
  'GET /v1/accounts/:id': { resource: 'account', run: readAccount },
};
