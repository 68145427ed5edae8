import { type Db, type Tx } from '~/platform/db.server';
import { days, hours } from '~/platform/time';

import { type Client } from './client.server';
import { type HandedOff } from './shared';
import { hashOfToken, newToken } from './token.server';

/** A hand-off ends this long after its link, used or not: then the product vouches for its user anew. */
const HAND_OFF_LIFE = hours(12);
/** For this long after its end it still tells its browser the way back. */
const REMEMBERED_FOR = days(30);

export interface StartHandOffOptions extends Pick<HandedOff, 'customerId' | 'book' | 'returnUrl'> {
  client: Client;
  now: Date;
  /** The token that the browser held before: whatever it opened ends here. */
  former: string | undefined;
}

/** Starts the session of a customer whom the product vouches for, and returns its token; only its hash is kept. */
export async function startHandOff(tx: Tx, options: StartHandOffOptions): Promise<string> {
  const { customerId, book, returnUrl, client, now, former } = options;
  const forgotten = { customerId, expiresAt: { lte: new Date(now.getTime() - REMEMBERED_FOR) } };
  await tx.session.deleteMany({
    where: { OR: [forgotten, ...(former === undefined ? [] : [{ id: hashOfToken(former) }])] },
  });
  const token = newToken();
  await tx.session.create({
    data: {
      ...{ id: hashOfToken(token), customerId, book, returnUrl, createdAt: now, lastSeenAt: now },
      expiresAt: new Date(now.getTime() + HAND_OFF_LIFE),
      ip: client.ip === '' ? null : client.ip,
      userAgent: client.userAgent ?? null,
    },
    select: { id: true },
  });
  return token;
}

/** Ends a hand-off and leaves its row, which tells the way back. False when the token opens none. */
export async function endHandOff(tx: Tx, token: string, now: Date): Promise<boolean> {
  const { count } = await tx.session.updateMany({
    where: { id: hashOfToken(token), customerId: { not: null }, expiresAt: { gt: now } },
    data: { expiresAt: now },
  });
  return count === 1;
}

/** Where a hand-off that is over leads back to; undefined for every other token. */
export async function readEndedHandOff(db: Db, token: string, now: Date): Promise<string | undefined> {
  const session = await db.session.findUnique({
    where: { id: hashOfToken(token), expiresAt: { lte: now } },
    select: { returnUrl: true },
  });
  return session?.returnUrl ?? undefined;
}
