import { type AuthContext, callThem } from '~/modules/auth/index.server';

import { sha256 } from './store-link-token.server';

export interface StoreLinkView {
  state: 'ready' | 'used' | 'expired';
  customerId: string;
  /** What a page calls the customer. */
  customer: string;
  returnUrl: string;
  path: string;
}

/** What a link is for. Scanners and previews open links, so this uses nothing up; undefined for no link of this book, and of a customer who is being deleted. */
export async function readStoreLink(
  { db, now }: AuthContext,
  { token, book }: { token: string; book: 'test' | 'live' },
): Promise<StoreLinkView | undefined> {
  const link = await db.storeLink.findUnique({
    where: { tokenHash: sha256(token), book },
    select: {
      ...{ customerId: true, returnUrl: true, path: true, usedAt: true, expiresAt: true },
      customer: { select: { name: true, email: true, externalId: true, closedAt: true } },
    },
  });
  if (link === null || link.customer.closedAt !== null) return undefined;
  const { customerId, returnUrl, path } = link;
  const state = link.usedAt !== null ? 'used' : link.expiresAt <= now ? 'expired' : 'ready';
  return { state, customerId, customer: callThem(link.customer), returnUrl, path };
}
