import type { World } from '../engine/world';
import type { ApiFault } from '../settings';

/** The first fault that matches the request. It stands until it is spent. */
export function meetingFault(world: World, { method, path }: { method: string; path: string }) {
  return world
    .faults()
    .api.find((fault) => (fault.method === '*' || fault.method === method) && path.startsWith(fault.path));
}

/** Counts the fault down; the act that it meets writes that to the journal. */
export function spendFault(world: World, spent: ApiFault): void {
  if (spent.times === null) return;
  const { times } = spent;
  const stored = world.store.settings.must('settings');
  const api = stored.faults.api.flatMap((fault) => {
    if (fault !== spent) return [fault];
    return times > 1 ? [{ ...fault, times: times - 1 }] : [];
  });
  world.store.settings.put({ ...stored, faults: { ...stored.faults, api } });
}
