import * as z from 'zod';
import { logFiltersSchema, type LogFilters } from '../../listen/request-logs';
import { ACCOUNT_VERSION, PINNED_VERSION } from '../../versions/versions';
import { ignored, list, oneOf, parseParams, text } from '../params';
import { notPlayed } from '../refusal';
import type { ApiRequest, Routes } from '../request';

const FEATURES = ['webhooks', 'request_logs', 'v2_events'] as const;

const sessionParams = z.strictObject({
  device_name: ignored,
  filters: text().optional(),
  forward_connect_to_url: ignored,
  forward_thin_connect_to_url: ignored,
  forward_thin_to_url: ignored,
  forward_to_url: text().optional(),
  websocket_features: list(oneOf(FEATURES)),
});

/** What `stripe listen` and `stripe logs tail` ask for before they connect. */
function open({ world, form, apiKey }: ApiRequest): object {
  const params = parseParams(sessionParams, form);
  const feature = params.websocket_features.find((wanted) => wanted !== 'v2_events');
  if (feature === undefined) throw notPlayed('thin events', 'websocket_features');
  const { listeners } = world;
  const session = listeners.open({
    key: apiKey,
    feature,
    forwardTo: params.forward_to_url ?? null,
    filters: filtersOf(params.filters),
  });
  return {
    default_version: ACCOUNT_VERSION,
    device_token: '',
    display_connect_filter_warning: false,
    latest_version: PINNED_VERSION,
    reconnect_delay: listeners.reconnectSeconds,
    secret: session.secret,
    websocket_authorized_feature: feature,
    websocket_id: session.id,
    websocket_url: `${world.origin.replace(/^http/, 'ws')}/stripecli_ws`,
  };
}

function filtersOf(json: string | undefined): LogFilters {
  if (json === undefined) return {};
  const found = logFiltersSchema.safeParse(parsed(json));
  if (found.success) return found.data;
  const [issue] = found.error.issues;
  throw notPlayed(`this filter of request logs (${issue?.message ?? 'unreadable'})`, 'filters');
}

/** Text that is no JSON is no filter either. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

export const stripeCliRoutes: Routes = {
  'POST /v1/stripecli/sessions': { resource: 'nothing', run: open },
};
