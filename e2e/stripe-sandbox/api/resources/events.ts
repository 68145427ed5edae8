import * as z from 'zod';
import { renderEvent } from '../../deliveries/render';
import type { ResendTarget } from '../../deliveries/resend';
import type { World } from '../../engine/world';
import type { EventRecord } from '../../store/records';
import { listPage } from '../lists';
import { bool, list, parseParams, text } from '../params';
import { invalid, missingObject, missingReference } from '../refusal';
import type { ApiRequest, Routes } from '../request';

const MOST_TYPES = 20;

function shown(world: World, event: EventRecord): object {
  const { livemode, store } = world;
  const pendingWebhooks = world.pendingWebhooks(event.id);
  return renderEvent(store, event, { livemode, apiVersion: event.apiVersion, pendingWebhooks });
}

function retrieve({ world, path: [id = ''], form }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  const event = world.store.events.get(id);
  if (!event) throw missingObject('event', id);
  return shown(world, event);
}

/** `charge.*` stands for every type that begins so. */
function matches(pattern: string, type: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(type);
}

function listAll(request: ApiRequest): object {
  const { world } = request;
  return listPage(request, world.store.events, {
    noun: 'event',
    url: '/v1/events',
    filters: { delivery_success: bool().optional(), type: text().optional(), types: list(text()).optional() },
    select: ({ delivery_success: delivered, type, types }) => {
      if (type !== undefined && types !== undefined) {
        throw invalid('You may only specify one of these parameters: type, types.', { param: 'types' });
      }
      if ((types?.length ?? 0) > MOST_TYPES) {
        throw invalid(`You may specify up to ${MOST_TYPES} types.`, { param: 'types' });
      }
      const exact = type !== undefined && !type.includes('*') ? type : undefined;
      return {
        index: exact === undefined ? undefined : { name: 'type', key: exact },
        where: (event) =>
          (type === undefined || matches(type, event.type)) &&
          (types === undefined || types.some((pattern) => matches(pattern, event.type))) &&
          (delivered === undefined || (world.pendingWebhooks(event.id) === 0) === delivered),
      };
    },
    render: (event) => shown(world, event),
  });
}

const retryParams = z.strictObject({
  webhook_endpoint: text().optional(),
  for_stripecli: bool().optional(),
  account: text().optional(),
});

/** What `stripe events resend` calls: the same event goes out again, with a new signature. */
function retry({ world, path: [id = ''], form }: ApiRequest): object {
  const params = parseParams(retryParams, form);
  const event = world.store.events.get(id);
  if (!event) throw missingObject('event', id);
  const endpoint = params.webhook_endpoint;
  if (endpoint !== undefined && !world.store.endpoints.get(endpoint)) {
    throw missingReference('webhook endpoint', endpoint, 'webhook_endpoint');
  }
  world.resend(id, targetOf(params));
  return shown(world, event);
}

function targetOf(params: z.output<typeof retryParams>): ResendTarget {
  if (params.webhook_endpoint !== undefined) return { endpointId: params.webhook_endpoint };
  return params.for_stripecli === true ? 'listeners' : 'everyone';
}

export const eventRoutes: Routes = {
  'GET /v1/events': { resource: 'event', isList: true, run: listAll },
  'GET /v1/events/:id': { resource: 'event', run: retrieve },
  'POST /v1/events/:id/retry': { resource: 'event', run: retry },
};
