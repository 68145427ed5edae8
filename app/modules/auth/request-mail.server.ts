import { setTimeout as pause } from 'node:timers/promises';

import { type Db, inTransaction, type Tx } from '~/platform/db.server';
import { seconds } from '~/platform/time';

import { type AuthContext } from './auth-context.server';
import { mailReset, mailVerification } from './auth-mails.server';
import { type Client } from './client.server';
import { issueEmailToken } from './email-tokens.server';
import { countTry, type LimitOutcome, networkOf } from './rate-limits.server';

export interface RequestMailOptions {
  email: string;
  client: Client;
}

export type RequestMailOutcome =
  /** The same whether there is such an account, and whether it has had too many mails. */
  { outcome: 'check_mail' } | Extract<LimitOutcome, { outcome: 'limited' }>;

interface Owner {
  id: string;
  email: string;
  name: string;
  emailVerifiedAt: Date | null;
}

/** Mails a link to choose a new password to whoever owns the address. */
export function requestReset(context: AuthContext, options: RequestMailOptions): Promise<RequestMailOutcome> {
  return requestMail(context, options, async (tx, owner) => {
    const token = await issueEmailToken(tx, owner.id, 'reset', context.now);
    await mailReset(tx, owner, token, context.appUrl);
  });
}

/** Mails the confirmation once more, if the address still waits for it. */
export function resendConfirmation(
  context: AuthContext,
  options: RequestMailOptions,
): Promise<RequestMailOutcome> {
  return requestMail(context, options, async (tx, owner) => {
    if (owner.emailVerifiedAt !== null) return;
    const token = await issueEmailToken(tx, owner.id, 'verify', context.now);
    await mailVerification(tx, owner, token, { appUrl: context.appUrl });
  });
}

/** No answer is sooner than this: writing a mail takes ten times as long as finding nobody to write to. */
const ANSWER_AFTER = seconds(0.25);

async function requestMail(
  { db }: AuthContext,
  { email, client }: RequestMailOptions,
  mail: (tx: Tx, owner: Owner) => Promise<void>,
): Promise<RequestMailOutcome> {
  const limit = await countTry(db, 'mail_address', networkOf(client.ip));
  if (limit.outcome === 'limited') return limit;
  await Promise.all([mailOwner(db, email, mail), pause(ANSWER_AFTER)]);
  return { outcome: 'check_mail' };
}

async function mailOwner(
  db: Db,
  email: string,
  mail: (tx: Tx, owner: Owner) => Promise<void>,
): Promise<void> {
  const owner = await db.user.findUnique({
    where: { email },
    select: { id: true, email: true, name: true, emailVerifiedAt: true },
  });
  if (owner === null || (await countTry(db, 'mail_user', owner.id)).outcome === 'limited') return;
  await inTransaction(db, 'request mail', (tx) => mail(tx, owner));
}
