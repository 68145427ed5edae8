import type Stripe from 'stripe';
import * as z from 'zod';
import { registerEndpoint, removeEndpoint } from '../../engine/webhook-endpoints';
import type { World } from '../../engine/world';
import { EVENT_TYPES } from '../../event-types';
import { isKnownVersion } from '../../versions/versions';
import { Ids } from '../../ids';
import { parseUrl } from '../../parse-url';
import { listPage } from '../lists';
import {
  bool,
  clearable,
  list,
  mergeMetadata,
  metadata,
  metadataPatch,
  nullableText,
  oneOf,
  parseParams,
  text,
} from '../params';
import { invalid, missingObject, notPlayed, missingParam } from '../refusal';
import type { ApiRequest, Routes } from '../request';

const MOST_ENDPOINTS = 16;

const enabledEvents = list(oneOf(['*', ...EVENT_TYPES]));

const createParams = z.strictObject({
  enabled_events: enabledEvents,
  url: text(),
  api_version: text().optional(),
  connect: bool().optional(),
  description: nullableText(),
  metadata: metadata().default({}),
});

/** The only answer that ever shows the secret. */
function create({ world, form }: ApiRequest): object {
  const params = parseParams(createParams, form);
  checkUrl(world, params.url);
  checkEvents(params.enabled_events);
  if (params.connect === true) throw notPlayed('endpoints of connected accounts', 'connect');
  const version = params.api_version;
  if (version !== undefined && !isKnownVersion(version)) {
    throw invalid(`Invalid api_version: ${version}`, { param: 'api_version' });
  }
  if (world.store.endpoints.size >= MOST_ENDPOINTS) {
    const mode = world.livemode ? 'live' : 'test';
    throw invalid(`You have reached the maximum of ${MOST_ENDPOINTS} ${mode} webhook endpoints.`);
  }
  const secret = Ids.signingSecret();
  const endpoint = registerEndpoint(world, {
    id: world.ids.long('we'),
    url: params.url,
    enabledEvents: params.enabled_events,
    apiVersion: version ?? null,
    description: params.description,
    metadata: params.metadata,
    secret,
  });
  return { ...endpoint, secret };
}

/** Live events go over TLS only. */
function checkUrl({ livemode }: World, url: string): void {
  const parsed = parseUrl(url);
  if (!parsed || !/^https?:$/.test(parsed.protocol)) {
    throw invalid('Invalid URL: An explicit scheme (such as https) must be provided.', {
      code: 'url_invalid',
      param: 'url',
    });
  }
  if (livemode && parsed.protocol !== 'https:') {
    throw invalid('Invalid URL: URL must be HTTPS when in livemode.', { code: 'url_invalid', param: 'url' });
  }
}

function checkEvents(types: string[]): void {
  if (types.length === 0) {
    throw missingParam('enabled_events');
  }
}

function find(world: World, id: string): Stripe.WebhookEndpoint {
  const endpoint = world.store.endpoints.get(id);
  if (!endpoint) throw missingObject('webhook endpoint', id);
  return endpoint;
}

function retrieve({ world, path: [id = ''], form }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  return find(world, id);
}

const updateParams = z.strictObject({
  description: clearable(text()).optional(),
  disabled: bool().optional(),
  enabled_events: enabledEvents.optional(),
  metadata: metadataPatch().optional(),
  url: text().optional(),
});

function update({ world, path: [id = ''], form }: ApiRequest): object {
  const params = parseParams(updateParams, form);
  const before = find(world, id);
  if (params.url !== undefined) checkUrl(world, params.url);
  if (params.enabled_events !== undefined) checkEvents(params.enabled_events);
  if (params.disabled === false) world.store.endpointHealth.delete(id);
  return world.store.endpoints.put({
    ...before,
    ...(params.description !== undefined && { description: params.description }),
    ...(params.disabled !== undefined && { status: params.disabled ? 'disabled' : 'enabled' }),
    ...(params.enabled_events !== undefined && { enabled_events: params.enabled_events }),
    ...(params.metadata !== undefined && { metadata: mergeMetadata(before.metadata, params.metadata) }),
    ...(params.url !== undefined && { url: params.url }),
  });
}

function remove({ world, path: [id = ''], form }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  find(world, id);
  removeEndpoint(world, id);
  return { id, object: 'webhook_endpoint', deleted: true };
}

function listAll(request: ApiRequest): object {
  return listPage(request, request.world.store.endpoints, {
    noun: 'webhook endpoint',
    url: '/v1/webhook_endpoints',
    filters: {},
    select: () => ({}),
  });
}

export const webhookEndpointRoutes: Routes = {
  'GET /v1/webhook_endpoints': { resource: 'webhook_endpoint', isList: true, run: listAll },
  'POST /v1/webhook_endpoints': { resource: 'webhook_endpoint', run: create },
  'GET /v1/webhook_endpoints/:id': { resource: 'webhook_endpoint', run: retrieve },
  'POST /v1/webhook_endpoints/:id': { resource: 'webhook_endpoint', run: update },
  'DELETE /v1/webhook_endpoints/:id': { resource: 'webhook_endpoint', run: remove },
};
