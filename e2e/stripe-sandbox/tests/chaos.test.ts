import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scenarioSchema, type Scenario } from '../chaos/scenario';
import {
  clientFor,
  PACK,
  PAYER,
  SECRET,
  startReceiver,
  startUnderTest,
  until,
  type Receiver,
  type UnderTest,
} from '../testing/under-test';

let receiver: Receiver;
let test: UnderTest;

beforeEach(async () => {
  receiver = await startReceiver();
  test = await startUnderTest({ webhook: receiver.url, webhookSecret: SECRET });
});
afterEach(async () => {
  await test.stop();
  await receiver.close();
});

async function control(method: string, path: string, body?: object) {
  const response = await fetch(`${test.url}/_control${path}`, {
    method,
    ...(body && { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  return { status: response.status, answer };
}
const chaos = (mix: object | null) => control('PUT', '/faults', { chaos: mix });
const products = async (count: number): Promise<void> => {
  for (let made = 0; made < count; made += 1) await test.stripe.products.create({ name: `no. ${made}` });
};
const settled = (count: number) =>
  until(() => {
    const { rows } = test.sandbox.deliveries.list({ limit: 1000 });
    return rows.length === count && rows.every(({ status }) => status !== 'pending') && rows;
  });
/** Whether the SDK takes what arrived. */
const verdicts = (): Array<{ id: string; isTaken: boolean }> =>
  receiver.received.map(({ body, signature }) => {
    const { webhooks } = clientFor('http://127.0.0.1:1');
    const { id }: { id: string } = JSON.parse(body);
    try {
      webhooks.constructEvent(body, signature, SECRET);
      return { id, isTaken: true };
    } catch {
      return { id, isTaken: false };
    }
  });

describe('chaos', () => {
  it('a seed alone is the default mix, null ends it, and what it does not understand is refused', async () => {
    const { answer } = await chaos({ seed: 42 });
    expect(answer).toMatchObject({ chaos: { seed: 42, duplicate: 0.2, lost_answer: 0.03 } });
    expect(test.sandbox.chaos.current()).toMatchObject({ seed: 42 });
    for (const wrong of [{ duplicate: 0.5 }, { seed: 1, duplicate: 2 }, { seed: 1, dupe: 1 }]) {
      expect(await chaos(wrong)).toMatchObject({ status: 400 });
    }
    expect((await chaos(null)).answer).toMatchObject({ chaos: null });
  });

  it('duplicate: the same event arrives twice, and both are genuine', async () => {
    await chaos({ seed: 1, duplicate: 1, delay_ms: [0, 20] });
    await products(3);
    await settled(6);
    const seen = verdicts();
    expect(seen.every(({ isTaken }) => isTaken)).toBe(true);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(3);
  });

  it('drop: the event is listed as undelivered and never comes; a resend brings it', async () => {
    await chaos({ seed: 1, drop: { times: 1 } });
    await products(2);
    await until(() => receiver.received.length === 1);
    const { data } = await test.stripe.events.list({ delivery_success: false });
    expect(data).toMatchObject([{ type: 'product.created', data: { object: { name: 'no. 0' } } }]);
    expect(test.sandbox.deliveries.list({ eventId: data[0]?.id ?? '' }).rows).toMatchObject([
      { status: 'dropped', faults: ['drop'], attempt: 0 },
    ]);
    await control('POST', `/events/${data[0]?.id}/resend`);
    await until(() => receiver.received.length === 2);
    expect((await test.stripe.events.list({ delivery_success: false })).data).toEqual([]);
  });

  it('never_generated: there is no event, and the object is there', async () => {
    await chaos({ seed: 1, never_generated: { times: 1 } });
    await products(2);
    await until(() => receiver.received.length === 1);
    expect((await test.stripe.events.list()).data).toHaveLength(1);
    expect((await test.stripe.products.list()).data).toHaveLength(2);
    expect(test.sandbox.chaos.done().rows).toMatchObject([
      { act: 1, fault: 'never_generated', eventType: 'product.created', eventId: null },
    ]);
  });

  it('same_second: the events of several acts carry one and the same created', async () => {
    await chaos({ seed: 1, same_second: 3 });
    await products(1);
    await control('PUT', '/settings', { clockOffsetMs: 5000 });
    await products(3);
    const created = (await test.stripe.events.list()).data.map((event) => event.created);
    expect(new Set(created.slice(1)).size).toBe(1);
    expect(created[0]).toBeGreaterThan(created[1] ?? 0);
  });

  it('forged and stale: each comes beside the genuine event, and the SDK refuses it', async () => {
    await chaos({ seed: 3, forged: 1, stale: 1, delay_ms: [0, 10] });
    await products(12);
    const rows = await settled(36);
    const genuine = rows.filter(({ nature }) => nature === 'genuine');
    const seen = verdicts();
    expect(seen.filter(({ isTaken }) => isTaken)).toHaveLength(genuine.length);
    expect(seen.filter(({ isTaken }) => !isTaken)).toHaveLength(24);
    expect(new Set(rows.map(({ nature }) => nature))).toEqual(
      new Set(['genuine', 'stale', 'forged_signature', 'forged_body', 'forged_event']),
    );
    const known = new Set((await test.stripe.events.list({ limit: 20 })).data.map(({ id }) => id));
    const invented = seen.filter(({ id }) => !known.has(id));
    expect(invented.length).toBe(rows.filter(({ nature }) => nature === 'forged_event').length);
  });

  it('a refused forgery is not tried again and counts for no pending webhook', async () => {
    await chaos({ seed: 3, forged: { times: 1 }, delay_ms: [0, 0] });
    receiver.answer = ({ body, signature }) => {
      try {
        clientFor('http://127.0.0.1:1').webhooks.constructEvent(body, signature, SECRET);
        return 200;
      } catch {
        return 400;
      }
    };
    await products(1);
    const rows = await settled(2);
    const forged = rows.find(({ nature }) => nature !== 'genuine');
    expect(forged).toMatchObject({ status: 'failed', attempt: 1, responseStatus: 400 });
    expect((await test.stripe.events.list()).data[0]?.pending_webhooks).toBe(0);
  });

  it('old_version: the event says another version and has its shape', async () => {
    await chaos({ seed: 1, old_version: 1, old_api_version: '2024-06-20' });
    const session = await test.stripe.checkout.sessions.create(PACK);
    await test.sandbox.checkout.pay(session.id, PAYER);
    await until(() => receiver.received.length >= 4);
    const charge = receiver.events().find(({ type }) => type === 'charge.succeeded');
    expect(charge).toMatchObject({ api_version: '2024-06-20' });
    expect(charge?.data.object).toHaveProperty('invoice');
  });

  it('endpoint_down: the first tries meet nobody, and the retries bring the event', async () => {
    await chaos({ seed: 1, endpoint_down: { times: 1 }, down_acts: 2 });
    await products(3);
    const rows = await settled(3);
    expect(rows.map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, 'succeeded'],
      [2, 'succeeded'],
      [3, 'succeeded'],
    ]);
    expect(receiver.received).toHaveLength(3);
  });

  it('delay and reorder: everything comes, in another order than it was made', async () => {
    await chaos({ seed: 2, delay: 0.5, reorder: 1, delay_ms: [50, 400] });
    const session = await test.stripe.checkout.sessions.create(PACK);
    await test.sandbox.checkout.pay(session.id, PAYER);
    await settled(5);
    const typical = ['charge.succeeded', 'payment_intent.succeeded', 'payment_intent.created'];
    const types = receiver.types();
    expect(new Set(types).size).toBe(5);
    expect(types.filter((type) => typical.includes(type))).not.toEqual(typical);
  });

  it('throws faults at API requests by the seed and the request’s number among its kind', async () => {
    const answers = async (): Promise<Array<number | string>> => {
      await chaos({ seed: 6, server_error: 0.3, rate_limit: 0.3, unavailable: 0.2 });
      const seen: Array<number | string> = [];
      for (let turn = 0; turn < 40; turn += 1) {
        const answer = await fetch(`${test.url}/v1/products`, {
          headers: { Authorization: 'Bearer sk_test_1234567890abcdef' },
        }).then(
          ({ status }) => status,
          () => 'cut',
        );
        seen.push(answer);
      }
      return seen;
    };
    const first = await answers();
    expect(new Set(first)).toEqual(new Set([200, 429, 500, 'cut']));
    expect(await answers()).toEqual(first);
    const struck = test.sandbox.chaos.run().struck;
    expect(struck['rate_limit']).toBe(first.filter((answer) => answer === 429).length);
  });
});

describe('a run', () => {
  const MIX = {
    duplicate: 0.4,
    reorder: 0.5,
    delay: 0.3,
    drop: 0.1,
    never_generated: 0.1,
    forged: 0.3,
    stale: 0.2,
    old_version: 0.2,
    endpoint_down: 0.2,
    delay_ms: [0, 60],
  };

  async function play(seed = 42): Promise<Scenario> {
    await chaos({ ...MIX, seed });
    for (let sale = 0; sale < 4; sale += 1) {
      const session = await test.stripe.checkout.sessions.create(PACK);
      await test.sandbox.checkout.pay(session.id, PAYER);
      await until(() => test.sandbox.chaos.run().acts === 2 * (sale + 1));
    }
    await until(() =>
      test.sandbox.deliveries.list({ limit: 1000 }).rows.every(({ status }) => status !== 'pending'),
    );
    return scenarioSchema.parse((await control('GET', '/run')).answer);
  }

  /** Ids by their order of appearance; times left out. */
  function normalised(scenario: Scenario): unknown {
    const names = new Map<string, string>();
    const text = JSON.stringify(scenario, (key, value: unknown) =>
      /(?:^created|_at|Ms|_on|_url|^url|_code|_transaction_id)$/.test(key) && key !== 'afterActMs'
        ? 0
        : value,
    ).replace(/\b[a-z]{2,6}_(?:test_)?\w{14,}/g, (id) => {
      const known = names.get(id) ?? `id${names.size}`;
      names.set(id, known);
      return known;
    });
    return JSON.parse(text);
  }

  it('is equal for the same seed and the same acts, but for ids and times', async () => {
    const first = normalised(await play());
    await control('POST', '/reset');
    const second = normalised(await play());
    expect(second).toEqual(first);
    await control('POST', '/reset');
    expect(normalised(await play(43))).not.toEqual(first);
  });

  it('is replayed to another endpoint: same ids, same order, fresh signatures, forged stays forged', async () => {
    const scenario = await play();
    const before = verdicts();
    const copy = await startReceiver();
    const other = await startUnderTest({
      ...{ webhook: copy.url, webhookSecret: SECRET },
      settings: { orderPatienceMs: 10_000 },
    });
    try {
      const answer = await fetch(`${other.url}/_control/run/replay?speed=1`, {
        method: 'POST',
        body: JSON.stringify(scenario),
      });
      const sent = scenario.deliveries.filter(({ isDropped }) => !isDropped);
      expect(await answer.json()).toMatchObject({
        outcome: 'replaying',
        deliveries: scenario.deliveries.length,
      });
      await until(() => copy.received.length === sent.length);
      const original = receiver;
      receiver = copy;
      const after = verdicts();
      receiver = original;
      const genuine = (seen: typeof after): string[] =>
        seen.flatMap(({ id, isTaken }) => (isTaken ? [id] : [])).sort();
      expect(genuine(after)).toEqual(genuine(before));
      expect(after.filter(({ isTaken }) => !isTaken)).toHaveLength(
        sent.filter(({ nature }) => nature !== 'genuine').length,
      );
      const late = new Set(sent.flatMap(({ refusals, eventId }) => (refusals > 0 ? [eventId] : [])));
      const punctual = [...sent]
        .sort((left, right) => left.atMs - right.atMs)
        .flatMap(({ nature, eventId }) => (nature === 'forged_event' || late.has(eventId) ? [] : [eventId]));
      expect(punctual.length).toBeGreaterThan(5);
      expect(after.map(({ id }) => id).filter((id) => punctual.includes(id))).toEqual(punctual);
      const [event] = scenario.events;
      expect(await other.stripe.events.retrieve(event?.id ?? '')).toMatchObject({ type: event?.type });
    } finally {
      await other.stop();
      await copy.close();
    }
  });

  it('is exported without secrets and addresses when it is redacted', async () => {
    await play();
    const plain = JSON.stringify((await control('GET', '/run')).answer);
    const redacted = JSON.stringify((await control('GET', '/run?redact=1')).answer);
    expect(plain).toContain(SECRET);
    expect(plain).toContain(PAYER.email);
    expect(redacted).not.toContain(SECRET);
    expect(redacted).not.toContain(PAYER.email);
    expect(redacted).toContain('person-1@redacted.invalid');
    expect(scenarioSchema.safeParse(JSON.parse(redacted)).success).toBe(true);
  });

  it('that needs more endpoints than there are is not begun', async () => {
    await products(1);
    await until(() => receiver.received.length === 1);
    const scenario = scenarioSchema.parse((await control('GET', '/run')).answer);
    const [endpoint] = test.sandbox.endpoints.list();
    await test.stripe.webhookEndpoints.del(endpoint?.id ?? '');
    expect((await control('POST', '/run/replay', scenario)).answer).toEqual({
      outcome: 'too_few_endpoints',
      needed: 1,
      registered: 0,
    });
    expect(await control('POST', '/run/replay', { format: 'other' })).toMatchObject({ status: 400 });
  });
});
