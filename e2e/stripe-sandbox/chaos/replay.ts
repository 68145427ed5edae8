import type { Posting } from '../deliveries/dispatcher';
import type { World } from '../engine/world';
import { EVENT_FAULTS, type EventFault } from './mix';
import type { Scenario } from './scenario';

export type ReplayOutcome =
  | { outcome: 'replaying'; deliveries: number; events: number }
  /** The scenario has more endpoints than are registered and enabled, or listen, here. */
  | { outcome: 'too_few_endpoints'; needed: number; registered: number };

/**
 * Sends a scenario's deliveries again, in its order and at its distances divided by `speed`, to the endpoints that
 * are registered or listen now: those with the scenario's URLs, else by their order. Event ids stay, signatures are fresh, and
 * what was forged or stale is so again. Events that are unknown here are listed from now on; their objects are not.
 */
export function replayScenario(world: World, scenario: Scenario, speed: number): ReplayOutcome {
  const { store } = world;
  const registered = [...store.endpoints.all(), ...world.listeners.targets()].filter(
    ({ status }) => status === 'enabled',
  );
  const byUrl = scenario.endpoints.map(({ url }) => registered.find((candidate) => candidate.url === url));
  const rest = registered.filter((candidate) => !byUrl.includes(candidate));
  const targets = byUrl.map((found) => found ?? rest.shift());
  if (targets.some((target) => target === undefined)) {
    return {
      outcome: 'too_few_endpoints',
      needed: scenario.endpoints.length,
      registered: registered.length,
    };
  }
  for (const event of scenario.events) if (!store.events.get(event.id)) store.events.put(event);
  const ordered = [...scenario.deliveries].sort((left, right) => left.atMs - right.atMs);
  const [first] = ordered;
  const postings = ordered.flatMap((one, place): Posting[] => {
    const target = targets[one.endpoint];
    if (!target) return [];
    return [
      {
        eventId: one.eventId,
        eventType: one.eventType,
        endpointId: target.id,
        url: target.url,
        delayMs: Math.round((one.atMs - (first?.atMs ?? 0)) / speed),
        place,
        nature: one.nature,
        faults: one.faults.filter(isEventFault),
        apiVersion: null,
        refusals: one.refusals,
        isDropped: one.isDropped,
        body: JSON.stringify(one.body, null, 2),
      },
    ];
  });
  world.post(postings);
  return { outcome: 'replaying', deliveries: postings.length, events: scenario.events.length };
}

function isEventFault(name: string): name is EventFault {
  return EVENT_FAULTS.some((fault) => fault === name);
}
