import { createHmac } from 'node:crypto';

/** The Stripe-Signature header: one v1 for each secret that is valid, and in test mode a v0 that means nothing. */
export function signBody(
  body: string,
  secrets: readonly string[],
  timestamp: number,
  livemode: boolean,
): string {
  const hmac = (secret: string): string =>
    createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  const v1 = secrets.map((secret) => `v1=${hmac(secret)}`);
  return [`t=${timestamp}`, ...v1, ...(livemode ? [] : [`v0=${hmac('v0')}`])].join(',');
}
