import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const cipherKey = (key: string) =>
  Buffer.from(hkdfSync('sha256', key, '', 'credence: secrets of two-step log-ins', 32));

/** Names a key in what it sealed, and tells nothing of it. */
const nameOf = (key: string) => createHash('sha256').update(cipherKey(key)).digest('hex').slice(0, 12);

/**
 * Seals a text under the first key, for its owner alone: moved to another owner's row it does not open.
 * @throws Error without a key
 */
export function sealSecret(keys: readonly string[], owner: string, text: string): string {
  const [key] = keys;
  if (key === undefined) throw new Error('ENCRYPTION_KEYS is not set.');
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, cipherKey(key), nonce).setAAD(Buffer.from(owner));
  const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `1.${nameOf(key)}.${sealed.toString('base64url')}`;
}

/** What was sealed; undefined when the key that sealed it is not among these. @throws Error when it was changed since */
export function openSecret(keys: readonly string[], owner: string, sealed: string): string | undefined {
  const [version, name, body = ''] = sealed.split('.');
  const key = version === '1' ? keys.find((one) => nameOf(one) === name) : undefined;
  if (key === undefined) return undefined;
  const bytes = Buffer.from(body, 'base64url');
  const decipher = createDecipheriv(CIPHER, cipherKey(key), bytes.subarray(0, NONCE_BYTES))
    .setAAD(Buffer.from(owner))
    .setAuthTag(bytes.subarray(-TAG_BYTES));
  const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
  return Buffer.concat([text, decipher.final()]).toString('utf8');
}
