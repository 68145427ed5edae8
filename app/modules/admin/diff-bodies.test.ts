import { expect, it } from 'vitest';

import { diffBodies } from './diff-bodies';

it('tells what changed, what came and what went, however deep, and nothing that stayed', () => {
  const before = {
    role: 'viewer',
    limits: { perAct: '10', day: '20' },
    scopes: ['read', 'spend'],
    prices: [{ usd: 5 }],
    gone: null,
  };
  const after = {
    role: 'admin',
    limits: { perAct: '10', day: '50' },
    scopes: ['read'],
    prices: [{ usd: 6 }],
    came: {},
  };
  expect(diffBodies(before, after)).toEqual([
    { path: 'role', before: '"viewer"', after: '"admin"' },
    { path: 'limits.day', before: '"20"', after: '"50"' },
    { path: 'scopes', before: '["read","spend"]', after: '["read"]' },
    { path: 'prices.0.usd', before: '5', after: '6' },
    { path: 'gone', before: 'null', after: undefined },
    { path: 'came', before: undefined, after: '{}' },
  ]);
});

it('takes a side that was not told as empty, and a bare value as one without a name', () => {
  expect(diffBodies(undefined, { state: 'open' })).toEqual([
    { path: 'state', before: undefined, after: '"open"' },
  ]);
  expect(diffBodies('on', 'off')).toEqual([{ path: '', before: '"on"', after: '"off"' }]);
  expect(diffBodies(null, undefined)).toEqual([]);
});
