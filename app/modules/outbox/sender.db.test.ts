import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';

import { closeDb, createDb, type Db, inTransaction } from '~/platform/db.server';
import { hours, minutes, seconds } from '~/platform/time';

import { claimSendings } from './claim.server';
import { rotateSecret } from './rotate-secret.server';
import { waitAfter } from './schedule';
import { sweepOutbox } from './sweep-outbox.server';
import { endpointAt } from './testing/product';
import { passWaits, readHeard } from './testing/sending';
import { eventually, useOutbox } from './testing/use-outbox';

const outbox = useOutbox();
const { sender, product, grants, oneMessage, row, endpointRow, tryUntil } = outbox;

describe('a message', () => {
  it('arrives signed, as JSON that its schema reads, and once', async () => {
    const { product: heard, secret, sendingId } = await oneMessage();
    const running = sender();
    running.wake();
    running.wake();
    await eventually(async () => expect((await row(sendingId)).state).toBe('sent'));
    running.wake();
    await running.stop();
    expect(heard.heard).toHaveLength(1);
    const [asked] = heard.heard;
    if (!asked) throw new Error('Nothing came.');
    const sending = await row(sendingId);
    const message = await outbox.db.message.findUniqueOrThrow({ where: { id: sending.messageId } });
    expect(readHeard(asked, secret)).toMatchObject({
      ...{ type: 'credits.granted', timestamp: message.at.toISOString() },
      data: { amount: 1, balance: { available: 1 } },
    });
    expect(Object.fromEntries(asked.headers)).toMatchObject({
      ...{ 'webhook-id': message.id, 'content-type': 'application/json', 'user-agent': 'Credence' },
    });
    expect(asked).toMatchObject({ method: 'POST' });
    expect(sending).toMatchObject({
      tries: 1,
      claimedUntil: null,
      log: [{ n: 1, status: 204, error: null }],
    });
    expect(sending.endedAt).not.toBeNull();
  });

  it('that was changed on its way is not what was signed', async () => {
    const { product: heard, secret } = await oneMessage();
    sender().wake();
    await eventually(() => expect(heard.heard).toHaveLength(1));
    const [asked] = heard.heard;
    if (!asked) throw new Error('Nothing came.');
    const body = Buffer.from(asked.body.toString('utf8').replace('"amount": 1', '"amount": 9'));
    expect(body.equals(asked.body)).toBe(false);
    expect(() => readHeard({ ...asked, body }, secret)).toThrow('No matching signature found');
  });
});

describe('a secret', () => {
  const rotate = async (endpointId: string, overlap: number) => {
    const rotated = await inTransaction(outbox.db, 'rotate', (tx) =>
      rotateSecret(tx, { endpointId, overlap, actor: 'test' }),
    );
    if (rotated.outcome !== 'rotated') throw new Error(rotated.outcome);
    return rotated.secret;
  };

  it('that follows another one signs beside it while both are good', async () => {
    const { endpointId, product: heard, secret: first } = await oneMessage();
    const second = await rotate(endpointId, hours(24));
    const third = await rotate(endpointId, hours(24));
    sender().wake();
    await eventually(() => expect(heard.heard).toHaveLength(1));
    const [asked] = heard.heard;
    if (!asked) throw new Error('Nothing came.');
    expect(asked.headers.get('webhook-signature')?.split(' ')).toHaveLength(3);
    for (const secret of [first, second, third])
      expect(readHeard(asked, secret).type).toBe('credits.granted');
    expect(() => readHeard(asked, `whsec_${'A'.repeat(43)}=`)).toThrow('No matching signature');
  });

  it('signs no more once its time is over, and is forgotten', async () => {
    const { endpointId, product: heard, secret: former } = await oneMessage();
    const secret = await rotate(endpointId, 0);
    sender().wake();
    await eventually(() => expect(heard.heard).toHaveLength(1));
    const [asked] = heard.heard;
    if (!asked) throw new Error('Nothing came.');
    expect(readHeard(asked, secret).type).toBe('credits.granted');
    expect(() => readHeard(asked, former)).toThrow('No matching signature');
    await sweepOutbox(outbox.db, new Date());
    const kept = await outbox.db.endpointSecret.findMany({ where: { endpointId }, take: 5 });
    expect(kept).toMatchObject([{ n: 2, secret, expiresAt: null }]);
  });
});

