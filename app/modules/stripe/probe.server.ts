import { createHmac, timingSafeEqual } from 'node:crypto';

import { minutes } from '~/platform/time';

/**
 * A question to a webhook address whether it is this installation. It is signed by the webhook secret, which nobody but
 * the two ends has, so it is told apart from an attack and its answer from anybody else's 400.
 */
export const PROBE_HEADER = 'credence-probe';

const TOLERANCE = minutes(5);

const mac = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest('hex');

/** The header's value, good for five minutes. */
export function signProbe(secret: string, now: Date): string {
  const at = String(now.getTime());
  return `${at}.${mac(secret, `credence probe ${at}`)}`;
}

/** What answers such a header with one of these secrets; undefined for a header that none of them signed. */
export function answerProbe(header: string, secrets: readonly string[], now: Date): string | undefined {
  const [at = '', signature = ''] = header.split('.');
  if (!/^\d{1,16}$/.test(at) || Math.abs(now.getTime() - Number(at)) > TOLERANCE) return undefined;
  const secret = secrets.find((one) => isSame(signature, mac(one, `credence probe ${at}`)));
  return secret === undefined ? undefined : mac(secret, `credence probed ${at}`);
}

/** Whether an answer comes from who has the same secret. */
export function isProbeAnswer(answer: string, header: string, secret: string): boolean {
  return isSame(answer, mac(secret, `credence probed ${header.split('.')[0] ?? ''}`));
}

function isSame(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
