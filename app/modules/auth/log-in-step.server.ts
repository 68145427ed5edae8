import { inTransaction, type Tx } from '~/platform/db.server';
import { log } from '~/platform/log.server';
import { minutes } from '~/platform/time';

import { type AuthContext } from './auth-context.server';
import { checkCode, type CodeOutcome, countCode, forgetCodes } from './check-code.server';
import { type Client } from './client.server';
import { type LimitOutcome } from './rate-limits.server';
import { startSession } from './sessions.server';
import { hashOfToken, newToken } from './token.server';

/** The code is typed within this time of the password. */
const STEP_LIFE = minutes(10);

/** Keeps that the password was right, and returns the token that the code is to come with; only its hash is kept. */
export async function beginLogInStep(tx: Tx, userId: string, now: Date): Promise<string> {
  await tx.logInStep.deleteMany({ where: { userId, expiresAt: { lte: now } } });
  const token = newToken();
  await tx.logInStep.create({
    data: { id: hashOfToken(token), userId, createdAt: now, expiresAt: new Date(now.getTime() + STEP_LIFE) },
    select: { id: true },
  });
  return token;
}

/** Whether a log-in waits for its code under this token. */
export async function isLogInStep({ db, now }: AuthContext, token: string | undefined): Promise<boolean> {
  if (token === undefined) return false;
  return (await db.logInStep.count({ where: { id: hashOfToken(token), expiresAt: { gt: now } } })) === 1;
}

export interface FinishLogInOptions {
  /** Of the step, not of a session. */
  token: string | undefined;
  /** From the app, or a recovery code. */
  code: string;
  client: Client;
  former: string | undefined;
}

export type FinishLogInOutcome =
  | { outcome: 'logged_in'; token: string }
  /** Unknown, used or too old: back to the password. */
  | { outcome: 'step_over' }
  | Exclude<CodeOutcome, { outcome: 'good' }>
  | Extract<LimitOutcome, { outcome: 'limited' }>;

/** The second step of a log-in: the step's row becomes a session, once. */
export async function finishLogIn(
  context: AuthContext,
  { token, code, client, former }: FinishLogInOptions,
): Promise<FinishLogInOutcome> {
  const { db, now } = context;
  const id = hashOfToken(token ?? '');
  const step = await db.logInStep.findUnique({
    where: { id, expiresAt: { gt: now } },
    select: { user: { select: { id: true, email: true } } },
  });
  if (step === null) return { outcome: 'step_over' };
  const { user } = step;
  const limit = await countCode(db, user.id);
  if (limit.outcome === 'limited') return limit;
  const result = await inTransaction(db, 'finish log-in', async (tx): Promise<FinishLogInOutcome> => {
    const checked = await checkCode(tx, context, { user, code });
    if (checked.outcome !== 'good') return checked;
    const { count } = await tx.logInStep.deleteMany({ where: { id, expiresAt: { gt: now } } });
    if (count === 0) return { outcome: 'step_over' };
    const session = await startSession(tx, { userId: user.id, client, now, former, withCode: true });
    return { outcome: 'logged_in', token: session };
  });
  if (result.outcome === 'logged_in') await forgetCodes(db, user.id);
  log.info('log-in step answered', { userId: user.id, outcome: result.outcome });
  return result;
}
