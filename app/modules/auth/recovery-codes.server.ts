import { createHash, randomBytes } from 'node:crypto';

import { type Db, type Tx } from '~/platform/db.server';

const COUNT = 10;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** 80 random bits: five for each of sixteen letters and digits that are not mistaken for one another. */
const newRecoveryCode = (): string =>
  Array.from(randomBytes(16), (byte) => LETTERS.charAt(byte % LETTERS.length)).join('');

/** What the database keeps of a recovery code: 80 random bits are guessed by nobody, so a fast hash is right. */
export const hashOfRecoveryCode = (code: string): string => createHash('sha256').update(code).digest('hex');

/** Ten new ones, to be shown this once; those of before are void. The caller holds the lock of the person's two-step row. */
export async function giveRecoveryCodes(tx: Tx, userId: string): Promise<string[]> {
  const codes = Array.from({ length: COUNT }, newRecoveryCode);
  await tx.recoveryCode.deleteMany({ where: { userId } });
  await tx.recoveryCode.createMany({ data: codes.map((code) => ({ id: hashOfRecoveryCode(code), userId })) });
  return codes;
}

/** How many of a person's codes were not used yet. */
export async function recoveryCodesLeft(db: Db | Tx, userId: string): Promise<number> {
  return db.recoveryCode.count({ where: { userId, usedAt: null } });
}
