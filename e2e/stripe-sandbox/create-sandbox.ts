import { createHash } from 'node:crypto';
import { IdempotencyKeys } from './api/idempotency';
import { handleApi, type HttpAnswer, type HttpRequest } from './api/handle-api';
import { createControl, type Control } from './control/control';
import { checkoutDesk } from './desks/checkout-desk';
import { deliveryDesk, endpointDesk, eventDesk } from './desks/event-desks';
import { mailDesk } from './desks/mail-desk';
import { paperDesk } from './desks/paper-desk';
import { paymentDesk, sessionDesk } from './desks/payment-desks';
import { registerEndpoint } from './engine/webhook-endpoints';
import { openWorld, type WorldOptions } from './open-world';
import type { Sandbox } from './sandbox';
import { PINNED_VERSION } from './versions';

export interface SandboxOptions extends WorldOptions {
  /** The endpoint of every event; at the next start another URL takes the place of this one. */
  webhook?: string | undefined;
  webhookSecret?: string | undefined;
}

export interface RunningSandbox {
  sandbox: Sandbox;
  control: Control;
  /** null: the connection is to be cut without an answer. */
  api(request: HttpRequest): Promise<HttpAnswer | null>;
  close(): void;
}

/** Opens the state and everything that acts on it. Who listens on which port is the caller's business. */
export async function createSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const { world, close, applySettings, reset } = await openWorld(options);
  if (options.webhook !== undefined) {
    if (options.webhookSecret === undefined) throw new Error('--webhook needs --webhook-secret.');
    registerEndpoint(world, {
      id: `we_1${createHash('sha256').update(world.account.id).digest('hex').slice(0, 23)}`,
      url: options.webhook,
      enabledEvents: ['*'],
      apiVersion: PINNED_VERSION,
      description: 'Registered at start',
      metadata: {},
      secret: options.webhookSecret,
    });
    world.store.save();
  }
  const keys = new IdempotencyKeys(world);
  const sandbox: Sandbox = {
    account: world.account,
    checkout: checkoutDesk(world),
    sessions: sessionDesk(world),
    payments: paymentDesk(world),
    papers: paperDesk(world),
    events: eventDesk(world),
    deliveries: deliveryDesk(world),
    endpoints: endpointDesk(world),
    mail: mailDesk(world),
  };
  return {
    sandbox,
    control: createControl({ world, sandbox, applySettings, reset }),
    api: (request) => handleApi(world, keys, request),
    close,
  };
}
