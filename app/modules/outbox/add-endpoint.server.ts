import { appendAudit, type Author } from '~/modules/audit/index.server';
import { type Book } from '~/modules/ledger/shared';
import { type Tx } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

import { addressFault, type AddressRules } from './address.server';
import { newSecret } from './secret.server';
import { type AddressFault, type MessageType } from './shared';

export interface AddEndpointInput extends Author {
  book: Book;
  url: string;
  description: string;
  /** What it wants to hear; empty is everything, what comes with later versions too. */
  types: readonly MessageType[];
  rules: AddressRules;
}

export type AddEndpointOutcome =
  /** Show the secret: it is not told again. */
  | { outcome: 'added'; endpointId: string; secret: string }
  | { outcome: 'url_refused'; fault: AddressFault }
  /** A book has room for so many. */
  | { outcome: 'too_many'; most: number };

/** Every message of a book is written once per endpoint: more than a few are a mistake. */
const MOST = 16;

/** Has an address of the product hear a book's messages from now on. What was told before is brought by a replay of what it missed. */
export async function addEndpoint(tx: Tx, input: AddEndpointInput): Promise<AddEndpointOutcome> {
  const { book, url, description, types, rules, actor, reason, comment } = input;
  const fault = addressFault(url, rules);
  if (fault !== undefined) return { outcome: 'url_refused', fault };
  const standing = await tx.endpoint.count({ where: { bookId: book, state: { not: 'removed' } } });
  if (standing >= MOST) return { outcome: 'too_many', most: MOST };
  const [endpointId, secret] = [newId('whe'), newSecret()];
  await tx.endpoint.create({
    data: {
      ...{ id: endpointId, bookId: book, url, description, types: [...types] },
      secrets: { create: { n: 1, secret } },
    },
    select: { id: true },
  });
  const after = { book, url, description, types };
  await appendAudit(tx, { actor, act: 'endpoint.added', subject: endpointId, reason, comment, after });
  return { outcome: 'added', endpointId, secret };
}
