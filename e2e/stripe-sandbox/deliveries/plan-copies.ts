import { doseOf, numberAt, type Dice } from '../chaos/dice';
import { measuresOf, type Chaos, type EventFault } from '../chaos/mix';
import type { DeliveryRecord } from '../store/records';
import type { PlannedDelivery } from './plan';

/** One fault that the plan makes. */
export interface Mischief {
  fault: EventFault;
  eventId?: string;
  eventType?: string;
  endpointId?: string;
  detail?: string;
}

interface Table {
  chaos: Chaos;
  dice: Dice;
  turn: number;
  /** The endpoint's place among the endpoints: ids differ from run to run. */
  index: number;
  mayBeDown: boolean;
  mischief: Mischief[];
}

const FORGERIES: Array<DeliveryRecord['nature']> = ['forged_signature', 'forged_body', 'forged_event'];

/** What becomes of one event on its way to one endpoint. */
export function planCopies(one: PlannedDelivery, table: Table): PlannedDelivery[] {
  const { chaos, dice, index, mischief } = table;
  const measures = measuresOf(chaos);
  const spot = [index, one.place ?? 0];
  const { eventId, eventType, endpointId } = one;
  const note = (fault: EventFault, detail?: string): EventFault => {
    mischief.push({ fault, eventId, eventType, endpointId, ...(detail !== undefined && { detail }) });
    return fault;
  };
  if (dice.strikes('drop', ...spot)) {
    return [{ ...one, faults: [...one.faults, note('drop')], isDropped: true }];
  }
  let genuine = one;
  const suffer = (fault: EventFault, change: Partial<PlannedDelivery>, detail?: string): void => {
    genuine = { ...genuine, ...change, faults: [...genuine.faults, note(fault, detail)] };
  };
  const refusals = table.mayBeDown ? refusalsAt(table, measures.downActs) : 0;
  if (refusals > 0) suffer('endpoint_down', { refusals }, `${refusals} attempts`);
  if (dice.strikes('old_version', ...spot)) {
    suffer('old_version', { apiVersion: measures.oldApiVersion }, measures.oldApiVersion);
  }
  if (dice.strikes('delay', ...spot)) {
    const ms = dice.integer(measures.delayMs, 'delay_ms', ...spot);
    suffer('delay', { delayMs: one.delayMs + ms, place: null }, `${ms} ms`);
  }
  const copies = [genuine];
  const later = (name: string): Pick<PlannedDelivery, 'delayMs' | 'place'> => {
    return { delayMs: one.delayMs + dice.integer(measures.delayMs, name, ...spot), place: null };
  };
  if (dice.strikes('duplicate', ...spot)) {
    const isAtOnce = dice.integer([0, 1], 'at_once', ...spot) === 1;
    const detail = isAtOnce ? 'at once' : 'later';
    copies.push({
      ...genuine,
      ...(!isAtOnce && later('again')),
      faults: [...genuine.faults, note('duplicate', detail)],
    });
  }
  const extra = { ...one, apiVersion: null, refusals: 0 };
  if (dice.strikes('forged', ...spot)) {
    const nature = FORGERIES[dice.integer([0, FORGERIES.length - 1], 'forgery', ...spot)] ?? 'forged_body';
    copies.push({ ...extra, ...later('forged'), nature, faults: [note('forged', nature)] });
  }
  if (dice.strikes('stale', ...spot)) {
    const faults = [note('stale', `${measures.staleSeconds} s`)];
    copies.push({ ...extra, ...later('stale'), nature: 'stale', faults });
  }
  return copies;
}

/**
 * How many attempts of this act find the endpoint down. An outage begins at an act and lasts `acts`; the nearer to
 * its end, the fewer attempts meet it.
 */
function refusalsAt({ chaos, turn, index }: Table, acts: number): number {
  const { chance, times } = doseOf(chaos.endpoint_down);
  let outages = 0;
  let left = 0;
  const first = times === Infinity ? Math.max(1, turn - acts + 1) : 1;
  for (let begin = first; begin <= turn && outages < times; begin += 1) {
    if (numberAt(chaos.seed, begin, 'endpoint_down', index) >= chance) continue;
    outages += 1;
    left = Math.max(left, begin + acts - turn);
  }
  return Math.max(0, Math.min(left, 3));
}
