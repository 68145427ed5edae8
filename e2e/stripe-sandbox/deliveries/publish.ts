import { measuresOf } from '../chaos/mix';
import { currentRun, noteMischief } from '../chaos/run';
import type { Happening } from '../engine/happening';
import type { Cause, World } from '../engine/world';
import { isPaymentFamily, type Ids } from '../ids';
import type { Faults, Settings } from '../settings';
import type { EventRecord, RunRecord } from '../store/records';
import type { Store } from '../store/store';
import type { Dispatcher } from './dispatcher';
import { planDeliveries, planEvents } from './plan';
import type { Targets } from './resend';

interface PublisherOptions {
  store: Store;
  ids: Ids;
  dispatcher: Dispatcher;
  targets: () => Targets;
  settings: () => Settings;
  faults: () => Faults;
  nowMs: () => number;
}

/** Records what happened as events and queues their deliveries, each act one turn of the run. */
export function createPublisher(options: PublisherOptions): World['publish'] {
  const { store, ids, dispatcher, targets, settings, faults, nowMs } = options;
  return (cause, happenings, typical = []) => {
    const run = nextTurn(store, nowMs(), faults());
    const { turn } = run;
    const types = happenings.map(({ type }) => type);
    const fate = planEvents(types, { faults: faults(), turn, struck: run.struck });
    noteMischief(store, nowMs(), turn, fate.mischief);
    const created = run.second?.created ?? Math.floor(nowMs() / 1000);
    const events = happenings
      .filter((_what, place) => fate.isGenerated[place])
      .map((what) => ({ ...store.events.put(eventOf(ids, created, cause, what)), type: what.type }));
    const { struck } = currentRun(store, nowMs());
    const { endpoints, listeners } = targets();
    const plan = planDeliveries({
      events,
      typical,
      endpoints: [...endpoints, ...listeners],
      settings: settings(),
      faults: faults(),
      turn,
      struck,
    });
    noteMischief(store, nowMs(), turn, plan.mischief);
    dispatcher.queue(plan.deliveries, { run: run.number, turn });
  };
}

function nextTurn(store: Store, nowMs: number, { chaos }: Faults): RunRecord {
  const run = currentRun(store, nowMs);
  const turn = run.turn + 1;
  const acts = measuresOf(chaos ?? {}).sameSecond;
  const group = acts > 1 ? Math.floor((turn - 1) / acts) : null;
  const shared = run.second?.group === group ? run.second : null;
  const fresh = group === null ? null : { group, created: Math.floor(nowMs / 1000) };
  return store.runs.put({ ...run, turn, second: shared ?? fresh });
}

function eventOf(
  ids: Ids,
  created: number,
  cause: Cause,
  { object, previous, type }: Happening,
): EventRecord {
  const subject = object.id ?? '';
  return {
    id: isPaymentFamily(subject) ? ids.relative('evt', subject) : ids.long('evt'),
    type,
    created,
    apiVersion: cause.apiVersion,
    request: { id: cause.requestId, idempotency_key: cause.idempotencyKey },
    object,
    previous,
  };
}
