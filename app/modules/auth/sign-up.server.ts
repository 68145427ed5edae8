import { inTransaction } from '~/platform/db.server';
import { log } from '~/platform/log.server';

import { type AuthContext } from './auth-context.server';
import { mailSignUpTaken, mailVerification } from './auth-mails.server';
import { type Client } from './client.server';
import { insertUser } from './create-user.server';
import { issueEmailToken } from './email-tokens.server';
import { hashPassword } from './password.server';
import { countTry, type LimitOutcome, networkOf } from './rate-limits.server';

export interface SignUpOptions {
  email: string;
  name: string;
  password: string;
  /** Where to go once the address is confirmed. */
  next: string;
  client: Client;
}

export type SignUpOutcome =
  /** The same for a free and for a taken address; only the mail differs. */
  { outcome: 'check_mail' } | Extract<LimitOutcome, { outcome: 'limited' }>;

/**
 * Makes an account that stays shut until its address is confirmed. A taken address is told to its owner, never to
 * whoever asks: so signing up logs nobody in, and both ways do the same work.
 */
export async function signUp(context: AuthContext, options: SignUpOptions): Promise<SignUpOutcome> {
  const limit = await countTry(context.db, 'sign_up_address', networkOf(options.client.ip));
  if (limit.outcome === 'limited') return limit;
  const { email, name } = options;
  const passwordHash = await hashPassword(options.password);
  const row = { email, name, passwordHash, role: 'customer', emailVerifiedAt: null } as const;
  const created = await inTransaction(context.db, 'sign up', async (tx) => {
    const made = await insertUser(tx, row);
    if (made !== undefined) {
      const token = await issueEmailToken(tx, made.userId, 'verify', context.now);
      await mailVerification(tx, row, token, { appUrl: context.appUrl, next: options.next });
    }
    return made;
  });
  if (created !== undefined) log.info('user signed up', created);
  else await tellOwner(context, email);
  return { outcome: 'check_mail' };
}

async function tellOwner({ db, appUrl, now }: AuthContext, email: string): Promise<void> {
  const owner = await db.user.findUnique({
    where: { email },
    select: { id: true, email: true, name: true, emailVerifiedAt: true },
  });
  if (owner === null) return;
  const limit = await countTry(db, 'sign_up_taken_user', owner.id);
  if (limit.outcome === 'limited') return;
  await inTransaction(db, 'tell owner of sign-up', async (tx) => {
    await mailSignUpTaken(tx, owner, await issueEmailToken(tx, owner.id, 'reset', now), appUrl);
  });
}
