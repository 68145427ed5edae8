import { describe, expect, it } from 'vitest';
import type { PlanInput } from './plan';
import { planDeliveries } from './plan';

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
  settings: { order: 'typical', seed: 7, eventSpacingMs: 10 },
  faults: { duplicate: 1, drop: false },
  turn: 1,
};
const ids = (change: Partial<PlanInput> = {}): string[] =>
  planDeliveries({ ...input, ...change }).map(({ eventId }) => eventId);
const shuffled = (seed: number, turn: number): string[] =>
  ids({ turn, settings: { ...input.settings, order: 'shuffle', seed } });

describe('a plan', () => {
  it('sends in the typical order, types it does not name last', () => {
    expect(ids()).toEqual(['evt_2', 'evt_3', 'evt_1', 'evt_4']);
  });

  it('shuffles the same way for the same seed and turn', () => {
    expect(shuffled(7, 1)).toEqual(shuffled(7, 1));
    const seen = new Set(Array.from({ length: 50 }, (_, turn) => shuffled(7, turn).join()));
    expect(seen.size).toBeGreaterThan(10);
    expect(Array.from({ length: 50 }, (_, turn) => shuffled(7, turn))).not.toEqual(
      Array.from({ length: 50 }, (_, turn) => shuffled(8, turn)),
    );
  });

  it('gives each endpoint only what it asked for, and disabled ones nothing', () => {
    const endpoints = [
      { ...endpoint, id: 'we_2', enabled_events: ['charge.updated'] },
      { ...endpoint, id: 'we_3', status: 'disabled' },
    ];
    expect(
      planDeliveries({ ...input, endpoints }).map(({ endpointId, eventId }) => [endpointId, eventId]),
    ).toEqual([['we_2', 'evt_4']]);
  });

  it('repeats each delivery in its place as often as the duplicate fault says', () => {
    const plan = planDeliveries({ ...input, faults: { duplicate: 3, drop: false } });
    expect(plan).toHaveLength(12);
    expect(plan.filter(({ eventId }) => eventId === 'evt_2').map(({ place }) => place)).toEqual([0, 0, 0]);
  });
});
