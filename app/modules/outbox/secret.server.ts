import { randomBytes } from 'node:crypto';

/** As Standard Webhooks writes a symmetric secret: a prefix, and 32 random bytes in base64. */
export const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;
