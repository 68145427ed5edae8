import { beforeEach, describe, expect, it, vi } from 'vitest';

import { useTestDatabase } from '../../e2e/support/test-database';
import { pauseCommand } from './pause-command';

const database = useTestDatabase();
beforeEach(() => void vi.stubEnv('DATABASE_URL', database.url));

async function run(line: string, comment?: string): Promise<{ said: string[]; error: string }> {
  const said: string[] = [];
  const words = [...line.split(' '), ...(comment === undefined ? [] : ['--comment', comment])];
  const error = await pauseCommand(words, (sentence) => said.push(sentence)).then(
    () => '',
    (fault: unknown) => (fault instanceof Error ? fault.message : String(fault)),
  );
  return { said, error };
}
const audits = () =>
  database.db.audit.findMany({
    where: { subject: 'pause:live:top_ups' },
    orderBy: { seq: 'asc' },
    take: 9,
    select: { actor: true, act: true, reason: true },
  });

describe('pause', () => {
  it('set stops one kind of work of one book, clear lets it go on; each is audited, and again it changes nothing', async () => {
    expect((await run('list')).said).toHaveLength(8);
    const set = () => run('set top_ups --book live --reason fraud', 'stolen cards');
    expect(await set()).toEqual({ said: ['Automatic top-ups, live book: paused.'], error: '' });
    expect(await set()).toEqual({ said: ['Automatic top-ups, live book: paused, as before.'], error: '' });
    const listed = (await run('list')).said;
    expect(listed).toContainEqual(
      expect.stringMatching(/^live +Automatic top-ups +paused 20.*Z by cli, fraud: stolen cards$/),
    );
    expect(listed.filter((line) => line.endsWith('goes on'))).toHaveLength(7);
    const clear = () => run('clear top_ups --book live', 'the cards are blocked');
    expect(await clear()).toEqual({ said: ['Automatic top-ups, live book: going on.'], error: '' });
    expect(await clear()).toEqual({
      said: ['Automatic top-ups, live book: going on, as before.'],
      error: '',
    });
    expect(await audits()).toEqual([
      { actor: 'cli', act: 'pause.set', reason: 'fraud' },
      { actor: 'cli', act: 'pause.cleared', reason: 'over' },
    ]);
    const jobs = await database.db.$queryRaw<unknown[]>`
      SELECT 1 AS one FROM graphile_worker.jobs WHERE task_identifier = 'credits.sweep'`;
    expect(jobs, 'what waited is looked for').toHaveLength(1);
  });

  it.each([
    ['set selling --book both', 'why', '--book must be one of test, live.'],
    ['set sleeping --book live', 'why', 'What is paused must be one of selling'],
    ['set selling --book live --reason because', 'why', '--reason must be one of incident'],
    ['set selling --book live', undefined, '--comment must say why'],
    ['set selling --book live', '  ', '--comment must say why'],
    ['stop selling --book live', 'why', 'Usage: pause list'],
    ['set --book live', 'why', 'Usage: pause list'],
  ])('%s is refused in words and changes nothing', async (line, comment, words) => {
    const before = await run('list');
    const { said, error } = await run(line, comment);
    expect(error).toContain(words);
    expect(said).toEqual([]);
    expect(await run('list')).toEqual(before);
  });
});
