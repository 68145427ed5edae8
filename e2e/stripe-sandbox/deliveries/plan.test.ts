import { describe, expect, it } from 'vitest';
import type { Chaos } from '../chaos/mix';
import { planDeliveries, planEvents, type Plan, type PlanInput } from './plan';

const endpoint = { id: 'we_1', url: 'http://x.test', status: 'enabled', enabled_events: ['*'] };
const input: PlanInput = {
  events: [
    { id: 'evt_1', type: 'payment_intent.created' },
    { id: 'evt_2', type: 'charge.succeeded' },
    { id: 'evt_3', type: 'payment_intent.succeeded' },
    { id: 'evt_4', type: 'charge.updated' },
  ],
  typical: ['charge.succeeded', 'payment_intent.succeeded', 'payment_intent.created'],
  endpoints: [endpoint],
  settings: { order: 'typical', seed: 7, eventSpacingMs: 10, explicitEvents: ['charge.expired'] },
  faults: { duplicate: 1, drop: false, chaos: null },
  turn: 1,
  struck: {},
};
const ids = (change: Partial<PlanInput> = {}): string[] =>
  planDeliveries({ ...input, ...change }).deliveries.map(({ eventId }) => eventId);
const shuffled = (seed: number, turn: number): string[] =>
  ids({ turn, settings: { ...input.settings, order: 'shuffle', seed } });
const chaotic = (chaos: Chaos, turn = 1, struck: PlanInput['struck'] = {}): Plan =>
  planDeliveries({ ...input, turn, struck, faults: { ...input.faults, chaos } });
const turns = Array.from({ length: 200 }, (_, turn) => turn + 1);

describe('a plan', () => {
  it('sends in the typical order, types it does not name last', () => {
    expect(ids()).toEqual(['evt_2', 'evt_3', 'evt_1', 'evt_4']);
  });

  it('shuffles the same way for the same seed and turn', () => {
    expect(shuffled(7, 1)).toEqual(shuffled(7, 1));
    const seen = new Set(turns.map((turn) => shuffled(7, turn).join()));
    expect(seen.size).toBe(24);
    expect(turns.map((turn) => shuffled(7, turn))).not.toEqual(turns.map((turn) => shuffled(8, turn)));
  });

  it('gives each endpoint only what it asked for, and disabled ones nothing', () => {
    const endpoints = [
      { ...endpoint, id: 'we_2', enabled_events: ['charge.updated'] },
      { ...endpoint, id: 'we_3', status: 'disabled' },
    ];
    const { deliveries } = planDeliveries({ ...input, endpoints });
    expect(deliveries.map(({ endpointId, eventId }) => [endpointId, eventId])).toEqual([['we_2', 'evt_4']]);
  });

  it('gives types that must be named only to endpoints that name them', () => {
    const events: PlanInput['events'] = [{ id: 'evt_5', type: 'charge.expired' }];
    const named = { ...endpoint, id: 'we_2', enabled_events: ['*', 'charge.expired'] };
    const { deliveries } = planDeliveries({ ...input, events, endpoints: [endpoint, named] });
    expect(deliveries.map(({ endpointId }) => endpointId)).toEqual(['we_2']);
  });

  it('repeats each delivery in its place as often as the duplicate fault says', () => {
    const { deliveries } = planDeliveries({ ...input, faults: { duplicate: 3, drop: false, chaos: null } });
    expect(deliveries).toHaveLength(12);
    expect(deliveries.filter(({ eventId }) => eventId === 'evt_2').map(({ place }) => place)).toEqual([
      0, 0, 0,
    ]);
  });
});

