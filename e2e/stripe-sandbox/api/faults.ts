import { Dice } from '../chaos/dice';
import { API_FAULTS, measuresOf, type ApiFaultName, type Chaos } from '../chaos/mix';
import { currentRun, noteMischief } from '../chaos/run';
import type { World } from '../engine/world';
import type { ApiFault } from '../settings';
import { Refusal } from './refusal';

/** A fault on its way to a request: one that was set for it, or one that chaos threw. */
export type MetFault = Pick<ApiFault, 'effect' | 'reason' | 'ms'> &
  ({ set: ApiFault } | { thrownAt: string });

interface Addressed {
  method: string;
  path: string;
}

const DEFAULT_SLOWNESS_MS = 2000;
/** What the CLI needs to be there at all. */
const SPARED = '/v1/stripecli/';

/** The first fault that matches the request, else what chaos throws. It stands until it is spent. */
export function meetingFault(world: World, request: Addressed): MetFault | undefined {
  const { method, path } = request;
  const { api, chaos } = world.faults();
  const set = api.find(
    (fault) => (fault.method === '*' || fault.method === method) && path.startsWith(fault.path),
  );
  if (set) return { ...set, set };
  return chaos && !path.startsWith(SPARED) ? throwFault(world, chaos, request) : undefined;
}

/** How long the request waits, in milliseconds. */
export function slownessOf({ ms }: MetFault): number {
  return ms ?? DEFAULT_SLOWNESS_MS;
}

export function rateLimited({ reason = 'global-rate' }: MetFault, livemode: boolean): Refusal {
  const more = 'You can learn more about rate limits here https://stripe.com/docs/rate-limits.';
  const message = livemode
    ? `Request rate limit exceeded. ${more}`
    : `Testmode request rate limit exceeded, the rate limits in testmode are lower than livemode. ${more}`;
  return new Refusal(
    429,
    { type: 'invalid_request_error', code: 'rate_limit', message },
    { headers: { 'Stripe-Rate-Limited-Reason': reason } },
  );
}

/** Counts the fault down; the act that it meets writes that to the journal. */
export function spendFault(world: World, spent: MetFault): void {
  if ('thrownAt' in spent) {
    noteMischief(world.store, world.nowMs(), 0, [{ fault: spent.effect, detail: spent.thrownAt }]);
    return;
  }
  const { times } = spent.set;
  if (times === null) return;
  const stored = world.store.settings.must('settings');
  const api = stored.faults.api.flatMap((fault) => {
    if (fault !== spent.set) return [fault];
    return times > 1 ? [{ ...fault, times: times - 1 }] : [];
  });
  world.store.settings.put({ ...stored, faults: { ...stored.faults, api } });
}

/**
 * The seed and the request's number among those of its kind decide, so requests of other kinds that come between
 * change nothing.
 */
function throwFault(world: World, chaos: Chaos, request: Addressed): MetFault | undefined {
  const wanted = API_FAULTS.filter((fault) => chaos[fault] !== undefined);
  if (wanted.length === 0) return undefined;
  const run = currentRun(world.store, world.nowMs());
  const kind = kindOf(request);
  const number = (run.requests[kind] ?? 0) + 1;
  world.store.runs.put({ ...run, requests: { ...run.requests, [kind]: number } });
  const dice = new Dice(chaos, number, run.struck);
  const effect = wanted.find((fault: ApiFaultName) => dice.strikes(fault, kind));
  if (effect === undefined) return undefined;
  const ms = dice.integer(measuresOf(chaos).slowMs, kind);
  return { effect, thrownAt: `${kind} no. ${number}`, ...(effect === 'slow' && { ms }) };
}

/** The method and the path with its ids left out. */
function kindOf({ method, path }: Addressed): string {
  const [, ...segments] = path.split('/');
  const named = segments.map((segment, place) => (place > 0 && /[A-Z0-9]/.test(segment) ? ':id' : segment));
  return `${method} /${named.join('/')}`;
}
