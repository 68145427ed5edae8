import { DAY_MS } from '../durations';
import type { Settings } from '../settings';
import type { Store } from '../store/store';

interface Examination {
  store: Store;
  endpointId: string;
  succeeded: boolean;
  livemode: boolean;
  nowMs: number;
  settings: Pick<Settings, 'disableAfterDays'>;
}

/** Notes how an endpoint answered; in live mode one that has failed for days is disabled, as Stripe does it. */
export function noteHealth({ store, endpointId, succeeded, livemode, nowMs, settings }: Examination): void {
  const endpoint = store.endpoints.get(endpointId);
  if (!endpoint) return;
  const known = store.endpointHealth.get(endpointId)?.failingSinceMs ?? null;
  const failingSinceMs = succeeded ? null : (known ?? nowMs);
  if (failingSinceMs !== known) store.endpointHealth.put({ id: endpointId, failingSinceMs });
  const { disableAfterDays } = settings;
  if (!livemode || failingSinceMs === null || disableAfterDays === null) return;
  if (nowMs - failingSinceMs < disableAfterDays * DAY_MS || endpoint.status !== 'enabled') return;
  store.endpoints.put({ ...endpoint, status: 'disabled' });
}
