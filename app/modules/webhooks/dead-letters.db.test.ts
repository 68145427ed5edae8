import { beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { type RealmView } from '~/modules/stripe/shared';
import { deliveryOf, eventBody, failedCharge, makeRealm, SECRET } from '~/modules/stripe/testing/deliveries';
import { inTransaction } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';
import { days } from '~/platform/time';

import { receive } from './receive.server';
import { tellDead } from './tell-dead.server';
import { applies, doorThat, inboxOf } from './testing/inbox';

const database = useTestDatabase();
let realm: RealmView;
let inbox: ReturnType<typeof inboxOf>;
beforeAll(async () => {
  for (const role of ['admin', 'admin', 'finance'] as const) {
    const id = newId('usr');
    await database.db.user.create({
      data: { id, email: `${id}@example.test`, name: 'Staff', passwordHash: 'none', role },
    });
  }
});
beforeEach(async () => {
  realm = await makeRealm(database.db);
  inbox = inboxOf(database.db, realm);
});

const poison = { object: failedCharge(undefined, { amount: 'ten' }) };
const fails = (error: () => Error) =>
  doorThat(() => {
    throw error();
  });
const mailsOf = () =>
  database.db.mail.findMany({
    where: { kind: 'webhooks.dead', cause: { contains: realm.id } },
    orderBy: { cause: 'asc' },
    take: 20,
  });

describe('an event that dies', () => {
  it('is told to every admin at once, with its code and how it is replayed', async () => {
    const id = await inbox.given(poison);
    await inbox.tryOnce(id, applies);
    const mails = await mailsOf();
    expect(mails).toHaveLength(2);
    expect(mails[0]?.subject).toBe('Webhook events die: schema');
    expect(mails[0]?.text).toContain(id);
    expect(mails[0]?.text).toContain('replay --status dead --code schema');
  });

  it('with many others of the same code is told once an hour, and each code by itself', async () => {
    for (let n = 0; n < 3; n += 1) await inbox.tryOnce(await inbox.given(poison), applies);
    expect(await mailsOf()).toHaveLength(2);
    const old = await inbox.given();
    await inbox.age(old, days(3));
    await inbox.tryOnce(
      old,
      fails(() => Object.assign(new Error('no answer'), { code: 'ECONNREFUSED' })),
    );
    expect(await mailsOf()).toHaveLength(4);
    const claim = { realmId: realm.id, eventId: old, run: 1, try: 1 };
    const tellAt = (at: string) =>
      inTransaction(database.db, 'tell', (tx) =>
        tellDead(tx, claim, { type: 'charge.failed', code: 'schema', detail: 'x', at: new Date(at) }),
      );
    await tellAt('2026-11-21T10:00:00Z');
    await tellAt('2026-11-21T10:59:59Z');
    expect(await mailsOf()).toHaveLength(6);
    await tellAt('2026-11-21T11:00:00Z');
    expect(await mailsOf()).toHaveLength(8);
  });

  it('again after Stripe delivered it again is not told twice in an hour', async () => {
    const { id, body } = eventBody(poison);
    const settings = { db: database.db, endpoints: [{ realm, secrets: [SECRET] }], now: new Date() };
    for (let n = 0; n < 2; n += 1) {
      await receive(settings, deliveryOf(body));
      await inbox.tryOnce(id, applies);
    }
    expect(await inbox.eventRow(id)).toMatchObject({ status: 'dead', run: 2 });
    expect(await mailsOf()).toHaveLength(2);
  });
});

it('an event that waits or is for a person is told to nobody', async () => {
  const waits = await inbox.given();
  await inbox.tryOnce(
    waits,
    fails(() => new TypeError('x is not a function')),
  );
  const held = await inbox.given();
  await inbox.tryOnce(
    held,
    doorThat(() => ({ outcome: 'quarantined', code: 'no_payment', detail: 'tested', effects: [] })),
  );
  expect(await mailsOf()).toEqual([]);
});

describe('a fault that passes', () => {
  it.each([
    ['a lost race', '40P01', 'lost_race'],
    ['a serialization failure', '40001', 'lost_race'],
    ['a database that shuts down', '57P01', 'database_unreachable'],
    ['too many connections', '53300', 'database_unreachable'],
  ])('%s leaves the event waiting and nothing of its door', async (_name, state, code) => {
    const id = await inbox.given();
    await inbox.tryOnce(
      id,
      doorThat(async (tx) => {
        await tx.$executeRawUnsafe(`DO $$ BEGIN RAISE EXCEPTION 'tested' USING ERRCODE = '${state}'; END $$`);
        throw new Error('not reached');
      }),
    );
    expect(await inbox.eventRow(id)).toMatchObject({ status: 'waiting', reason: code, tries: 1 });
    expect(await inbox.hasEffect(id)).toBe(false);
  });

  it('after four days of tries is dead: exhausted, and a replay gives it three new days', async () => {
    const id = await inbox.given();
    const away = fails(() => Object.assign(new Error('no answer'), { code: 'ECONNREFUSED' }));
    await inbox.age(id, days(4));
    await inbox.tryOnce(id, away);
    expect(await inbox.eventRow(id)).toMatchObject({ status: 'dead', reason: 'exhausted' });
    await database.db.$executeRaw`
      UPDATE event SET status = 'queued', reason = NULL, run = 2, tries = 0, first_try_at = NULL, decided_at = NULL WHERE id = ${id}`;
    await inbox.tryOnce(id, away);
    expect(await inbox.eventRow(id)).toMatchObject({ status: 'waiting', reason: 'database_unreachable' });
  });
});

it('unknown faults that lie further apart than ten minutes do not kill the event', async () => {
  const id = await inbox.given();
  const bug = fails(() => new TypeError('x is not a function'));
  for (let n = 1; n <= 6; n += 1) {
    await inbox.tryOnce(id, bug);
    await database.db
      .$executeRaw`UPDATE attempt SET ended_at = ended_at - interval '11 minutes' WHERE event = ${id}`;
  }
  expect(await inbox.eventRow(id)).toMatchObject({ status: 'waiting', reason: 'unknown', tries: 6 });
});
