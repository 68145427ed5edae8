import { describe, expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { newId } from '~/platform/ids.server';

import { listViews, removeView, saveView } from './index.server';
import { VIEWS_MAX } from './shared';

const database = useTestDatabase();

async function newStaff(): Promise<string> {
  const id = newId('usr');
  await database.db.user.create({
    data: { id, email: `${id}@example.com`, name: 'Vera', role: 'viewer', passwordHash: 'none' },
  });
  return id;
}
const save = (userId: string, name: string, query = 'state=review') =>
  saveView(database.db, { userId, list: 'payments', name, query });
const namesOf = async (userId: string) =>
  (await listViews(database.db, userId, 'payments')).map(({ name }) => name);

describe('a view', () => {
  it('keeps filters and columns in one order, and neither the page nor what was searched for', async () => {
    const userId = await newStaff();
    const query =
      '?state=paid&q=maya%40demo.test&columns=card%2Cid&after=abc&currency=eur&state=open&state=paid';
    expect(await save(userId, 'Euros', query)).toEqual({ outcome: 'saved' });
    expect(await listViews(database.db, userId, 'payments')).toMatchObject([
      { name: 'Euros', query: 'columns=card%2Cid&currency=eur&state=open&state=paid' },
    ]);
  });

  it('sent twice at once is one, and another one does not take its name', async () => {
    const userId = await newStaff();
    const answers = await Promise.all([save(userId, 'Mine'), save(userId, 'Mine')]);
    expect(answers).toEqual([{ outcome: 'saved' }, { outcome: 'saved' }]);
    expect(await save(userId, 'mine', 'state=open')).toEqual({ outcome: 'name_taken' });
    expect(await namesOf(userId)).toEqual(['Mine']);
  });

  it('of the whole list is none', async () => {
    const userId = await newStaff();
    expect(await save(userId, 'All', '?q=maya&after=abc&state=')).toEqual({ outcome: 'nothing_chosen' });
    expect(await namesOf(userId)).toEqual([]);
  });

  it('is one of so many at most, however fast they are saved', async () => {
    const userId = await newStaff();
    const answers = await Promise.all(
      Array.from({ length: VIEWS_MAX + 3 }, (_, n) => save(userId, `View ${String(n)}`)),
    );
    expect(answers.filter(({ outcome }) => outcome === 'saved')).toHaveLength(VIEWS_MAX);
    expect(answers.filter(({ outcome }) => outcome === 'too_many')).toHaveLength(3);
    expect(await namesOf(userId)).toHaveLength(VIEWS_MAX);
  });

  it('is seen and removed by its own person alone', async () => {
    const [userId, other] = await Promise.all([newStaff(), newStaff()]);
    await save(userId, 'Mine');
    const viewId = (await listViews(database.db, userId, 'payments'))[0]?.id ?? '';
    expect(await namesOf(other)).toEqual([]);
    expect(await removeView(database.db, { userId: other, viewId })).toEqual({ outcome: 'unknown_view' });
    expect(await namesOf(userId)).toEqual(['Mine']);
    expect(await removeView(database.db, { userId, viewId })).toEqual({ outcome: 'removed' });
    expect(await removeView(database.db, { userId, viewId })).toEqual({ outcome: 'unknown_view' });
    expect(await namesOf(userId)).toEqual([]);
  });
});
