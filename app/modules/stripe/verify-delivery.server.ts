import { createHmac, timingSafeEqual } from 'node:crypto';
import { fromUnix, minutes } from '~/platform/time';

import { deliveredEvent, type DeliveredEvent } from './delivered-event.server';

/** How old a signature may be when it arrives; the age of a stored event is never asked again. */
const TOLERANCE = minutes(5);

export type VerifyOutcome =
  /** `secretNumber` counts the configured secrets from 1. `text` is the body, byte for byte. */
  | { outcome: 'verified'; secretNumber: number; event: DeliveredEvent; text: string }
  /** `probable_secret_mismatch`: a fresh, well-formed signature that none of our secrets made. */
  | { outcome: 'bad_signature'; detail: 'no_signature' | 'malformed_signature' | 'probable_secret_mismatch' }
  /** Signed by one of our secrets, too long ago. */
  | { outcome: 'stale'; detail: string; secretNumber: number }
  /** Signed by one of our secrets, and no event. */
  | { outcome: 'not_json'; detail: string; secretNumber: number };

/** Checks a raw body against every secret, so that old and new ones verify side by side while a secret is rotated. */
export function verifyDelivery(input: {
  body: Buffer;
  signature: string | null;
  secrets: readonly string[];
  now: Date;
}): VerifyOutcome {
  if (input.signature === null || input.signature === '')
    return { outcome: 'bad_signature', detail: 'no_signature' };
  const signature = parseSignature(input.signature);
  if (signature === undefined) return { outcome: 'bad_signature', detail: 'malformed_signature' };
  const secretNumber = findSecret(input.body, signature, input.secrets);
  if (secretNumber === undefined) return { outcome: 'bad_signature', detail: 'probable_secret_mismatch' };
  const age = input.now.getTime() - fromUnix(signature.timestamp).getTime();
  if (age > TOLERANCE)
    return { outcome: 'stale', detail: `signed ${String(Math.round(age / 1000))} s ago`, secretNumber };
  return parseEvent(input.body, secretNumber);
}

interface Signature {
  timestamp: number;
  hashes: Buffer[];
}

function parseSignature(header: string): Signature | undefined {
  let timestamp: number | undefined;
  const hashes: Buffer[] = [];
  for (const part of header.split(',')) {
    const at = part.indexOf('=');
    const name = part.slice(0, at).trim();
    const value = part.slice(at + 1).trim();
    if (name === 't' && /^\d{1,12}$/.test(value)) timestamp = Number(value);
    if (name === 'v1' && /^[0-9a-f]{64}$/i.test(value)) hashes.push(Buffer.from(value, 'hex'));
  }
  return timestamp === undefined || hashes.length === 0 ? undefined : { timestamp, hashes };
}

function findSecret(body: Buffer, signature: Signature, secrets: readonly string[]): number | undefined {
  for (const [index, secret] of secrets.entries()) {
    const expected = createHmac('sha256', secret)
      .update(`${String(signature.timestamp)}.`)
      .update(body)
      .digest();
    if (signature.hashes.some((hash) => timingSafeEqual(hash, expected))) return index + 1;
  }
  return undefined;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function parseEvent(body: Buffer, secretNumber: number): VerifyOutcome {
  let text: string;
  let json: unknown;
  try {
    text = utf8.decode(body);
    json = JSON.parse(text);
  } catch {
    return { outcome: 'not_json', detail: 'the body is no JSON in UTF-8', secretNumber };
  }
  const parsed = deliveredEvent.safeParse(json);
  if (!parsed.success) {
    const path = parsed.error.issues[0]?.path.join('.') ?? '';
    return {
      outcome: 'not_json',
      detail: `no event: ${path || 'the body'} is not as expected`,
      secretNumber,
    };
  }
  return { outcome: 'verified', secretNumber, text, event: parsed.data };
}