describe('a try that fails', () => {
  it.each([
    ['an error of the product', { status: 500 } as const, { status: 500, error: null }],
    ['a refusal', { status: 404 } as const, { status: 404, error: null }],
    ['a redirect', { status: 302, headers: { location: '/' } }, { status: 302, error: null }],
    ['a cut connection', 'cut' as const, { status: null, error: 'connection_lost' }],
  ])('by %s is kept, and tried again after five seconds', async (_name, answer, result) => {
    const { endpointId, product: heard, sendingId } = await oneMessage();
    heard.answers(() => answer);
    await tryUntil(1, sendingId);
    const { log, dueAt, ...sending } = await row(sendingId);
    expect(sending).toMatchObject({ state: 'pending', tries: 1, claimedUntil: null, endedAt: null });
    expect(log).toMatchObject([result]);
    const [{ at, ms } = { at: new Date(0), ms: 0 }] = log;
    const wait = dueAt.getTime() - at.getTime();
    expect(wait).toBeGreaterThanOrEqual(seconds(5));
    expect(wait - ms).toBeLessThan(seconds(6));
    expect((await endpointRow(endpointId)).failingSince).toEqual(log[0]?.at);
    const [job] = await outbox.db.$queryRaw<{ run_at: Date }[]>`
      SELECT run_at FROM graphile_worker._private_jobs WHERE payload->>'sendingId' = ${sendingId} ORDER BY id DESC LIMIT 1`;
    expect(job?.run_at).toEqual(dueAt);
  });

  it('by nobody who answers in time, or who listens, is kept too', async () => {
    const slow = await oneMessage();
    slow.product.answers(() => new Promise(() => undefined));
    await tryUntil(1, slow.sendingId, 200);
    expect((await row(slow.sendingId)).log).toMatchObject([{ status: null, error: 'timed_out' }]);
    slow.product.close();
    await passWaits(outbox.db);
    await tryUntil(2, slow.sendingId);
    expect((await row(slow.sendingId)).log[1]).toMatchObject({ error: 'connection_refused' });
  });

  it('at an address that is not allowed asks nobody', async () => {
    const { product: heard, sendingId } = await oneMessage();
    sender({ rules: { allowHttp: true, allowedHosts: [] } }).wake();
    await eventually(async () =>
      expect((await row(sendingId)).log).toMatchObject([{ error: 'address_not_allowed' }]),
    );
    expect(heard.heard).toEqual([]);
    expect((await row(sendingId)).state).toBe('pending');
  });

  it('is followed by seven more over a day and by none after them', async () => {
    const { product: heard, sendingId, endpointId } = await oneMessage();
    heard.answers(() => ({ status: 503, body: 'later' }));
    const waits = [seconds(5), minutes(5), minutes(30), hours(2), hours(5), hours(10), hours(10)];
    for (let n = 1; n <= 8; n += 1) {
      await passWaits(outbox.db);
      await tryUntil(n, sendingId);
      const { dueAt, log, state } = await row(sendingId);
      const wait = waits[n - 1];
      expect(state).toBe(wait === undefined ? 'failed' : 'pending');
      if (wait === undefined) continue;
      const waited = dueAt.getTime() - (log.at(-1)?.at.getTime() ?? 0);
      expect(waited).toBeGreaterThanOrEqual(wait);
      expect(waited).toBeLessThan(wait * 1.1 + seconds(1));
    }
    expect(await claimSendings(outbox.db, { room: 5, each: 5, underway: [] })).toEqual([]);
    expect(heard.heard).toHaveLength(8);
    expect(new Set(heard.ids()).size).toBe(1);
    expect((await row(sendingId)).log[7]).toMatchObject({ status: 503, answer: 'later' });
    expect((await endpointRow(endpointId)).state).toBe('on');
  });

  it('waits longer by chance, a tenth at most', () => {
    expect([waitAfter(1, 0), waitAfter(1, 1)]).toEqual([seconds(5), seconds(5.5)]);
    expect(waitAfter(8)).toBeUndefined();
  });

  it('is forgotten by the next one that succeeds', async () => {
    const { product: heard, sendingId, endpointId } = await oneMessage();
    heard.answers((_asked, n) => ({ status: n === 1 ? 500 : 200 }));
    await tryUntil(1, sendingId);
    await passWaits(outbox.db);
    await tryUntil(2, sendingId);
    expect(await row(sendingId)).toMatchObject({ state: 'sent', tries: 2 });
    expect((await endpointRow(endpointId)).failingSince).toBeNull();
  });
});