describe('chaos in a plan', () => {
  const mix: Chaos = {
    seed: 42,
    duplicate: 0.3,
    drop: 0.2,
    delay: 0.3,
    reorder: 0.3,
    forged: 0.2,
    stale: 0.2,
    old_version: 0.2,
    endpoint_down: 0.2,
  };

  it('is the same for the same seed and turn, and another for another seed', () => {
    const run = (seed: number): Plan[] => turns.map((turn) => chaotic({ ...mix, seed }, turn));
    expect(run(42)).toEqual(run(42));
    expect(run(43)).not.toEqual(run(42));
  });

  it('strikes about as often as the chance says', () => {
    const dropped = turns.flatMap((turn) =>
      chaotic({ seed: 9, drop: 0.25 }, turn).deliveries.filter(({ isDropped }) => isDropped),
    );
    expect(dropped.length / 800).toBeGreaterThan(0.19);
    expect(dropped.length / 800).toBeLessThan(0.31);
  });

  it('one more fault in the mix moves no other', () => {
    const dropsOf = (chaos: Chaos): string[] =>
      turns.flatMap((turn) =>
        chaotic(chaos, turn).deliveries.flatMap(({ isDropped, eventId }) =>
          isDropped ? [`${turn} ${eventId}`] : [],
        ),
      );
    expect(dropsOf({ seed: 3, drop: 0.1, forged: 0.5, duplicate: 0.5 })).toEqual(
      dropsOf({ seed: 3, drop: 0.1 }),
    );
  });

  it('strikes a number of times and then no more', () => {
    const drop = { chance: 1, times: 3 };
    expect(chaotic({ seed: 1, drop }).deliveries.map(({ isDropped }) => isDropped)).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(chaotic({ seed: 1, drop }, 2, { drop: 3 }).mischief).toEqual([]);
  });

  it('never_generated leaves happenings out, and says which', () => {
    const faults = { ...input.faults, chaos: { seed: 1, never_generated: { chance: 1, times: 1 } } };
    expect(planEvents(['charge.succeeded', 'charge.updated'], { faults, turn: 1, struck: {} })).toEqual({
      isGenerated: [false, true],
      mischief: [{ fault: 'never_generated', eventType: 'charge.succeeded' }],
    });
  });

  it('a late delivery holds up none, and a duplicate comes at once or later', () => {
    const { deliveries } = chaotic({ seed: 1, delay: 1, delay_ms: [500, 900] });
    expect(deliveries.every(({ place, delayMs }) => place === null && delayMs >= 500)).toBe(true);
    const copies = turns.flatMap((turn) =>
      chaotic({ seed: 1, duplicate: 1 }, turn).deliveries.filter(({ faults }) =>
        faults.includes('duplicate'),
      ),
    );
    expect(copies).toHaveLength(800);
    expect(new Set(copies.map(({ place }) => place === null))).toEqual(new Set([true, false]));
  });

  it('forged and stale deliveries come beside the genuine one', () => {
    const natures = turns.flatMap((turn) =>
      chaotic({ seed: 5, forged: 1, stale: 1 }, turn).deliveries.map(({ nature }) => nature),
    );
    const count = (wanted: string): number => natures.filter((nature) => nature === wanted).length;
    expect(count('genuine')).toBe(800);
    expect(count('stale')).toBe(800);
    expect(count('forged_body') + count('forged_event') + count('forged_signature')).toBe(800);
    expect(new Set(natures).size).toBe(5);
  });

  it('an outage lasts some acts, spares listeners and comes to an end', () => {
    const chaos: Chaos = { seed: 1, endpoint_down: { chance: 1, times: 1 }, down_acts: 2 };
    const refusals = (turn: number): number[] => [
      ...new Set(chaotic(chaos, turn).deliveries.map((delivery) => delivery.refusals)),
    ];
    expect([1, 2, 3].map(refusals)).toEqual([[2], [1], [0]]);
    const endpoints = [{ ...endpoint, isListener: true }];
    const plan = planDeliveries({ ...input, endpoints, faults: { ...input.faults, chaos } });
    expect(plan.deliveries.every((delivery) => delivery.refusals === 0)).toBe(true);
  });
});
