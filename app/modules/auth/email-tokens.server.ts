import { type Tx } from '~/platform/db.server';
import { hours } from '~/platform/time';

import { hashOfToken, newToken } from './token.server';

export type EmailTokenPurpose = 'verify' | 'reset';

const LIFE: Record<EmailTokenPurpose, number> = { verify: hours(24), reset: hours(1) };

export interface IssuedToken {
  /** Goes into the mail and nowhere else. */
  token: string;
  /** Names the row; opens nothing. */
  id: string;
}

/** A new link for this user. Former links stay good until one is used: a late mail is not a dead one. */
export async function issueEmailToken(
  tx: Tx,
  userId: string,
  purpose: EmailTokenPurpose,
  now: Date,
): Promise<IssuedToken> {
  await tx.emailToken.deleteMany({ where: { userId, expiresAt: { lte: now } } });
  const token = newToken();
  const id = hashOfToken(token);
  const expiresAt = new Date(now.getTime() + LIFE[purpose]);
  await tx.emailToken.create({
    data: { id, userId, purpose, createdAt: now, expiresAt },
    select: { id: true },
  });
  return { token, id };
}

export interface TokenOwner {
  userId: string;
  email: string;
}

/** Whom a usable link belongs to, without using it. */
export async function peekEmailToken(
  tx: Tx,
  token: string,
  purpose: EmailTokenPurpose,
  now: Date,
): Promise<TokenOwner | undefined> {
  const row = await tx.emailToken.findUnique({
    where: { id: hashOfToken(token), purpose, usedAt: null, expiresAt: { gt: now } },
    select: { user: { select: { id: true, email: true } } },
  });
  return row === null ? undefined : { userId: row.user.id, email: row.user.email };
}

/**
 * Uses a link up. Of two uses at once one wins: the second waits for the first one's row and then finds it used.
 */
export async function consumeEmailToken(
  tx: Tx,
  token: string,
  purpose: EmailTokenPurpose,
  now: Date,
): Promise<TokenOwner | undefined> {
  const owner = await peekEmailToken(tx, token, purpose, now);
  if (owner === undefined) return undefined;
  const { count } = await tx.emailToken.updateMany({
    where: { id: hashOfToken(token), purpose, usedAt: null, expiresAt: { gt: now } },
    data: { usedAt: now },
  });
  return count === 1 ? owner : undefined;
}

/** Uses up every other link of these purposes: each of them is as good as the one just used. */
export async function retireEmailTokens(
  tx: Tx,
  userId: string,
  purposes: EmailTokenPurpose[],
  now: Date,
): Promise<void> {
  await tx.emailToken.updateMany({
    where: { userId, purpose: { in: purposes }, usedAt: null },
    data: { usedAt: now },
  });
}
