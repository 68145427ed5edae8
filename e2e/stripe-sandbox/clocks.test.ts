import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { refusalOf, startUnderTest, until, type UnderTest } from './testing/under-test';

const DAY = 86_400;
const JANUARY = Date.UTC(2026, 0, 31, 12) / 1000;

let under: UnderTest;

beforeEach(async () => {
  under = await startUnderTest();
});
afterEach(() => under.stop());

const clocks = () => under.stripe.testHelpers.testClocks;

async function typesSince(type: string): Promise<string[]> {
  const events = await under.stripe.events.list({ limit: 100 });
  const types = events.data.map((event) => event.type).reverse();
  return types.slice(types.findIndex((seen) => seen === type));
}

async function advanced(id: string, to: number) {
  await clocks().advance(id, { frozen_time: to });
  return until(async () => {
    const clock = await clocks().retrieve(id);
    return clock.status !== 'advancing' && clock;
  });
}

describe('a test clock', () => {
  it('answers an advance at once and is ready later, with its events in order', async () => {
    const clock = await clocks().create({ frozen_time: JANUARY, name: 'January' });
    expect(clock).toMatchObject({
      status: 'ready',
      status_details: {},
      frozen_time: JANUARY,
      livemode: false,
    });
    expect(clock.id).toMatch(/^clock_1/);
    const advancing = await clocks().advance(clock.id, { frozen_time: JANUARY + DAY });
    expect(advancing).toMatchObject({
      status: 'advancing',
      status_details: { advancing: { target_frozen_time: JANUARY + DAY } },
      frozen_time: JANUARY,
    });
    const ready = await until(async () => {
      const seen = await clocks().retrieve(clock.id);
      return seen.status === 'ready' && seen;
    });
    expect(ready).toMatchObject({ frozen_time: JANUARY + DAY, status_details: {} });
    expect(await clocks().del(clock.id)).toEqual({
      id: clock.id,
      object: 'test_helpers.test_clock',
      deleted: true,
    });
    expect(await typesSince('test_helpers.test_clock.created')).toEqual([
      'test_helpers.test_clock.created',
      'test_helpers.test_clock.advancing',
      'test_helpers.test_clock.ready',
      'test_helpers.test_clock.deleted',
    ]);
  });

  it('moves only forward, two years at most while nothing renews', async () => {
    const { id } = await clocks().create({ frozen_time: JANUARY });
    const back = await refusalOf(clocks().advance(id, { frozen_time: JANUARY }));
    expect(back).toMatchObject({ statusCode: 400, param: 'frozen_time' });
    const far = await refusalOf(clocks().advance(id, { frozen_time: JANUARY + 731 * DAY }));
    expect(far.message).toContain('cannot be more than two years in the future');
    expect((await advanced(id, JANUARY + 730 * DAY)).frozen_time).toBe(JANUARY + 730 * DAY);
  });
});
