import { generateSecret, generateURI } from 'otplib';
import { encode } from 'uqr';

import { appendAudit } from '~/modules/audit/index.server';
import { inTransaction } from '~/platform/db.server';
import { log } from '~/platform/log.server';
import { minutes } from '~/platform/time';

import { type AuthContext } from './auth-context.server';
import { countCode, forgetCodes, stepOfCode } from './check-code.server';
import { verifyPassword } from './password.server';
import { countTry, forgetTries, type LimitOutcome } from './rate-limits.server';
import { giveRecoveryCodes } from './recovery-codes.server';
import { openSecret, sealSecret } from './seal-secret.server';
import { endSessions } from './sessions.server';
import { type StaffUser } from './shared';
import { mailTwoStep } from './two-step-mails.server';

/** A secret that was shown and never confirmed is void after this. */
const SETUP_LIFE = minutes(30);

/** What an authenticator app takes in: by its camera, or typed. */
export interface TotpSetup {
  secret: string;
  /** `d` of an SVG path over so many squares a side. */
  qr: { size: number; path: string };
}

export type BeginTotpOutcome =
  | { outcome: 'begun'; setup: TotpSetup }
  | { outcome: 'wrong_password' }
  | { outcome: 'already_on' }
  /** ENCRYPTION_KEYS is not set: there is nothing to seal a secret with. */
  | { outcome: 'no_key' }
  | Extract<LimitOutcome, { outcome: 'limited' }>;

/** Makes a secret that waits for its first code. It takes the password: an open browser enrols nobody else's phone. */
export async function beginTotp(
  { db, now, encryptionKeys }: AuthContext,
  { user, password }: { user: StaffUser; password: string },
): Promise<BeginTotpOutcome> {
  if (encryptionKeys.length === 0) return { outcome: 'no_key' };
  const limit = await countTry(db, 'password_user', user.id);
  if (limit.outcome === 'limited') return limit;
  const row = await db.user.findUnique({ where: { id: user.id }, select: { passwordHash: true } });
  if (!(await verifyPassword(row?.passwordHash, password))) return { outcome: 'wrong_password' };
  await forgetTries(db, 'password_user', user.id);
  const secret = generateSecret();
  const sealed = sealSecret(encryptionKeys, user.id, secret);
  const isMade = await inTransaction(db, 'begin two-step', async (tx) => {
    await tx.totp.deleteMany({ where: { userId: user.id, confirmedAt: null } });
    const { count } = await tx.totp.createMany({
      data: [{ userId: user.id, secret: sealed, createdAt: now }],
      skipDuplicates: true,
    });
    return count === 1;
  });
  return isMade ? { outcome: 'begun', setup: setupOf(user, secret) } : { outcome: 'already_on' };
}

function setupOf(user: StaffUser, secret: string): TotpSetup {
  const { data, size } = encode(generateURI({ issuer: 'Credence', label: user.email, secret }), { ecc: 'M' });
  const squares = data.flatMap((row, y) =>
    row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])),
  );
  return { secret, qr: { size, path: squares.join('') } };
}

export type ConfirmTotpOutcome =
  /** Shown this once; the database keeps their hashes. */
  | { outcome: 'on'; recoveryCodes: string[] }
  /** The same secret, to try again. */
  | { outcome: 'wrong_code'; setup: TotpSetup }
  /** Never begun, too long ago, or on already. */
  | { outcome: 'setup_over' }
  | Extract<LimitOutcome, { outcome: 'limited' }>;

/** Switches it on once a code shows that the app has the secret. Every other log-in was opened without one and ends. */
export async function confirmTotp(
  context: AuthContext,
  { user, code }: { user: StaffUser; code: string },
): Promise<ConfirmTotpOutcome> {
  const { db, now, encryptionKeys, appUrl } = context;
  const limit = await countCode(db, user.id);
  if (limit.outcome === 'limited') return limit;
  const pending = {
    userId: user.id,
    confirmedAt: null,
    createdAt: { gt: new Date(now.getTime() - SETUP_LIFE) },
  };
  const totp = await db.totp.findFirst({ where: pending, select: { secret: true } });
  const secret = totp === null ? undefined : openSecret(encryptionKeys, user.id, totp.secret);
  if (totp === null || secret === undefined) return { outcome: 'setup_over' };
  const step = stepOfCode(secret, code.replace(/\s/g, ''), now, 0n);
  if (step === undefined) return { outcome: 'wrong_code', setup: setupOf(user, secret) };
  const recoveryCodes = await inTransaction(db, 'confirm two-step', async (tx) => {
    const { count } = await tx.totp.updateMany({
      where: { ...pending, secret: totp.secret },
      data: { confirmedAt: now, lastStep: step },
    });
    if (count === 0) return undefined;
    const codes = await giveRecoveryCodes(tx, user.id);
    await endSessions(tx, user.id, user.sessionId);
    await mailTwoStep(tx, user, { told: 'on', now, appUrl });
    await appendAudit(tx, { actor: user.id, act: 'user.two_step_on', subject: user.id });
    return codes;
  });
  if (recoveryCodes === undefined) return { outcome: 'setup_over' };
  await forgetCodes(db, user.id);
  log.info('two-step log-in is on', { userId: user.id });
  return { outcome: 'on', recoveryCodes };
}
