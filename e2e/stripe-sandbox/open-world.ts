import { beginRun } from './chaos/run';
import { Dispatcher } from './deliveries/dispatcher';
import { createPublisher } from './deliveries/publish';
import { createResend, type Targets } from './deliveries/resend';
import { SentLetters } from './deliveries/sent-letters';
import { buildAccount } from './engine/account';
import { TASKS } from './engine/tasks';
import type { World } from './engine/world';
import { Ids, randomText } from './ids';
import { ListenHub } from './listen/listen-hub';
import { Scheduler } from './scheduler';
import { faultsSchema, settingsSchema, type Faults, type FaultsPatch } from './settings';
import type { Settings, SettingsPatch } from './settings';
import type { Task } from './store/records';
import { RequestBook } from './store/request-book';
import { openStore, type Store } from './store/store';
import { ACCOUNT_VERSION } from './versions/versions';

export interface WorldOptions {
  /** The folder of the state; without it the state ends with the process. */
  data?: string | undefined;
  /** Where browsers reach the sandbox. Read when a link is made, so a port may be found after opening. */
  origin: () => string;
  /** Fixed at the first start of a folder. */
  account?: string | undefined;
  businessName?: string | undefined;
  /** Plays the account's live mode: live keys, no test cards. */
  livemode?: boolean | undefined;
  /** Laid over the stored settings at every start. */
  settings?: SettingsPatch | undefined;
}

export interface OpenWorld {
  world: World;
  applySettings(change: { settings?: SettingsPatch; faults?: FaultsPatch }): void;
  reset(): void;
  close(): void;
}

const DEFAULT_BUSINESS = 'Credence Demo';

export async function openWorld(options: WorldOptions): Promise<OpenWorld> {
  const store = await openStore(options.data);
  applySettings({ ...(options.settings && { settings: options.settings }) });
  const settings = (): Settings => store.settings.must('settings').settings;
  const faults = (): Faults => store.settings.must('settings').faults;
  const nowMs = (): number => Date.now() + settings().clockOffsetMs;
  const now = (): number => Math.floor(nowMs() / 1000);
  const livemode = options.livemode ?? false;
  const account = openAccount(store, options, now());
  const ids = new Ids(account.id, livemode, now);
  const scheduler = new Scheduler(nowMs);
  const listeners = new ListenHub({
    accountId: account.id,
    livemode,
    reconnectSeconds: () => settings().listenReconnectSeconds,
  });
  const sentLetters = new SentLetters();
  const dispatcher = new Dispatcher({
    sentLetters,
    store,
    scheduler,
    listeners,
    settings,
    faults,
    nowMs,
    accountVersion: ACCOUNT_VERSION,
    livemode,
  });
  const targets = (): Targets => ({ endpoints: [...store.endpoints.all()], listeners: listeners.targets() });

  const world: World = {
    store,
    ids,
    account,
    livemode,
    get origin() {
      return options.origin();
    },
    byItself: { requestId: null, idempotencyKey: null, apiVersion: ACCOUNT_VERSION },
    settings,
    faults,
    now,
    nowMs,
    publish: createPublisher({ store, ids, dispatcher, targets, settings, faults, nowMs }),
    pendingWebhooks: (eventId) => dispatcher.pendingWebhooks(eventId),
    resend: createResend({ store, dispatcher, targets, settings }),
    post: (postings) => dispatcher.queue(postings),
    outbox: dispatcher,
    sentLetters,
    requests: new RequestBook(),
    listeners,
    later(kind, subject, atMs) {
      appoint(store.tasks.put({ id: `task_${randomText(16)}`, kind, subject, atMs, clock: null }));
    },
    perform(task) {
      store.tasks.delete(task.id);
      TASKS[task.kind](world, task.subject);
    },
  };

  function appoint(task: Task): void {
    scheduler.at(task.atMs, () => {
      world.perform(task);
      store.saveLate();
    });
  }

  function applySettings(change: { settings?: SettingsPatch; faults?: FaultsPatch }): void {
    const stored = store.settings.get('settings');
    store.settings.put({
      id: 'settings',
      settings: settingsSchema.parse({ ...stored?.settings, ...change.settings }),
      faults: faultsSchema.parse({ ...stored?.faults, ...change.faults }),
    });
    store.save();
  }

  for (const task of store.tasks.all()) if (task.clock === null) appoint(task);
  dispatcher.resume();
  store.save();
  return {
    world,
    applySettings(change) {
      applySettings(change);
      if (change.faults?.chaos !== undefined) beginRun(store, nowMs());
      store.save();
      scheduler.wake();
    },
    reset() {
      scheduler.clear();
      store.reset();
    },
    close() {
      scheduler.stop();
      listeners.close();
      dispatcher.stop();
      store.close();
    },
  };
}

function openAccount(store: Store, options: WorldOptions, created: number) {
  const [known] = store.accounts.all();
  if (known && options.account !== undefined && options.account !== known.id) {
    store.close();
    throw new Error(`The folder ${options.data} belongs to ${known.id}, not to ${options.account}.`);
  }
  return (
    known ??
    store.accounts.put(
      buildAccount(options.account ?? Ids.account(), options.businessName ?? DEFAULT_BUSINESS, created),
    )
  );
}
