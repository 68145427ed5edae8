import { type Db, type Tx } from '~/platform/db.server';
import { days, hours } from '~/platform/time';

import { type Client } from './client.server';
import { type HandedOff, type Visitor } from './shared';
import { hashOfToken, newToken } from './token.server';

/** A session ends this long after its last use. */
const SESSION_LIFE = days(30);
/** The last use is written no more often than this. */
const TOUCH_EVERY = hours(1);

export interface StartSessionOptions {
  userId: string;
  client: Client;
  now: Date;
  /** The token that the browser held before: it ends here, so that nobody keeps a session they planted. */
  former: string | undefined;
  /** Whether a code was taken beside the password, in this transaction. */
  withCode?: boolean;
}

/**
 * Starts a session under a new token and returns the token; only its hash is kept.
 * @throws Error when this person's log-in takes a code and none was given: no way in goes round the second step
 */
export async function startSession(tx: Tx, options: StartSessionOptions): Promise<string> {
  const { userId, client, now, former, withCode = false } = options;
  if (!withCode && (await hasTotp(tx, userId))) throw new Error(`User ${userId} logs in with a code.`);
  const ended = {
    OR: [{ userId, expiresAt: { lte: now } }, ...(former ? [{ id: hashOfToken(former) }] : [])],
  };
  await tx.session.deleteMany({ where: ended });
  const token = newToken();
  await tx.session.create({
    data: {
      id: hashOfToken(token),
      userId,
      createdAt: now,
      lastSeenAt: now,
      provenAt: now,
      expiresAt: new Date(now.getTime() + SESSION_LIFE),
      ip: client.ip === '' ? null : client.ip,
      userAgent: client.userAgent ?? null,
    },
    select: { id: true },
  });
  return token;
}

/** Whether a log-in of this person takes a code. */
export async function hasTotp(tx: Tx, userId: string): Promise<boolean> {
  return (await tx.totp.count({ where: { userId, confirmedAt: { not: null } } })) === 1;
}

/** Whom a live session belongs to; nobody once their deletion is asked for. The life of a log-in begins anew with each use, that of a hand-off does not. */
export async function readSession(db: Db, token: string, now: Date): Promise<Visitor | undefined> {
  const session = await db.session.findUnique({
    where: { id: hashOfToken(token), expiresAt: { gt: now } },
    select: {
      id: true,
      lastSeenAt: true,
      provenAt: true,
      book: true,
      returnUrl: true,
      customer: { select: { id: true, email: true, name: true, externalId: true, closedAt: true } },
      user: {
        select: {
          id: true,
          email: true,
          name: true,
          role: true,
          emailVerifiedAt: true,
          customer: { select: { id: true, closedAt: true } },
          totp: { select: { confirmedAt: true } },
        },
      },
    },
  });
  if (session === null) return undefined;
  // Whatever log-in or hand-off began while the deletion was asked for opens nothing.
  const closedAt = (session.customer ?? session.user?.customer)?.closedAt ?? null;
  if (closedAt !== null) return undefined;
  const isDue = now.getTime() - session.lastSeenAt.getTime() >= TOUCH_EVERY;
  if (session.user === null) {
    if (isDue) await touch(db, session.id, { lastSeenAt: now });
    return handOffOf(session);
  }
  if (isDue) {
    await touch(db, session.id, {
      lastSeenAt: now,
      expiresAt: new Date(now.getTime() + SESSION_LIFE),
    });
  }
  const { customer, emailVerifiedAt, totp, ...user } = session.user;
  const { id: sessionId, provenAt } = session;
  const facts = {
    emailVerified: emailVerifiedAt !== null,
    hasTotp: totp !== null && totp.confirmedAt !== null,
  };
  return { kind: 'user', user: { ...user, ...facts, customerId: customer?.id, sessionId, provenAt } };
}

function handOffOf(session: {
  id: string;
  customer: (Pick<HandedOff, 'email' | 'name' | 'externalId'> & { id: string; closedAt: Date | null }) | null;
  book: HandedOff['book'] | null;
  returnUrl: string | null;
}): Visitor {
  const { customer, book, returnUrl } = session;
  if (customer === null || book === null || returnUrl === null)
    throw new Error(`Session ${session.id} belongs to nobody.`);
  const { id: customerId, email, name, externalId } = customer;
  return { kind: 'handed_off', customer: { customerId, email, name, externalId, book, returnUrl } };
}

async function touch(db: Db, id: string, data: { lastSeenAt: Date; expiresAt?: Date }): Promise<void> {
  await db.session.updateMany({ where: { id, lastSeenAt: { lt: data.lastSeenAt } }, data });
}

export async function endSessionOfToken(tx: Tx, token: string): Promise<void> {
  await tx.session.deleteMany({ where: { id: hashOfToken(token) } });
}

/** Ends one session of this user; another's is not touched. True when there was one. */
export async function endSession(tx: Tx, userId: string, sessionId: string): Promise<boolean> {
  const { count } = await tx.session.deleteMany({ where: { id: sessionId, userId } });
  return count === 1;
}

/**
 * Ends all sessions of this user except the named one, and says how many. Log-ins that wait for their code go first: one
 * that becomes a session meanwhile is then seen among the sessions.
 */
export async function endSessions(tx: Tx, userId: string, except?: string): Promise<number> {
  await tx.logInStep.deleteMany({ where: { userId } });
  const where = except === undefined ? { userId } : { userId, id: { not: except } };
  const { count } = await tx.session.deleteMany({ where });
  return count;
}

export interface SessionView {
  id: string;
  createdAt: Date;
  lastSeenAt: Date;
  ip: string | null;
  userAgent: string | null;
}

/** The live sessions of a user, the last used first. */
export function listSessions(db: Db, userId: string, now: Date): Promise<SessionView[]> {
  return db.session.findMany({
    where: { userId, expiresAt: { gt: now } },
    orderBy: [{ lastSeenAt: 'desc' }, { id: 'asc' }],
    take: 50,
    select: { id: true, createdAt: true, lastSeenAt: true, ip: true, userAgent: true },
  });
}
