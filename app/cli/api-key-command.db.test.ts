import { beforeEach, describe, expect, it, vi } from 'vitest';

import { useTestDatabase } from '../../e2e/support/test-database';
import { openKey } from '../modules/clients/index.server';
import { apiKeyCommand } from './api-key-command';

const database = useTestDatabase();
beforeEach(() => void vi.stubEnv('DATABASE_URL', database.url));

async function run(...words: string[]): Promise<{ said: string[]; error: string }> {
  const said: string[] = [];
  const error = await apiKeyCommand(words, (sentence) => said.push(sentence)).then(
    () => '',
    (fault: unknown) => (fault instanceof Error ? fault.message : String(fault)),
  );
  return { said, error };
}

const shownKey = (said: string[]) => /ck_(test|live)_\w+/.exec(said.join('\n'))?.[0] ?? '';
const opens = async (key: string) => (await openKey(database.db, key, false)).outcome;

describe('api-key', () => {
  it('makes, shows, rotates, changes, revokes and closes', async () => {
    expect((await run('list')).said).toEqual([
      'There is no client of the API yet: api-key create makes one.',
    ]);
    const made = await run(
      'create',
      '--book',
      'live',
      '--name',
      'web',
      '--scopes',
      'balance:read, spends:write',
    );
    const client = /apc_\w+/.exec(made.said.join())?.[0] ?? '';
    const first = shownKey(made.said);
    expect(first).toMatch(/^ck_live_/);
    expect(await opens(first)).toBe('open');
    const rotated = await run('rotate', client, '--overlap', '0');
    expect(await opens(first)).toBe('expired');
    const second = shownKey(rotated.said);
    expect(await opens(second)).toBe('open');
    const changed = await run(
      'change',
      client,
      '--return-origins',
      'https://app.example.com',
      '--reason',
      'go live',
    );
    expect(changed).toEqual({ said: [`${client} is changed.`], error: '' });
    const listed = (await run('list')).said.join('\n');
    expect(listed).toContain('may balance:read, spends:write');
    expect(listed).toContain('sends back to https://app.example.com');
    expect(listed).not.toContain(second);
    const keyId = /apk_\w+/.exec(listed)?.[0] ?? '';
    expect((await run('revoke', keyId, '--reason', 'leaked')).error).toBe('');
    expect(await opens(second)).toBe('revoked');
    expect((await run('close', client, '--reason', 'gone')).said[0]).toContain('is closed');
    expect((await run('rotate', client)).error).toContain('closed for good');
  });

  it.each([
    [['create', '--name', 'x'], '--book must be'],
    [['create', '--book', 'test'], '--name must say'],
    [['create', '--book', 'test', '--name', 'y', '--scopes', 'all'], '--scopes must be some of'],
    [['create', '--book', 'test', '--name', 'z', '--return-origins', 'app.example.com'], 'is no origin'],
    [['rotate', 'apc_none'], 'There is no client apc_none'],
    [['rotate', 'apc_none', '--overlap', 'long'], '--overlap must be'],
    [['revoke', 'apk_none', '--reason', 'x'], 'There is no key apk_none'],
    [['revoke', 'apk_none'], '--reason must say why'],
    [['change', 'apc_none', '--reason', 'x'], 'Nothing to change'],
    [['forget'], 'Usage:'],
    [['list', 'more'], 'Usage:'],
  ])('%j is refused with what is wrong', async (words, expected) => {
    expect((await run(...words)).error).toContain(expected);
  });
});
