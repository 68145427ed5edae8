import { createHash, randomInt } from 'node:crypto';

import { type Tx } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

import { type ApiBook } from './shared';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const LENGTH = 40;

const random = () => Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');

/** A fast hash is right: nobody guesses 40 random letters. */
export const hashOfKey = (key: string): string => createHash('sha256').update(key).digest('hex');

/** Makes a key of a client and answers it: it is shown once, and only its hash is kept. */
export async function insertKey(
  tx: Tx,
  client: { id: string; book: ApiBook },
  key = `ck_${client.book}_${random()}`,
): Promise<{ keyId: string; key: string }> {
  const keyId = newId('apk');
  await tx.apiKey.create({
    data: {
      id: keyId,
      clientId: client.id,
      hash: hashOfKey(key),
      hint: `${key.slice(0, 12)}…${key.slice(-4)}`,
    },
    select: { id: true },
  });
  return { keyId, key };
}
