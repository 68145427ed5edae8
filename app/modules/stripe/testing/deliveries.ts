import { createHmac, randomUUID } from 'node:crypto';

import Stripe from 'stripe';

import { type RealmView } from '../shared';
import { type Db } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

/** What Stripe sends, made for tests: bodies signed as Stripe signs them, over the SDK's own event type. */
export const SECRET = 'whsec_0123456789abcdef';
export const OLD_SECRET = 'whsec_fedcba9876543210';

export async function makeRealm(db: Db, mode: 'test' | 'live' = 'test'): Promise<RealmView> {
  const id = newId('rlm');
  const realm = { id, account: `acct_${id.slice(4)}`, mode, name: 'Test' };
  await db.realm.create({ data: { ...realm, sells: false } });
  return realm;
}

export interface EventInput {
  id?: string;
  type?: string;
  apiVersion?: string;
  livemode?: boolean;
  account?: string;
  object?: Record<string, unknown>;
}

/** A failed charge: the smallest object that an event of ours carries. */
export const failedCharge = (id = `ch_${randomUUID()}`, extra: Record<string, unknown> = {}) => ({
  id,
  object: 'charge',
  metadata: {},
  status: 'failed',
  amount: 1000,
  currency: 'usd',
  ...extra,
});

export function eventBody(input: EventInput = {}): { id: string; body: string } {
  const id = input.id ?? `evt_${randomUUID().replaceAll('-', '')}`;
  const event = {
    id,
    object: 'event',
    api_version: input.apiVersion ?? Stripe.API_VERSION,
    ...(input.account === undefined ? {} : { account: input.account }),
    created: 1_795_000_000,
    data: { object: input.object ?? failedCharge() },
    livemode: input.livemode ?? false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type: input.type ?? 'charge.failed',
  };
  return { id, body: JSON.stringify(event, null, 2) };
}

export function signatureOf(body: string | Buffer, secret: string, signedAt: Date): string {
  const t = String(Math.floor(signedAt.getTime() / 1000));
  const hash = createHmac('sha256', secret).update(`${t}.`).update(body).digest('hex');
  return `t=${t},v1=${hash},v0=${'0'.repeat(64)}`;
}

export function deliveryOf(
  body: string | Buffer,
  options: { secret?: string; signedAt?: Date; path?: string; signature?: string | null } = {},
): Request {
  const { secret = SECRET, signedAt = new Date(), path = '/webhooks/stripe' } = options;
  const signature = options.signature === undefined ? signatureOf(body, secret, signedAt) : options.signature;
  return new Request(`http://127.0.0.1${path}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : new Uint8Array(body),
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
      'x-client-address': '203.0.113.7',
      'x-request-id': 'req_test',
      ...(signature === null ? {} : { 'stripe-signature': signature }),
    },
  });
}
