import { createHash } from 'node:crypto';
import path from 'node:path';
import { IdempotencyKeys } from './api/idempotency';
import { modeOfKey } from './api/authenticate';
import { handleApi, type HttpAnswer, type HttpRequest } from './api/handle-api';
import { createControl, type Control } from './control/control';
import { checkoutDesk } from './desks/checkout-desk';
import { clockDesk } from './desks/clock-desk';
import { deliveryDesk, endpointDesk, eventDesk } from './desks/event-desks';
import { mailDesk } from './desks/mail-desk';
import { moneyBackDesk } from './desks/money-back-desk';
import { objectDesk } from './desks/object-desk';
import { paperDesk } from './desks/paper-desk';
import { paymentDesk, sessionDesk } from './desks/payment-desks';
import { registerEndpoint } from './engine/webhook-endpoints';
import type { ListenHub } from './listen/listen-hub';
import { openWorld, type OpenWorld, type WorldOptions } from './open-world';
import type { Sandbox } from './sandbox';
import { PINNED_VERSION } from './versions/versions';

/** An endpoint of every event; at the next start another URL takes the place of this one. */
interface StartEndpoint {
  webhook?: string | undefined;
  webhookSecret?: string | undefined;
}

export interface SandboxOptions extends Omit<WorldOptions, 'livemode'>, StartEndpoint {
  /** Plays the account's live mode beside its test mode; each has its own objects, keys and endpoints. */
  live?: StartEndpoint | undefined;
}

/** One mode of the account. */
export interface RunningMode {
  sandbox: Sandbox;
  control: Control;
}

export interface RunningSandbox {
  test: RunningMode;
  /** null: live keys are refused. */
  live: RunningMode | null;
  /** null: the connection is to be cut without an answer. The key says which mode is meant. */
  api(request: HttpRequest): Promise<HttpAnswer | null>;
  /** Of each mode. */
  listeners(): ListenHub[];
  close(): void;
}

/** Opens the state and everything that acts on it. Who listens on which port is the caller's business. */
export async function createSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const test = await openMode({ ...options, livemode: false });
  const live = options.live
    ? await openMode(liveOptions(options, options.live, test.world.account.id))
    : null;
  return {
    test,
    live,
    api(request) {
      const isLive = live !== null && modeOfKey(request.header('authorization')) === 'live';
      const [mode, twin] = isLive ? [live, test] : [test, live];
      return handleApi({ world: mode.world, twin: twin?.world ?? null }, mode.keys, request);
    },
    listeners: () => [test, live].flatMap((mode) => mode?.world.listeners ?? []),
    close() {
      test.close();
      live?.close();
    },
  };
}

/** The live mode is the same account's, with a folder inside the test mode's. */
function liveOptions(options: SandboxOptions, endpoint: StartEndpoint, account: string): ModeOptions {
  return {
    ...options,
    webhook: undefined,
    webhookSecret: undefined,
    ...endpoint,
    account,
    data: options.data === undefined ? undefined : path.join(options.data, 'live'),
    livemode: true,
  };
}

type ModeOptions = WorldOptions & StartEndpoint;

interface OpenMode extends RunningMode, Pick<OpenWorld, 'world' | 'close'> {
  keys: IdempotencyKeys;
}

async function openMode(options: ModeOptions): Promise<OpenMode> {
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
  const events = eventDesk(world);
  const sandbox: Sandbox = {
    account: world.account,
    moneyBack: moneyBackDesk(world),
    livemode: world.livemode,
    checkout: checkoutDesk(world),
    sessions: sessionDesk(world),
    payments: paymentDesk(world),
    papers: paperDesk(world),
    events,
    deliveries: deliveryDesk(world),
    endpoints: endpointDesk(world),
    mail: mailDesk(world),
    objects: objectDesk(world, events),
    clocks: clockDesk(world),
  };
  const control = createControl({ world, sandbox, applySettings, reset });
  return { world, keys: new IdempotencyKeys(world), sandbox, control, close };
}
