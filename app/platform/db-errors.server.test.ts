import { expect, it } from 'vitest';

import { isConnectionFault } from './db-errors.server';

it.each(['ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ECONNREFUSED'])(
  'a server whose name or network is away for a moment (%s) is waited for',
  (code) => {
    expect(isConnectionFault(Object.assign(new Error(`getaddrinfo ${code} postgres`), { code }))).toBe(true);
  },
);

it('what Postgres itself refused is no fault of the connection', () => {
  expect(isConnectionFault(Object.assign(new Error('check'), { code: '23514' }))).toBe(false);
});
