import { keepContact, safeRedirect } from '~/modules/auth/index.server';
import { type Db, inTransaction, type Tx } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';
import { log } from '~/platform/log.server';
import { days, minutes } from '~/platform/time';

import { checkReturnUrl } from './return-url.server';
import { sha256, tokenOfLink } from './store-link-token.server';

const LINK_LIFE = minutes(2);
/** Links are kept for this long, so that one that comes late still leads back to the product. */
const KEPT_FOR = days(30);
const LONGEST_PATH = 2000;

export interface CreateStoreLinkOptions {
  /** The API client that asks, and the key that it asks with. */
  clientId: string;
  bearer: string;
  /** The book of that key, and the one that this process sells in. */
  book: 'test' | 'live';
  storeBook: 'test' | 'live';
  /** Exists already. */
  customerId: string;
  /** The Idempotency-Key. */
  key: string;
  returnUrl: string;
  /** Where the client's users may be led back to: scheme, host and port. */
  returnOrigins: readonly string[];
  /** Where in the store they land: a path of this site, else its front page. */
  path?: string | undefined;
  /** What the product knows of its user; kept unless the customer has a log-in of their own. */
  email?: string | undefined;
  name?: string | undefined;
  /** Origin of our own pages, without a trailing slash. */
  appUrl: string;
  now: Date;
}

export type CreateStoreLinkOutcome =
  /** `replayed`: the same key asked for the same before; the link may be used or too old by now. */
  | { outcome: 'created' | 'replayed'; linkId: string; url: string; expiresAt: Date }
  /** The key stands for something else: 422. */
  | { outcome: 'key_reused' }
  /** The return address is malformed or its origin is not in the list: 422. */
  | { outcome: 'return_not_allowed' }
  /** The first answer was made with an API key that is no longer used, so it cannot be given again: 409. */
  | { outcome: 'key_rotated' }
  /** An API key of the other book opens nothing in this store: 409. */
  | { outcome: 'other_book' };

/** Makes the link by which the product signs its own user in. Nothing of it opens anything once it is in the database. */
export async function createStoreLink(
  db: Db,
  options: CreateStoreLinkOptions,
): Promise<CreateStoreLinkOutcome> {
  const { clientId, book, customerId, key, appUrl, now } = options;
  if (book !== options.storeBook) return { outcome: 'other_book' };
  const returnUrl = checkReturnUrl(options.returnUrl, options.returnOrigins);
  if (returnUrl === undefined) return { outcome: 'return_not_allowed' };
  const path = pathOf(options.path);
  const linkId = newId('lnk', now.getTime());
  const row = {
    ...{ id: linkId, client: clientId, customerId, book, key, returnUrl, path },
    bodyHash: sha256(
      JSON.stringify([customerId, returnUrl, path, options.email ?? null, options.name ?? null]),
    ),
    tokenHash: sha256(tokenOfLink(options.bearer, linkId)),
    createdAt: now,
    expiresAt: new Date(now.getTime() + LINK_LIFE),
  };
  const link = await inTransaction(db, 'create store link', async (tx) => {
    const former = await insertOrFind(tx, row);
    if (former !== undefined) return former;
    await keepContact(tx, customerId, options);
    await forgetOldLinks(tx, customerId, now);
    return row;
  });
  if (link.bodyHash !== row.bodyHash) return { outcome: 'key_reused' };
  const token = tokenOfLink(options.bearer, link.id);
  if (sha256(token) !== link.tokenHash) return { outcome: 'key_rotated' };
  const outcome = link.id === linkId ? 'created' : 'replayed';
  log.info('store link asked for', { link: link.id, customer: customerId, client: clientId, outcome });
  return { outcome, linkId: link.id, url: `${appUrl}/hand-off?token=${token}`, expiresAt: link.expiresAt };
}

const pathOf = (path: string | undefined): string => {
  const safe = safeRedirect(path);
  return safe.length > LONGEST_PATH ? '/' : safe;
};

interface LinkRow {
  id: string;
  client: string;
  customerId: string;
  book: 'test' | 'live';
  key: string;
  bodyHash: string;
  tokenHash: string;
  returnUrl: string;
  path: string;
  createdAt: Date;
  expiresAt: Date;
}

/** Writes the row; the one that the key stands for already, if there is one. Twins at once wait for each other here. */
async function insertOrFind(tx: Tx, row: LinkRow) {
  const { count } = await tx.storeLink.createMany({ data: [row], skipDuplicates: true });
  if (count === 1) return undefined;
  return tx.storeLink.findUniqueOrThrow({
    where: { client_key: { client: row.client, key: row.key } },
    select: { id: true, bodyHash: true, tokenHash: true, expiresAt: true },
  });
}

async function forgetOldLinks(tx: Tx, customerId: string, now: Date): Promise<void> {
  const expiresAt = { lte: new Date(now.getTime() - KEPT_FOR) };
  await tx.storeLink.deleteMany({ where: { customerId, expiresAt } });
}