describe('workers', () => {
  let other: Db;
  beforeAll(() => {
    other = createDb(outbox.url);
    return () => closeDb(other);
  });

  it('several at once send each message once', async () => {
    const heard = await product();
    await endpointAt(outbox.db, heard.url);
    const senders = [sender(), sender({ db: other })];
    heard.answers(() => pause(5).then(() => ({ status: 200 })));
    await grants(60);
    for (const running of senders) running.wake();
    await eventually(async () =>
      expect(await outbox.db.sending.count({ where: { state: 'pending' } })).toBe(0),
    );
    expect(heard.heard).toHaveLength(60);
    expect(new Set(heard.ids()).size).toBe(60);
  });

  it('one that is killed in the midst of a try leaves the message to another one', async () => {
    const { product: heard, sendingId } = await oneMessage();
    const [claim] = await claimSendings(other, { room: 1, each: 1, underway: [] });
    expect(claim).toMatchObject({ sendingId, n: 1 });
    sender().wake();
    await pause(100);
    expect(heard.heard).toEqual([]);
    await outbox.db.sending.update({
      where: { id: sendingId },
      data: { claimedUntil: new Date(Date.now() - 1) },
    });
    await tryUntil(2, sendingId);
    expect(await row(sendingId)).toMatchObject({ state: 'sent', tries: 2, log: [{ n: 2, status: 204 }] });
  });

  it('one that is slow does not undo what another one has done since', async () => {
    const { product: heard, sendingId } = await oneMessage();
    heard.answers((_asked, n) => (n === 1 ? pause(400).then(() => ({ status: 500 })) : { status: 200 }));
    sender().wake();
    await eventually(() => expect(heard.heard).toHaveLength(1));
    await outbox.db.sending.update({
      where: { id: sendingId },
      data: { claimedUntil: new Date(Date.now() - 1) },
    });
    sender({ db: other }).wake();
    await eventually(async () => expect((await row(sendingId)).log).toHaveLength(2));
    expect(await row(sendingId)).toMatchObject({
      state: 'sent',
      log: [
        { n: 1, status: 500 },
        { n: 2, status: 200 },
      ],
    });
  });

  it('one that is slow does not take from another one what that has in hand', async () => {
    const { product: heard, sendingId } = await oneMessage();
    let answerSecond = (): void => undefined;
    const second = new Promise<void>((resolve) => (answerSecond = resolve));
    heard.answers((_asked, n) =>
      (n === 1 ? pause(300) : second).then(() => ({ status: n === 1 ? 500 : 200 })),
    );
    sender().wake();
    await eventually(() => expect(heard.heard).toHaveLength(1));
    await outbox.db.sending.update({
      where: { id: sendingId },
      data: { claimedUntil: new Date(Date.now() - 1) },
    });
    sender({ db: other }).wake();
    await eventually(async () => expect((await row(sendingId)).log).toMatchObject([{ n: 1, status: 500 }]));
    expect(heard.heard).toHaveLength(2);
    expect(await row(sendingId)).toMatchObject({ state: 'pending', claimedUntil: expect.any(Date) });
    answerSecond();
    await eventually(async () => expect((await row(sendingId)).state).toBe('sent'));
  });

  it('an endpoint that never answers holds up no other one', async () => {
    const silent = await product();
    silent.answers(() => new Promise(() => undefined));
    await endpointAt(outbox.db, silent.url);
    await grants(30);
    const running = sender({ timeout: seconds(3) });
    running.wake();
    await eventually(() => expect(silent.heard).toHaveLength(4));
    const quick = await product();
    await endpointAt(outbox.db, quick.url);
    await grants(20);
    running.wake();
    await eventually(() => expect(quick.heard).toHaveLength(20));
    expect(silent.heard).toHaveLength(4);
  });
});
