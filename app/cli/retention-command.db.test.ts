import { beforeEach, describe, expect, it, vi } from 'vitest';

import { useTestDatabase } from '../../e2e/support/test-database';
import { makeEvent, makeRealm } from '../modules/admin/testing/console-data';
import { eventBody } from '../modules/stripe/testing/deliveries';
import { days } from '../platform/time';
import { redactCommand, retentionCommand } from './retention-command';

const database = useTestDatabase();
beforeEach(() => void vi.stubEnv('DATABASE_URL', database.url));

type Command = typeof retentionCommand;
async function run(command: Command, line: string, reason?: string) {
  const said: string[] = [];
  const words = [...line.split(' '), ...(reason === undefined ? [] : ['--reason', reason])];
  const error = await command(words, (sentence) => said.push(sentence)).then(
    () => '',
    (fault: unknown) => (fault instanceof Error ? fault.message : String(fault)),
  );
  return { said, error };
}
const retention = (line: string, reason?: string) => run(retentionCommand, line, reason);
const redact = (line: string, reason?: string) => run(redactCommand, line, reason);

/** An event that tells of a person, decided so long ago. */
async function eventOf(age: number, change: object = {}): Promise<string> {
  const { id, body: payload } = eventBody({ object: { id: 'ch_kept', email: 'nora@example.test' } });
  const at = new Date(Date.now() - days(age));
  const rest = { status: 'done', decision: 'ignored', decidedAt: at, receivedAt: at } as const;
  return makeEvent(database.db, { id, payload, realmId: await makeRealm(database.db), ...rest, ...change });
}
const payloadOf = async (id: string) => (await database.db.event.findFirstOrThrow({ where: { id } })).payload;

describe('retention', () => {
  it('lists how long what is kept, sets it with its audit, and takes out by hand what is over', async () => {
    const [old, young] = [await eventOf(40), await eventOf(20)];
    expect((await retention('list')).said).toContainEqual(
      expect.stringMatching(/^event_payload +for \d+ days, by default/),
    );
    const set = () => retention('set event_payload --days 30', 'our policy of May');
    expect(await set()).toEqual({ said: ['event_payload is kept for 30 days from now on.'], error: '' });
    expect(await set()).toEqual({ said: ['event_payload is kept for 30 days already.'], error: '' });
    expect((await retention('list')).said).toContainEqual(
      expect.stringMatching(/^event_payload +for 30 days  /),
    );
    expect(await database.db.audit.findMany({ where: { subject: 'event_payload' }, take: 5 })).toMatchObject([
      {
        actor: 'cli',
        act: 'retention.set',
        reason: 'set_by_operator',
        body: { comment: 'our policy of May' },
      },
    ]);
    expect((await retention('run')).said).toContain('event_payload: 1 redacted.');
    expect(await payloadOf(old)).not.toContain('nora@example.test');
    expect(await payloadOf(young)).toContain('nora@example.test');
    expect((await retention('run')).said).toContain('event_payload: 0 redacted.');
    await retention('set event_payload --days off', 'a case in court');
    expect((await retention('list')).said).toContainEqual(
      expect.stringMatching(/^event_payload +for good  /),
    );
  });

  it.each([
    ['set event_payload --days 1', 'why', '--days must be off, or from 2 to 3650.'],
    ['set event_payload --days many', 'why', '--days must be off, or from 2 to 3650.'],
    ['set event_payload', 'why', '--days must be off, or from 2 to 3650.'],
    ['set event_payload --days 30', undefined, '--reason must say why.'],
    ['set money --days 30', 'why', 'Usage: retention list'],
    ['forget', undefined, 'Usage: retention list'],
    ['list event_payload more', undefined, 'Usage: retention list'],
  ])('%s is refused in words and changes nothing', async (line, reason, words) => {
    const before = await retention('list');
    const { said, error } = await retention(line, reason);
    expect(error).toContain(words);
    expect(said).toEqual([]);
    expect(await retention('list')).toEqual(before);
  });
});

describe('redact', () => {
  it('takes the payload out of one event that rests, once, with its audit', async () => {
    const id = await eventOf(1);
    expect(await redact(id, 'asked by mail')).toEqual({ said: [`${id} is redacted.`], error: '' });
    expect(await redact(id, 'asked by mail')).toEqual({ said: [`${id} was redacted before.`], error: '' });
    const left = await payloadOf(id);
    expect(left).toContain('ch_kept');
    expect(left).not.toContain('nora@example.test');
    expect(await database.db.audit.findMany({ where: { subject: id }, take: 5 })).toMatchObject([
      { actor: 'cli', act: 'event.redacted', reason: 'personal_data', body: { comment: 'asked by mail' } },
    ]);
  });

  it('refuses in words what is on its way, what is not there, and what has no reason', async () => {
    const waiting = await eventOf(1, { status: 'queued', decision: null, decidedAt: null });
    expect((await redact(waiting, 'why')).error).toBe(`${waiting} is on its way: try again when it rests.`);
    expect((await redact('evt_none', 'why')).error).toBe('There is no event evt_none.');
    expect((await redact(waiting)).error).toContain('Usage: redact EVENT');
    expect((await redact(waiting, ' ')).error).toContain('Usage: redact EVENT');
    expect(await payloadOf(waiting)).toContain('nora@example.test');
  });
});
