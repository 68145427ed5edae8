import * as z from 'zod';

import { type Db } from '~/platform/db.server';

import { API_SCOPES, type ApiClientView } from './shared';

const scopes = z.array(z.enum(API_SCOPES));

/** Far above how many programs and keys a team has. */
const MAX_CLIENTS = 500;
const MAX_KEYS = 50;

/** Every client with its latest keys, open ones first. */
export async function listClients(db: Db): Promise<ApiClientView[]> {
  const found = await db.apiClient.findMany({
    orderBy: [{ closedAt: { sort: 'desc', nulls: 'first' } }, { bookId: 'asc' }, { name: 'asc' }],
    take: MAX_CLIENTS,
    select: {
      id: true,
      bookId: true,
      name: true,
      scopes: true,
      returnOrigins: true,
      createdAt: true,
      closedAt: true,
      keys: {
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take: MAX_KEYS,
        select: { id: true, hint: true, createdAt: true, expiresAt: true, revokedAt: true, lastUsedAt: true },
      },
    },
  });
  return found.map(({ bookId, ...client }) => ({
    ...client,
    book: bookId,
    scopes: scopes.parse(client.scopes),
  }));
}
