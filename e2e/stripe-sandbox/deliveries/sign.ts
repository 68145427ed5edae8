import { createHmac } from 'node:crypto';

/** The Stripe-Signature header: one v1 for each secret that is valid, and the v0 that test events carry. */
export function signBody(body: string, secrets: readonly string[], timestamp: number): string {
  const hmac = (secret: string): string =>
    createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  const v1 = secrets.map((secret) => `v1=${hmac(secret)}`);
  return [`t=${timestamp}`, ...v1, `v0=${hmac('v0')}`].join(',');
}
