import { describe, expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { actOnce } from '~/modules/audit/index.server';
import { inTransaction } from '~/platform/db.server';

import { changeItem, setOnSale } from './change-item.server';
import { readItemForm, type TypedItem } from './read-item-form.server';

const database = useTestDatabase();
const why = { actor: 'usr_1', reason: 'planned', comment: 'tested' };
const typed: TypedItem = {
  ...{ code: 'mini', kind: 'pack', name: 'Mini', credits: '1,000', position: '3' },
  prices: 'USD 5.00\njpy 700',
};

function itemOf(change: Partial<TypedItem> = {}) {
  const read = readItemForm({ ...typed, ...change });
  if (read.outcome !== 'read') throw new Error(JSON.stringify(read.fields));
  return read.item;
}
const change = (seen: string | null, over: Partial<TypedItem> = {}) =>
  inTransaction(database.db, 'change', (tx) => changeItem(tx, { ...why, item: itemOf(over), seen }));
const audits = (subject: string) =>
  database.db.audit.findMany({ where: { subject }, orderBy: { seq: 'asc' }, take: 9 });

describe('what was typed of an item', () => {
  it('is read in each currency’s smallest unit', () => {
    expect(itemOf()).toMatchObject({ credits: 1000n, expiresDays: null, prices: { usd: 500n, jpy: 700n } });
  });

  it.each<[string, Partial<TypedItem>]>([
    ['prices', { prices: '5.00' }],
    ['prices', { prices: 'USD 5.001' }],
    ['prices', { prices: 'USD 5\nusd 6' }],
    ['prices', { prices: '' }],
    ['credits', { credits: '0' }],
    ['credits', { credits: 'many' }],
    ['expiresDays', { expiresDays: '1.5' }],
    ['name', { name: '' }],
    ['code', { code: 'No Code' }],
    ['trialDays', { kind: 'plan', interval: 'month', trialDays: 'two' }],
  ])('is refused at its field: %s', (field, over) => {
    const read = readItemForm({ ...typed, ...over });
    expect(read.outcome === 'wrong' ? Object.keys(read.fields) : read).toEqual([field]);
  });
});

describe('an item', () => {
  it('is changed by a new version against what was seen, and audited; the former version stays as it was', async () => {
    expect(await change(null)).toMatchObject({ outcome: 'versioned' });
    expect(await change(null, { name: 'Other' })).toEqual({ outcome: 'moved' });
    const first = await database.db.catalogVersion.findFirstOrThrow({ where: { item: { code: 'mini' } } });
    expect(await change(first.id)).toEqual({ outcome: 'unchanged' });
    expect(await change(first.id, { credits: '900' })).toMatchObject({ outcome: 'versioned' });
    expect(await change(first.id, { credits: '800' })).toEqual({ outcome: 'moved' });
    const versions = await database.db.catalogVersion.findMany({
      where: { item: { code: 'mini' } },
      orderBy: { n: 'asc' },
    });
    expect(versions.map(({ n, credits }) => [n, credits])).toEqual([
      [1, 1000n],
      [2, 900n],
    ]);
    expect(await audits('catalog:mini')).toMatchObject([
      { act: 'catalog.item_created', actor: 'usr_1', reason: 'planned' },
      { act: 'catalog.item_changed', body: { before: { credits: '1000' }, after: { credits: '900' } } },
    ]);
  });

  it('is taken off sale and put on again, once each', async () => {
    await change(null, { code: 'midi' });
    const set = (onSale: boolean, code = 'midi') =>
      inTransaction(database.db, 'set', (tx) => setOnSale(tx, { ...why, code, onSale }));
    expect(await set(false)).toEqual({ outcome: 'set' });
    expect(await set(false)).toEqual({ outcome: 'unchanged' });
    expect(await set(true)).toEqual({ outcome: 'set' });
    expect(await set(true, 'none')).toEqual({ outcome: 'not_found' });
    expect((await audits('catalog:midi')).map(({ act }) => act)).toEqual([
      'catalog.item_created',
      'catalog.on_sale_set',
      'catalog.on_sale_set',
    ]);
  });
});

describe('an act of a dialog', () => {
  it('sent ten times at once under one key is done once, and a refusal leaves the key for another try', async () => {
    let count = 0;
    const key = crypto.randomUUID();
    const act = (outcome: 'done' | 'refused') =>
      actOnce(database.db, 'act', { key, actor: 'usr_1', done: ['done'] }, () => {
        count += 1;
        return Promise.resolve({ outcome });
      });
    expect(await act('refused')).toEqual({ outcome: 'refused' });
    const answers = await Promise.all(Array.from({ length: 10 }, () => act('done')));
    expect(answers.filter(({ outcome }) => outcome === 'done')).toHaveLength(1);
    expect(count).toBe(2);
  });
});
