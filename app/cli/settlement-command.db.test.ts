import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { useTestDatabase } from '../../e2e/support/test-database';
import { settlementCommand } from './settlement-command';

const database = useTestDatabase();
beforeAll(async () => {
  await database.db.realm.create({ data: { id: 'rlm_one', account: 'acct_1', mode: 'test', name: 'Shop' } });
  const admin = { id: 'usr_1', email: 'admin@example.test', name: 'Admin', passwordHash: 'none' };
  await database.db.user.create({ data: { ...admin, role: 'admin' } });
});
beforeEach(() => void vi.stubEnv('DATABASE_URL', database.url));

async function run(line: string): Promise<{ said: string[]; error: string }> {
  const said: string[] = [];
  const error = await settlementCommand(line.split(' '), (sentence) => said.push(sentence)).then(
    () => '',
    (fault: unknown) => (fault instanceof Error ? fault.message : String(fault)),
  );
  return { said, error };
}

const DEFAULT =
  'Book test: packs settle by settled-fact. The first fact that proves it paid, whichever it is.';
const BY_INTENT =
  'Book test: packs settle by payment-intent. The PaymentIntent that succeeded; the session where nothing was to pay.';

describe('settlement', () => {
  it('tries a rule, promotes it and rolls it back, audited and mailed each time', async () => {
    expect(await run('show --book test')).toEqual({ said: [DEFAULT], error: '' });
    const tried = 'set --book test --candidate payment-intent --percentage 5 --reason slower';
    expect(await run(tried)).toEqual({ said: [DEFAULT, '5 % settle by payment-intent.'], error: '' });
    expect((await run(tried)).said[0]).toBe('As it was before:');
    const promoted = [BY_INTENT, 'Before the last promotion: settled-fact.'];
    expect(await run('promote --book test --reason good')).toEqual({ said: promoted, error: '' });
    expect(await run('rollback --book test --reason bad')).toEqual({ said: [DEFAULT], error: '' });
    const audit = await database.db.audit.findMany({
      where: { subject: 'rlm_one' },
      orderBy: { seq: 'asc' },
    });
    expect(audit.map(({ act, actor, reason }) => [act, actor, reason])).toEqual([
      ['settlement.changed', 'cli', 'slower'],
      ['settlement.changed', 'cli', 'good'],
      ['settlement.rolled_back', 'cli', 'bad'],
    ]);
    expect(await database.db.mail.count({ where: { recipient: 'admin@example.test' } })).toBe(3);
  });

  it('changes the rule of an account that sells no more by its name, and no other', async () => {
    const former = { id: 'rlm_former', account: 'acct_0', mode: 'test', name: 'Old', sells: false } as const;
    await database.db.realm.create({ data: former });
    const said = (words: string) => `Old (rlm_former), which sells no more: packs settle by ${words}.`;
    const shown = await run('show --realm rlm_former');
    expect(shown.said[0]).toContain(said('settled-fact'));
    await run('set --realm rlm_former --candidate session-completed --reason moving');
    const promoted = await run('promote --realm rlm_former --reason moved');
    expect(promoted).toMatchObject({ error: '' });
    expect(promoted.said[0]).toContain(said('session-completed'));
    expect((await run('show --book test')).said).toEqual([DEFAULT]);
    expect(await database.db.audit.count({ where: { subject: 'rlm_former', actor: 'cli' } })).toBe(2);
    expect((await run('rollback --realm rlm_former --reason back')).said[0]).toContain(said('settled-fact'));
  });

  it.each([
    ['show --realm rlm_none', '--realm must be one of rlm_former, rlm_one.'],
    ['show --book test --realm rlm_one', 'give one of them'],
    ['show --book both', '--book must be one of test, live.'],
    ['show --book live', 'No account of Stripe sells in the live book yet.'],
    ['set --book test --candidate luck --reason x', '--candidate must be one of settled-fact'],
    ['set --book test --candidate payment-intent --percentage 101 --reason x', 'from 0 to 100'],
    ['set --book test --candidate payment-intent', '--reason must say why'],
    ['set --book test --candidate settled-fact --reason x', 'That rule is the current one.'],
    ['promote --book test --reason x', 'There is no candidate to promote.'],
    ['rollback --book test --reason x', 'There is nothing to roll back'],
    ['toggle --book test', 'Usage: settlement show'],
  ])('%s is refused in words and changes nothing', async (line, words) => {
    const { said, error } = await run(line);
    expect(error).toContain(words);
    expect(said).toEqual([]);
    expect((await run('show --book test')).said).toEqual([DEFAULT]);
  });
});
