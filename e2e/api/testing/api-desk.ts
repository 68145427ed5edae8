import { randomUUID } from 'node:crypto';

import { answerRequest, type ApiSettings, OPERATIONS } from '../../../app/modules/api/index.server';
import { createClient } from '../../../app/modules/clients/index.server';
import { API_SCOPES, type ApiBook, type ApiScope } from '../../../app/modules/clients/shared';
import { granted, grantOf, newCustomer } from '../../../app/modules/ledger/testing/credits';
import { type Db, inTransaction } from '../../../app/platform/db.server';
import { credenceClient } from '../../fixtures/api-client';

const APP = 'https://credits.example.com';

/** A new client of a book. */
export async function newClient(
  db: Db,
  terms: { book?: ApiBook; scopes?: readonly ApiScope[]; returnOrigins?: string[]; key?: string } = {},
) {
  const { book = 'test', scopes = API_SCOPES, returnOrigins = [] } = terms;
  const input = {
    book,
    name: randomUUID(),
    scopes,
    returnOrigins,
    actor: 'test',
    ...(terms.key && { key: terms.key }),
  };
  const made = await inTransaction(db, 'make client', (tx) => createClient(tx, input));
  if (made.outcome !== 'created') throw new Error(`The client was not made: ${made.outcome}.`);
  return made;
}

/** Asks the API as a web process does, but for the socket. */
export function asker(db: Db, settings: Partial<ApiSettings> = {}) {
  const storeBook = 'test' as const;
  const all = { db, appUrl: APP, storeBook, isDemo: false, requestsPerMinute: 1_000_000, ...settings };
  return (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    for (const { path } of OPERATIONS) {
      const found = new RegExp(`^/api/v1${path.replace('{id}', '([^/]+)')}$`).exec(pathname);
      if (!found) continue;
      const params = found[1] === undefined ? {} : { id: decodeURIComponent(found[1]) };
      return answerRequest(all, { request, params }, path);
    }
    return answerRequest(all, { request, params: {} }, '*');
  };
}

/** The typed client of a product with that key. */
export const productOf = (db: Db, key: string, settings: Partial<ApiSettings> = {}) =>
  credenceClient({ url: APP, key, fetch: asker(db, settings) });

/** A request as bytes, for what no typed client sends. */
export function raw(
  path: string,
  {
    key,
    body,
    headers = {},
    method = 'POST',
  }: {
    key?: string;
    body?: string | Uint8Array<ArrayBuffer>;
    headers?: Record<string, string>;
    method?: string;
  },
): Request {
  return new Request(`${APP}/api/v1${path}`, {
    method,
    ...(body !== undefined && { body }),
    headers: {
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...headers,
    },
  });
}

/** A customer of ours with so many credits. */
export async function richCustomer(db: Db, amount: bigint, book: ApiBook = 'test'): Promise<string> {
  const customerId = await newCustomer(db);
  await granted(db, grantOf(customerId, { book, amount }));
  return customerId;
}

/** Names a request: another one each time, unless it is named. */
export const keyed = (key: string = randomUUID()) =>
  ({ params: { header: { 'Idempotency-Key': key } } }) as const;
