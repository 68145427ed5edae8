import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { useTestDatabase } from '../../e2e/support/test-database';
import { limitCommand } from './limit-command';

const database = useTestDatabase();
beforeAll(async () => {
  const admin = { id: 'usr_1', email: 'admin@example.test', name: 'Admin', passwordHash: 'none' };
  await database.db.user.create({ data: { ...admin, role: 'admin' } });
});
beforeEach(() => void vi.stubEnv('DATABASE_URL', database.url));

async function run(line: string, reason?: string): Promise<{ said: string[]; error: string }> {
  const said: string[] = [];
  const words = [...line.split(' '), ...(reason === undefined ? [] : ['--reason', reason])];
  const error = await limitCommand(words, (sentence) => said.push(sentence)).then(
    () => '',
    (fault: unknown) => (fault instanceof Error ? fault.message : String(fault)),
  );
  return { said, error };
}

const GRANTS = '--role api --act grant --per-act 500 --actor-day 20000 --customer-day 1000';
const REFUSED = 'Every grant by the API is refused in the live book';

describe('limit', () => {
  it('list says what a product may grant: nothing in the live book until it is allowed', async () => {
    const live = await run('list --book live');
    expect(live.error).toBe('');
    expect(live.said).toContainEqual(expect.stringMatching(/^Grant credits +api +credits +0 +0 +0$/));
    expect(live.said.at(-1)).toContain(REFUSED);
    const test = await run('list --book test');
    expect(test.said).toContainEqual(
      expect.stringMatching(/^Grant credits +api +credits +100,000 +1,000,000 +100,000$/),
    );
    expect(test.said.at(-1)).not.toContain('refused');
  });

  it('set allows it, audits who and why, and mails every admin; again it changes nothing', async () => {
    const set = () => run(`set --book live ${GRANTS}`, 'referrals of May');
    const sentence =
      'Book live, Grant credits, a client of the API: 500 credits per act, within 24 hours 20,000 by one and 1,000 to one customer';
    expect(await set()).toEqual({ said: [`${sentence}.`], error: '' });
    expect(await set()).toEqual({ said: [`${sentence}, as it was before.`], error: '' });
    expect(await database.db.audit.findMany({ where: { act: 'limit.changed' }, take: 9 })).toMatchObject([
      { actor: 'cli', reason: 'referrals of May', subject: 'live:api:grant:credits' },
    ]);
    expect(await database.db.mail.findMany({ select: { subject: true, recipient: true } })).toEqual([
      { subject: 'A limit of the API was changed', recipient: 'admin@example.test' },
    ]);
    expect((await run('list --book live')).said.join('\n')).not.toContain(REFUSED);
  });

  it('set changes what people may do too, in a currency of its own', async () => {
    const bounds = '--per-act 5000 --actor-day 0 --customer-day 0';
    expect(
      await run(`set --book live --role support --act refund --unit sek ${bounds}`, 'none'),
    ).toMatchObject({
      error: '',
      said: [expect.stringContaining('Refund, support: SEK\u00a050.00 per act')],
    });
  });

  it.each([
    ['set --book both', '--book must be one of test, live.'],
    ['set --book live --role viewer', '--role must be one of support, finance, admin, api.'],
    [`set --book live ${GRANTS} --unit USD`, '--unit must be credits or a currency, such as usd.'],
    ['set --book live --role api --act grant', '--per-act must be set: 0 leaves nothing to one alone.'],
    [`set --book live ${GRANTS} --per-act 1.5`, '--per-act must be a whole number, 0 or more.'],
    [
      `set --book live ${GRANTS}`,
      '--reason must say why: it is mailed to every admin and kept in the audit.',
    ],
    ['forget', 'Usage: limit list'],
  ])('%s is refused in words and changes nothing', async (line, words) => {
    const before = await database.db.staffLimit.findMany({ take: 200 });
    const { said, error } = await run(line);
    expect(error).toContain(words);
    expect(said).toEqual([]);
    expect(await database.db.staffLimit.findMany({ take: 200 })).toEqual(before);
  });
});
