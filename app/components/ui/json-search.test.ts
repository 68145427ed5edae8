import { expect, test } from 'vitest';
import { childPath, searchJson } from './json-search';

const event = {
  id: 'evt_1',
  data: { object: { id: 'cs_9', metadata: { 'a/b': 'pay_7' }, tags: ['x', null] } },
};

test('a hit opens every ancestor and nothing else', () => {
  const { hits, open } = searchJson(event, 'PAY_7');
  expect([...hits]).toEqual(['/data/object/metadata/a~1b']);
  expect([...open].sort()).toEqual(['', '/data', '/data/object', '/data/object/metadata']);
});
test('keys and values are searched alike', () => {
  expect([...searchJson(event, 'id').hits]).toEqual(['/id', '/data/object/id']);
  expect([...searchJson(event, 'null').hits]).toEqual(['/data/object/tags/1']);
});
test('blank words match nothing', () => {
  expect(searchJson(event, '  ').hits.size).toBe(0);
});
test('paths of different keys differ', () => {
  expect(childPath('', 'a/b')).not.toBe(childPath(childPath('', 'a'), 'b'));
});
