import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  PACK,
  SECRET,
  startReceiver,
  startUnderTest,
  until,
  type Receiver,
  type UnderTest,
} from '../testing/under-test';

let receiver: Receiver;
let test: UnderTest;

beforeEach(async () => {
  receiver = await startReceiver();
  test = await startUnderTest({ webhook: receiver.url, webhookSecret: SECRET });
});
afterEach(async () => {
  await test.stop();
  await receiver.close();
});

async function control(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
  const response = await fetch(`${test.url}/_control${path}`, {
    method,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  return { status: response.status, answer };
}

describe('the controls', () => {
  it('pay a session with the card they are given, and answer its challenge', async () => {
    const { id } = await test.stripe.checkout.sessions.create(PACK);
    expect(await control('POST', `/sessions/${id}/pay`, { cardNumber: '4000000000000002' })).toMatchObject({
      answer: { outcome: 'declined', declineCode: 'generic_decline' },
    });
    expect(await control('POST', `/sessions/${id}/pay`, { cardNumber: '4000000000003220' })).toMatchObject({
      answer: { outcome: 'challenge' },
    });
    expect(await control('POST', `/sessions/${id}/challenge`, { answer: 'complete' })).toMatchObject({
      answer: { outcome: 'paid' },
    });
    const late = await control('POST', `/sessions/${id}/expire`);
    expect(late.answer).toEqual({ outcome: 'not_open', status: 'complete' });
  });

  it('refuse what they do not understand with a sentence, and what is not there with 404', async () => {
    expect(await control('PUT', '/settings', { order: 'sideways' })).toMatchObject({ status: 400 });
    expect(await control('PUT', '/settings', { odrer: 'typical' })).toMatchObject({ status: 400 });
    expect(await control('POST', '/sessions/cs_no/pay')).toMatchObject({ status: 404 });
    expect(await control('POST', '/events/evt_no/resend')).toMatchObject({ status: 404 });
    expect(await control('GET', '/nowhere')).toMatchObject({ status: 404 });
  });

  it('obey no web page of another origin', async () => {
    const foreign = await control('POST', '/reset', undefined, { Origin: 'http://evil.test' });
    expect(foreign.status).toBe(403);
  });

  it('list the deliveries of one event', async () => {
    await test.stripe.products.create({ name: 'one' });
    await test.stripe.products.create({ name: 'two' });
    const [latest] = (await test.stripe.events.list({ limit: 1 })).data;
    const { answer } = await control('GET', `/deliveries?event=${latest?.id}`);
    expect(answer).toMatchObject({ rows: [{ eventId: latest?.id }], nextCursor: null });
  });

  it('keep mail and show it', async () => {
    const mail = {
      from: 'shop@x.test',
      to: 'ann@x.test',
      subject: 'Verify',
      text: 'link',
      html: '<a>link</a>',
    };
    const { answer } = await control('POST', '/mail', mail);
    expect(answer).toMatchObject(mail);
    expect((await control('GET', '/mail')).answer).toEqual({ mail: [answer] });
    expect(test.sandbox.mail.list()).toEqual([answer]);
    expect(await control('GET', '/mail/mail_no')).toMatchObject({ status: 404 });
  });

  it('reset forgets what happened and keeps account, settings and endpoints', async () => {
    await control('PUT', '/faults', { duplicate: 2 });
    await test.stripe.customers.create({ email: 'a@x.test' });
    await until(() => receiver.received.length === 2);
    await control('POST', '/reset');
    const { answer } = await control('GET', '');
    expect(answer).toMatchObject({
      account: test.sandbox.account.id,
      counts: { customers: 0, events: 0, deliveries: 0 },
      endpoints: [{ url: receiver.url }],
    });
    await test.stripe.customers.create({ email: 'b@x.test' });
    await until(() => receiver.received.length === 4);
  });
});
