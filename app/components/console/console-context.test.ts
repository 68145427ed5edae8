import { expect, it } from 'vitest';
import { isActedOn } from './console-context';

const realm = { id: 'rlm_selling', account: 'acct_1', mode: 'live', name: 'Selling' } as const;

it('rows of every realm of the book whose key is held are acted on, and no others', () => {
  const surroundings = { realm, keyless: ['rlm_gone'] };
  expect(isActedOn(surroundings, realm)).toBe(true);
  expect(isActedOn(surroundings, { id: 'rlm_former', mode: 'live' })).toBe(true);
  expect(isActedOn(surroundings, { id: 'rlm_gone', mode: 'live' })).toBe(false);
  expect(isActedOn(surroundings, { id: 'rlm_test', mode: 'test' })).toBe(false);
});
