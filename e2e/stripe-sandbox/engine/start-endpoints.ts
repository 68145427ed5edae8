import { createHash } from 'node:crypto';
import { Ids } from '../ids';
import { PINNED_VERSION } from '../versions/versions';
import { registerEndpoint, removeEndpoint } from './webhook-endpoints';
import type { World } from './world';

/** An endpoint of every event that whoever starts the sandbox names. */
export interface StartWebhook {
  url: string;
  /** Absent: the one that the endpoint has, or a new one. */
  secret?: string | undefined;
}

export interface StartedWebhook {
  id: string;
  url: string;
  secret: string;
}

const DESCRIPTION = 'Registered at start';

/**
 * Registers what is named at start. The next start's names take the place of these, in order; naming none leaves
 * all as they are.
 */
export function registerStartEndpoints(world: World, webhooks: readonly StartWebhook[]): StartedWebhook[] {
  const started = webhooks.map(({ url, secret: given }, place) => {
    const id = idAt(world, place);
    const [known] = world.store.endpointSecrets.get(id)?.secrets ?? [];
    const secret = given ?? known?.value ?? Ids.signingSecret();
    registerEndpoint(world, {
      id,
      url,
      enabledEvents: ['*'],
      apiVersion: PINNED_VERSION,
      description: DESCRIPTION,
      metadata: {},
      secret,
    });
    return { id, url, secret };
  });
  const named = new Set(started.map(({ id }) => id));
  for (const { id, description } of named.size > 0 ? [...world.store.endpoints.all()] : []) {
    if (description !== DESCRIPTION || named.has(id)) continue;
    removeEndpoint(world, id);
  }
  world.store.save();
  return started;
}

function idAt(world: World, place: number): string {
  const seed = place === 0 ? world.account.id : `${world.account.id} ${place}`;
  return `we_1${createHash('sha256').update(seed).digest('hex').slice(0, 23)}`;
}
