import { beforeEach, describe, expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { type RealmView } from '~/modules/stripe/shared';
import { makeRealm } from '~/modules/stripe/testing/deliveries';
import { days } from '~/platform/time';

import { doorThat, inboxOf } from './testing/inbox';

const database = useTestDatabase();
let realm: RealmView;
let inbox: ReturnType<typeof inboxOf>;
beforeEach(async () => {
  realm = await makeRealm(database.db);
  inbox = inboxOf(database.db, realm);
});

const fails = (error: () => Error) =>
  doorThat(() => {
    throw error();
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
