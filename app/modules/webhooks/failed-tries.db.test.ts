import { beforeAll, describe, expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { type RealmView } from '~/modules/stripe/shared';
import { deliveryOf, eventBody, failedCharge, makeRealm, SECRET } from '~/modules/stripe/testing/deliveries';
import { days, seconds } from '~/platform/time';

import { type Claim, claimEvents } from './claimed-event.server';
import { noteCrashes } from './note-crashes.server';
import { processEvent } from './process-event.server';
import { receive } from './receive.server';
import { applied, applies, doorThat, inboxOf } from './testing/inbox';

const database = useTestDatabase();
let realm: RealmView;
let inbox: ReturnType<typeof inboxOf>;
beforeAll(async () => {
  realm = await makeRealm(database.db);
  inbox = inboxOf(database.db, realm);
});

describe('a try that throws', () => {
  const unreachable = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const throws = (error: () => Error) =>
    doorThat(() => {
      throw error();
    });

  it('for a passing fault keeps nothing, writes its attempt and waits a second', async () => {
    const id = await inbox.given();
    await inbox.tryOnce(id, throws(unreachable));
    expect(await inbox.eventRow(id)).toMatchObject({
      status: 'waiting',
      reason: 'database_unreachable',
      waitsFor: null,
    });
    expect(await inbox.attempts(id)).toMatchObject([
      { outcome: 'waiting', code: 'database_unreachable', effects: [] },
    ]);
    expect(await inbox.hasEffect(id)).toBe(false);
    expect(await inbox.dueIn(id)).toBeLessThanOrEqual(seconds(1));
    await inbox.tryOnce(id, applies);
    expect(await inbox.eventRow(id)).toMatchObject({ status: 'done', decision: 'applied', tries: 2 });
  });

  it('for a passing fault is dead: exhausted after 72 hours', async () => {
    const id = await inbox.given();
    await inbox.age(id, days(3));
    await inbox.tryOnce(id, throws(unreachable));
    expect(await inbox.eventRow(id)).toMatchObject({ status: 'dead', reason: 'exhausted' });
  });

  it('because a CHECK refused it is dead at once', async () => {
    const id = await inbox.given();
    await inbox.tryOnce(
      id,
      doorThat(async (tx) => {
        await tx.$executeRaw`UPDATE event SET status = 'done' WHERE id = ${id}`;
        return applied();
      }),
    );
    expect(await inbox.eventRow(id)).toMatchObject({ status: 'dead', reason: 'invariant', tries: 1 });
    expect(await inbox.hasEffect(id)).toBe(false);
  });

  it('because an append-only table refused it is dead at once', async () => {
    const id = await inbox.given();
    await inbox.tryOnce(
      id,
      doorThat(async (tx) => {
        await tx.$executeRaw`UPDATE transfer SET amount = 2`;
        return applied();
      }),
    );
    expect(await inbox.eventRow(id)).toMatchObject({ status: 'dead', reason: 'invariant' });
  });

  it('because the object has not the shape of its version is dead at once', async () => {
    const id = await inbox.given({ object: failedCharge(undefined, { amount: 'ten' }) });
    await inbox.tryOnce(id, applies);
    expect(await inbox.eventRow(id)).toMatchObject({ status: 'dead', reason: 'schema' });
  });

  it('for an unknown reason waits four times and is dead at the fifth', async () => {
    const id = await inbox.given();
    const bug = throws(() => new TypeError('x is not a function'));
    for (let n = 1; n <= 4; n += 1) {
      await inbox.tryOnce(id, bug);
      expect(await inbox.eventRow(id)).toMatchObject({ status: 'waiting', reason: 'unknown', tries: n });
    }
    await inbox.tryOnce(id, bug);
    expect(await inbox.eventRow(id)).toMatchObject({ status: 'dead', reason: 'unknown', tries: 5 });
    expect((await inbox.attempts(id)).map((attempt) => attempt.outcome)).toEqual([
      ...Array.from({ length: 4 }, () => 'waiting'),
      'dead',
    ]);
  });

  it('and died starts anew when Stripe delivers it again; its old attempts stay', async () => {
    const { id, body } = eventBody({ object: failedCharge(undefined, { amount: 'ten' }) });
    const settings = { db: database.db, endpoints: [{ realm, secrets: [SECRET] }], now: new Date() };
    await receive(settings, deliveryOf(body));
    await inbox.tryOnce(id, applies);
    await receive(settings, deliveryOf(body));
    await inbox.tryOnce(id, applies);
    expect((await inbox.attempts(id)).map(({ run, n, outcome }) => [run, n, outcome])).toEqual([
      [1, 1, 'dead'],
      [2, 1, 'dead'],
    ]);
  });
});

describe('a worker that is killed', () => {
  it('leaves its event claimed for thirty seconds, then the next try takes it and notes the crash', async () => {
    const id = await inbox.given();
    await inbox.claim(id);
    const claimed = await claimEvents(database.db, 10);
    expect(claimed.map((claim) => claim.eventId)).not.toContain(id);
    expect(await inbox.dueIn(id)).toBeGreaterThan(seconds(25));
    expect(await inbox.dueIn(id)).toBeLessThanOrEqual(seconds(30));
    await inbox.tryOnce(id, applies);
    expect((await inbox.attempts(id)).map(({ n, outcome, code }) => [n, outcome, code])).toEqual([
      [1, 'waiting', 'crashed'],
      [2, 'done', 'applied'],
    ]);
  });

  it('five times by the same event leaves it dead before a sixth', async () => {
    const id = await inbox.given();
    for (let n = 1; n <= 5; n += 1) {
      const claim = await inbox.claim(id);
      if (claim.try > 1) await expectNoted(id, claim.try - 1, claim);
    }
    await inbox.tryOnce(id, applies);
    expect(await inbox.eventRow(id)).toMatchObject({ status: 'dead', reason: 'crashed' });
    expect(await inbox.hasEffect(id)).toBe(false);
  });

  /** A try notes the crash before it and then crashes itself. */
  async function expectNoted(id: string, n: number, claim: Claim): Promise<void> {
    expect(await noteCrashes(database.db, claim, new Date())).toBe(n);
    expect(await inbox.attempts(id)).toHaveLength(n);
  }

  it('and wakes up late changes nothing: the event belongs to the later try', async () => {
    const id = await inbox.given();
    const late = await inbox.claim(id);
    await inbox.tryOnce(id, applies);
    const before = await inbox.eventRow(id);
    await processEvent({ db: database.db, dispatch: doorThat(applied), reader: inbox.noReader }, late);
    expect(await inbox.eventRow(id)).toEqual(before);
    expect(await inbox.attempts(id)).toHaveLength(2);
  });
});

it('two tries that run at once leave one effect and one decision', async () => {
  const id = await inbox.given();
  const first = await inbox.claim(id);
  const second = await inbox.claim(id);
  const deps = { db: database.db, dispatch: applies, reader: inbox.noReader };
  await Promise.all([first, second].map((claim) => processEvent(deps, claim)));
  expect(await inbox.eventRow(id)).toMatchObject({ status: 'done', decision: 'applied', tries: 2 });
  expect((await inbox.attempts(id)).filter((attempt) => attempt.outcome === 'done')).toHaveLength(1);
});

it('an event received while no worker ran is processed when one comes, however old its signature is', async () => {
  const { id, body } = eventBody();
  const signedAt = new Date(Date.now() - days(2));
  await receive(
    { db: database.db, endpoints: [{ realm, secrets: [SECRET] }], now: signedAt },
    deliveryOf(body, { signedAt }),
  );
  await inbox.tryOnce(id, applies);
  expect(await inbox.eventRow(id)).toMatchObject({ status: 'done', decision: 'applied' });
});
