import { appendAudit, type Author } from '~/modules/audit/index.server';
import { type Tx } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

import { insertKey } from './new-key.server';
import { originOf } from './return-origin';
import { type ApiBook, type ApiScope } from './shared';

export interface CreateClientInput extends Author {
  book: ApiBook;
  name: string;
  scopes: readonly ApiScope[];
  /** Scheme, host and port that its customers may be sent back to. */
  returnOrigins?: readonly string[];
  /** The demo's own, which is published. */
  key?: string;
}

export type CreateClientOutcome =
  /** The key is answered this once. */
  | { outcome: 'created'; clientId: string; key: string }
  /** This book has a client of this name; nothing was made. */
  | { outcome: 'name_taken' }
  /** No http or https origin. */
  | { outcome: 'bad_origin'; origin: string };

/** Makes a client of one book with its first key. */
export async function createClient(tx: Tx, input: CreateClientInput): Promise<CreateClientOutcome> {
  const { book, name, scopes, returnOrigins = [], actor, reason, comment } = input;
  const bad = returnOrigins.find((origin) => originOf(origin) === undefined);
  if (bad !== undefined) return { outcome: 'bad_origin', origin: bad };
  const clientId = newId('apc');
  const terms = {
    name,
    scopes: [...new Set(scopes)],
    returnOrigins: returnOrigins.flatMap((o) => originOf(o) ?? []),
  };
  const { count } = await tx.apiClient.createMany({
    data: [{ id: clientId, bookId: book, ...terms }],
    skipDuplicates: true,
  });
  if (count === 0) return { outcome: 'name_taken' };
  const { keyId, key } = await insertKey(tx, { id: clientId, book }, input.key);
  await appendAudit(tx, {
    ...{ actor, act: 'api_client.created', subject: clientId, reason, comment },
    after: { book, ...terms, keyId },
  });
  return { outcome: 'created', clientId, key };
}
