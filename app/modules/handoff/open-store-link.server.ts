import {
  type AuthContext,
  type Client,
  type LimitOutcome,
  limitStoreLink,
  startHandOff,
} from '~/modules/auth/index.server';
import { inTransaction } from '~/platform/db.server';
import { log } from '~/platform/log.server';

import { readStoreLink } from './read-store-link.server';
import { sha256 } from './store-link-token.server';

export interface OpenStoreLinkOptions {
  token: string;
  /** The book that this process sells in. */
  book: 'test' | 'live';
  client: Client;
  /** The token in the browser's cookie: whatever it opened ends, for the link wins. */
  former: string | undefined;
}

export type OpenStoreLinkOutcome =
  /** Hand the token to the browser and send it to the path. */
  | { outcome: 'opened'; sessionToken: string; path: string }
  /** Its own page says so, and leads back to the product. */
  | { outcome: 'used' | 'expired' }
  /** No link of ours, or one of the other book. */
  | { outcome: 'unknown' }
  | Extract<LimitOutcome, { outcome: 'limited' }>;

/** Opens the customer's session, once: of many who open a link at the same moment one gets in. */
export async function openStoreLink(
  context: AuthContext,
  { token, book, client, former }: OpenStoreLinkOptions,
): Promise<OpenStoreLinkOutcome> {
  const { db, now } = context;
  const limit = await limitStoreLink(db, client);
  if (limit.outcome === 'limited') return limit;
  const link = await readStoreLink(context, { token, book });
  if (link === undefined) return { outcome: 'unknown' };
  if (link.state !== 'ready') return { outcome: link.state };
  const { customerId, returnUrl, path } = link;
  return inTransaction(db, 'open store link', async (tx) => {
    const { count } = await tx.storeLink.updateMany({
      where: { tokenHash: sha256(token), usedAt: null, expiresAt: { gt: now } },
      data: { usedAt: now },
    });
    if (count === 0) return { outcome: 'used' };
    const sessionToken = await startHandOff(tx, { customerId, book, returnUrl, client, now, former });
    log.info('store link opened', { customer: customerId });
    return { outcome: 'opened', sessionToken, path };
  });
}
