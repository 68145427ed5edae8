import type Stripe from 'stripe';
import * as z from 'zod';
import { startAdvance } from '../../engine/clocks/advance-clock';
import { createClock, deleteClock } from '../../engine/clocks/test-clocks';
import type { World } from '../../engine/world';
import { checkAdvance, checkIdle } from '../clock-checks';
import { listPage } from '../lists';
import { ignored, integer, nullableText, parseParams } from '../params';
import { invalid, missingObject, notPlayed } from '../refusal';
import type { ApiRequest, Routes } from '../request';

const NOUN = 'test_helpers.test_clock';

const createParams = z.strictObject({ customer: ignored, frozen_time: integer(), name: nullableText(300) });

function create({ world, form, cause }: ApiRequest): object {
  const params = parseParams(createParams, form);
  if (world.livemode) throw invalid('Test clocks can only be used in test mode.');
  if (params.customer !== undefined) throw notPlayed('clocks for customers that are there', 'customer');
  if (params.frozen_time < 0) {
    throw invalid('Invalid timestamp: must be an integer Unix timestamp in seconds.', {
      param: 'frozen_time',
    });
  }
  return createClock(world, cause, { frozenTime: params.frozen_time, name: params.name });
}

function retrieve({ world, path: [id = ''], form }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  return found(world, id);
}

function found(world: World, id: string): Stripe.TestHelpers.TestClock {
  const clock = world.store.testClocks.get(id);
  if (!clock) throw missingObject(NOUN, id);
  return clock;
}

function advance({ world, path: [id = ''], form, cause }: ApiRequest): object {
  const { frozen_time: target } = parseParams(z.strictObject({ frozen_time: integer() }), form);
  const clock = found(world, id);
  checkAdvance(world, clock, target);
  return startAdvance(world, cause, clock, target);
}

function remove({ world, path: [id = ''], form, cause }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  const clock = found(world, id);
  checkIdle(world, clock);
  deleteClock(world, cause, clock);
  return { id, object: NOUN, deleted: true };
}

function listAll(request: ApiRequest): object {
  return listPage(request, request.world.store.testClocks, {
    noun: NOUN,
    url: '/v1/test_helpers/test_clocks',
    filters: {},
    select: () => ({}),
  });
}

export const testClockRoutes: Routes = {
  'GET /v1/test_helpers/test_clocks': { resource: 'test_clock', isList: true, run: listAll },
  'POST /v1/test_helpers/test_clocks': { resource: 'test_clock', run: create },
  'GET /v1/test_helpers/test_clocks/:id': { resource: 'test_clock', run: retrieve },
  'DELETE /v1/test_helpers/test_clocks/:id': { resource: 'test_clock', run: remove },
  'POST /v1/test_helpers/test_clocks/:id/advance': { resource: 'test_clock', run: advance },
};
