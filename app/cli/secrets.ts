import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { OperatorError } from './operator-error';

const secretsSchema = z.object({
  webhookSecret: z
    .string()
    .startsWith('whsec_')
    .default(() => `whsec_${randomBytes(32).toString('hex')}`),
  /** Seals the demo's secrets of two-step log-ins. */
  encryptionKey: z
    .string()
    .min(32)
    .default(() => randomBytes(32).toString('hex')),
});
export type Secrets = z.infer<typeof secretsSchema>;

/** Made at the first start of a folder and kept: signed deliveries and sealed secrets outlive a restart. */
export function readSecrets(folder: string): Secrets {
  const file = path.join(folder, 'secrets.json');
  const kept = existsSync(file) ? readFileSync(file, 'utf8') : '{}';
  const secrets = parseSecrets(kept, file);
  const text = JSON.stringify(secrets, null, 2);
  if (text !== kept) writeFileSync(file, text, { mode: 0o600 });
  return secrets;
}

function parseSecrets(kept: string, file: string): Secrets {
  try {
    return secretsSchema.parse(JSON.parse(kept));
  } catch {
    throw new OperatorError(
      `${file} is not readable as Credence's secrets: delete it and new ones are made.`,
    );
  }
}
