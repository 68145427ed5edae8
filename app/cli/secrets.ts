import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { OperatorError } from './operator-error';

const secretsSchema = z.object({
  webhookSecret: z.string().startsWith('whsec_'),
});
export type Secrets = z.infer<typeof secretsSchema>;

/** Made at the first start of a folder and kept: signed deliveries outlive a restart. */
export function readSecrets(folder: string): Secrets {
  const file = path.join(folder, 'secrets.json');
  if (!existsSync(file)) {
    const made: Secrets = {
      webhookSecret: `whsec_${randomBytes(32).toString('hex')}`,
    };
    writeFileSync(file, JSON.stringify(made, null, 2), { mode: 0o600 });
    return made;
  }
  try {
    return secretsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw new OperatorError(
      `${file} is not readable as Credence's secrets: delete it and new ones are made.`,
    );
  }
}
