import * as z from 'zod';
import { sumBalance } from '../../engine/balance/sum-balance';
import { parseParams } from '../params';
import type { ApiRequest, Routes } from '../request';

function retrieve({ world, form }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  return sumBalance(world);
}

export const balanceRoutes: Routes = {
  'GET /v1/balance': { resource: 'nothing', run: retrieve },
};
