import { verifySync } from 'otplib';

import { type Db, type Tx } from '~/platform/db.server';
import { seconds } from '~/platform/time';

import { type AuthContext } from './auth-context.server';
import { countTry, forgetTries, type LimitOutcome } from './rate-limits.server';
import { hashOfRecoveryCode, recoveryCodesLeft } from './recovery-codes.server';
import { openSecret } from './seal-secret.server';
import { mailRecoveryUsed } from './two-step-mails.server';

/** A code stands for so long; the one before and the one after are taken too, for clocks differ. */
const STEP = seconds(30);

/** The time step whose code this is, if it is near now and later than `after`. */
export function stepOfCode(secret: string, code: string, now: Date, after: bigint): bigint | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const found = verifySync({
    ...{ secret, token: code, epoch: Math.floor(now.getTime() / seconds(1)) },
    ...{ epochTolerance: STEP / seconds(1), afterTimeStep: Number(after) },
  });
  return found.valid && 'timeStep' in found ? BigInt(found.timeStep) : undefined;
}

/** As it was shown, however it was typed. */
const asShown = (typed: string) => typed.toUpperCase().replace(/[^A-Z2-7]/g, '');

export type CodeOutcome =
  | { outcome: 'good' }
  /** No code of theirs, or one that was used before. */
  | { outcome: 'wrong_code' }
  /** The key that sealed their secret is gone from ENCRYPTION_KEYS: only a recovery code helps, or an admin. */
  | { outcome: 'unreadable' };

export interface CheckCodeOptions {
  user: { id: string; email: string };
  /** From the app, or a recovery code. */
  code: string;
}

/** Takes a code, once: of two that come at once with the same one, one is refused by its row. */
export async function checkCode(
  tx: Tx,
  { now, appUrl, encryptionKeys }: Omit<AuthContext, 'db'>,
  { user, code }: CheckCodeOptions,
): Promise<CodeOutcome> {
  const totp = await tx.totp.findUnique({
    where: { userId: user.id, confirmedAt: { not: null } },
    select: { secret: true, lastStep: true },
  });
  if (totp === null) return { outcome: 'wrong_code' };
  const typed = code.replace(/\s/g, '');
  if (!/^\d{1,6}$/.test(typed)) return useRecoveryCode(tx, { user, code: asShown(code), now, appUrl });
  const secret = openSecret(encryptionKeys, user.id, totp.secret);
  if (secret === undefined) return { outcome: 'unreadable' };
  const step = stepOfCode(secret, typed, now, totp.lastStep);
  if (step === undefined) return { outcome: 'wrong_code' };
  const { count } = await tx.totp.updateMany({
    where: { userId: user.id, lastStep: { lt: step } },
    data: { lastStep: step },
  });
  return { outcome: count === 1 ? 'good' : 'wrong_code' };
}

async function useRecoveryCode(
  tx: Tx,
  { user, code, now, appUrl }: CheckCodeOptions & { now: Date; appUrl: string },
): Promise<CodeOutcome> {
  const id = hashOfRecoveryCode(code);
  const { count } = await tx.recoveryCode.updateMany({
    where: { id, userId: user.id, usedAt: null },
    data: { usedAt: now },
  });
  if (count === 0) return { outcome: 'wrong_code' };
  const left = await recoveryCodesLeft(tx, user.id);
  await mailRecoveryUsed(tx, user, { id, left, appUrl });
  return { outcome: 'good' };
}

/** Counts one code that is tried: whoever has the password still guesses no code. */
export async function countCode(db: Db, userId: string): Promise<LimitOutcome> {
  const soon = await countTry(db, 'code_user', userId);
  return soon.outcome === 'limited' ? soon : countTry(db, 'code_user_day', userId);
}

export async function forgetCodes(db: Db, userId: string): Promise<void> {
  await forgetTries(db, 'code_user', userId);
  await forgetTries(db, 'code_user_day', userId);
}
