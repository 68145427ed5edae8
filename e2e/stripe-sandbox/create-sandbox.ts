import path from 'node:path';
import { IdempotencyKeys } from './api/idempotency';
import { isKeyOf, modeOfKey } from './api/authenticate';
import { handleApi, type HttpAnswer, type HttpRequest } from './api/handle-api';
import { createControl, type Control } from './control/control';
import { chaosDesk } from './desks/chaos-desk';
import { billingDesk } from './desks/billing-desk';
import { checkoutDesk } from './desks/checkout-desk';
import { clockDesk } from './desks/clock-desk';
import { deliveryDesk } from './desks/delivery-desk';
import { endpointDesk } from './desks/endpoint-desk';
import { eventDesk, requestDesk } from './desks/event-desks';
import { intentDesk } from './desks/intent-desk';
import { mailDesk } from './desks/mail-desk';
import { moneyBackDesk } from './desks/money-back-desk';
import { objectDesk } from './desks/object-desk';
import { paperDesk } from './desks/paper-desk';
import { portalDesk } from './desks/portal-desk';
import { paymentDesk, sessionDesk } from './desks/payment-desks';
import { registerStartEndpoints, type StartedWebhook } from './engine/start-endpoints';
import type { ListenHub } from './listen/listen-hub';
import { openWorld, type OpenWorld, type WorldOptions } from './open-world';
import type { Sandbox } from './sandbox';

/** Endpoints of every event; at the next start other URLs take the place of these. */
interface StartEndpoint {
  webhook?: string | readonly string[] | undefined;
  /** In the order of the URLs; one without a secret keeps the one it has, or gets one. */
  webhookSecret?: string | readonly string[] | undefined;
}

export interface SandboxOptions extends Omit<WorldOptions, 'livemode'>, StartEndpoint {
  /** Plays the account's live mode beside its test mode; each has its own objects, keys and endpoints. */
  live?: StartEndpoint | undefined;
  /** More accounts at the same address, for the keys that name them; each plays the modes that the first one plays. */
  accounts?: readonly OtherAccount[] | undefined;
}

export interface OtherAccount extends StartEndpoint {
  /** `acct_1…`: its keys begin with `sk_test_5` or `sk_live_5` and all that stands behind `acct_`. */
  account: string;
  businessName?: string | undefined;
  live?: StartEndpoint | undefined;
}

/** One mode of the account. */
export interface RunningMode {
  sandbox: Sandbox;
  control: Control;
  /** What was named at this start. */
  webhooks: StartedWebhook[];
}

export interface RunningAccount {
  test: RunningMode;
  /** null: live keys are refused. */
  live: RunningMode | null;
}

/** The first account, and all of them. */
export interface RunningSandbox extends RunningAccount {
  accounts: RunningAccount[];
  /** The account that a page belongs to: the one that its path names or whose object it shows. */
  accountOfPage(path: string): RunningAccount;
  /** null: the connection is to be cut without an answer. The key says which mode is meant. */
  api(request: HttpRequest): Promise<HttpAnswer | null>;
  /** Of each mode. */
  listeners(): ListenHub[];
  close(): void;
}

/** Opens the state and everything that acts on it. Who listens on which port is the caller's business. */
export async function createSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const first = await openAccount(options);
  const others: OpenAccount[] = [];
  for (const other of options.accounts ?? []) others.push(await openAccount(otherOptions(options, other)));
  const accounts = [first, ...others];
  const modes = () => accounts.flatMap(({ test, live }) => (live === null ? [test] : [test, live]));
  return {
    ...first,
    accounts,
    accountOfPage(path) {
      const names = path.split('/');
      const isOf = ({ test, live }: OpenAccount) =>
        names.some(
          (name) =>
            name === test.world.account.id || [test, live].some((mode) => mode?.world.store.holds(name)),
        );
      return others.find(isOf) ?? first;
    },
    api(request) {
      const key = request.header('authorization');
      const { test, live } = others.find((other) => isKeyOf(key, other.test.world.account.id)) ?? first;
      const isLive = live !== null && modeOfKey(key) === 'live';
      const [mode, twin] = isLive ? [live, test] : [test, live];
      return handleApi({ world: mode.world, twin: twin?.world ?? null }, mode.keys, request);
    },
    listeners: () => modes().map(({ world }) => world.listeners),
    close() {
      for (const mode of modes()) mode.close();
    },
  };
}

interface OpenAccount {
  test: OpenMode;
  live: OpenMode | null;
}

async function openAccount(options: SandboxOptions): Promise<OpenAccount> {
  const test = await openMode({ ...options, livemode: false, playsBoth: options.live !== undefined });
  const live = options.live
    ? await openMode(liveOptions(options, options.live, test.world.account.id))
    : null;
  return { test, live };
}

/** Another account has a folder inside the first one's. */
function otherOptions(first: SandboxOptions, other: OtherAccount): SandboxOptions {
  return {
    ...first,
    webhook: undefined,
    webhookSecret: undefined,
    accounts: undefined,
    ...other,
    live: first.live && (other.live ?? {}),
    data: first.data === undefined ? undefined : path.join(first.data, other.account),
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
    playsBoth: true,
  };
}

interface ModeOptions extends WorldOptions, StartEndpoint {
  playsBoth: boolean;
}

interface OpenMode extends RunningMode, Pick<OpenWorld, 'world' | 'close'> {
  keys: IdempotencyKeys;
}

async function openMode(options: ModeOptions): Promise<OpenMode> {
  const { world, close, applySettings, reset } = await openWorld(options);
  const urls = [options.webhook ?? []].flat();
  const secrets = [options.webhookSecret ?? []].flat();
  if (secrets.length > urls.length) throw new Error('There are more --webhook-secret than --webhook.');
  const webhooks = registerStartEndpoints(
    world,
    urls.map((url, place) => ({ url, secret: secrets[place] })),
  );
  const events = eventDesk(world);
  const sandbox: Sandbox = {
    account: world.account,
    livemode: world.livemode,
    playsBoth: options.playsBoth,
    checkout: checkoutDesk(world),
    sessions: sessionDesk(world),
    payments: paymentDesk(world),
    moneyBack: moneyBackDesk(world),
    papers: paperDesk(world),
    events,
    deliveries: deliveryDesk(world),
    endpoints: endpointDesk(world),
    requests: requestDesk(world),
    intents: intentDesk(world),
    mail: mailDesk(world),
    objects: objectDesk(world, events),
    billing: billingDesk(world),
    clocks: clockDesk(world),
    portal: portalDesk(world),
    chaos: chaosDesk(world, applySettings),
  };
  const control = createControl({ world, sandbox, applySettings, reset });
  return { world, keys: new IdempotencyKeys(world), sandbox, control, webhooks, close };
}
