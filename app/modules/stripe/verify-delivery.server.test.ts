import Stripe from 'stripe';
import { describe, expect, it } from 'vitest';

import { eventBody, OLD_SECRET, SECRET, signatureOf } from './testing/deliveries';
import { minutes, seconds } from '~/platform/time';

import { verifyDelivery } from './verify-delivery.server';

const now = new Date('2026-11-21T10:00:00Z');
const { id, body } = eventBody();

const verify = (signature: string | null, raw: string | Buffer = body, secrets = [SECRET]) =>
  verifyDelivery({ body: Buffer.from(raw), signature, secrets, now });

describe('verifying a delivery', () => {
  it("accepts what the SDK's own test helper signs", () => {
    const header = Stripe.webhooks.generateTestHeaderString({
      payload: body,
      secret: SECRET,
      timestamp: now.getTime() / 1000,
    });
    expect(verify(header)).toMatchObject({ outcome: 'verified', secretNumber: 1, event: { id }, text: body });
  });

  it('accepts old and new secrets side by side and says which one it was', () => {
    const secrets = [SECRET, OLD_SECRET];
    expect(verify(signatureOf(body, SECRET, now), body, secrets)).toMatchObject({ secretNumber: 1 });
    expect(verify(signatureOf(body, OLD_SECRET, now), body, secrets)).toMatchObject({ secretNumber: 2 });
  });

  it('accepts a delivery that Stripe signed with two secrets while it rolls them', () => {
    const [old, rolled] = [signatureOf(body, OLD_SECRET, now), signatureOf(body, SECRET, now)];
    const both = `${old},${rolled.slice(rolled.indexOf('v1='))}`;
    expect(verify(both)).toMatchObject({ outcome: 'verified' });
  });

  it('calls a fresh signature of another secret a probable secret mismatch', () => {
    expect(verify(signatureOf(body, OLD_SECRET, now))).toEqual({
      outcome: 'bad_signature',
      detail: 'probable_secret_mismatch',
    });
  });

  it.each([
    ['a changed body', signatureOf(body, SECRET, now), body.replace('1000', '1001')],
    ['a truncated body', signatureOf(body, SECRET, now), body.slice(0, -1)],
    ['the time of another signature', signatureOf(body, SECRET, now).replace(/t=\d+/, 't=1795255199'), body],
    ['a v0 signature alone', signatureOf(body, SECRET, now).replace(/v1=/, 'v0='), body],
    ['no time', signatureOf(body, SECRET, now).replace(/t=\d+,/, ''), body],
    ['an empty header', '', body],
  ])('refuses %s', (_name, signature, raw) => {
    expect(verify(signature, raw)).toMatchObject({ outcome: 'bad_signature' });
  });

  it('refuses a signature of more than five minutes ago, and takes one of just under', () => {
    const at = (age: number) => signatureOf(body, SECRET, new Date(now.getTime() - age));
    expect(verify(at(minutes(5) + seconds(1)))).toMatchObject({ outcome: 'stale', secretNumber: 1 });
    expect(verify(at(minutes(5) - seconds(1)))).toMatchObject({ outcome: 'verified' });
  });

  it.each([
    ['no JSON', 'hello'],
    ['JSON that is no event', '{"id":"evt_1"}'],
    [
      'bytes that are no UTF-8',
      Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff]), Buffer.from('"}')]),
    ],
  ])('refuses a signed body of %s', (_name, raw) => {
    expect(verify(signatureOf(raw, SECRET, now), raw)).toMatchObject({ outcome: 'not_json' });
  });
});
