import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { newWallet } from '~/modules/ledger/testing/wallets';
import { closeDb, createDb, type Db, inTransaction } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';
import { hours, minutes, seconds } from '~/platform/time';

import { changeEndpoint } from './change-endpoint.server';
import { claimSendings } from './claim.server';
import { rotateSecret } from './rotate-secret.server';
import { waitAfter } from './schedule';
import { startSender } from './start-sender.server';
import { sweepOutbox } from './sweep-outbox.server';
import { endpointAt, HERE, openProduct, type TestProduct } from './testing/product';
import { passWaits, readHeard, sendingOf } from './testing/sending';

const database = useTestDatabase();
const open: { stop: () => Promise<void> }[] = [];
const products: TestProduct[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((sender) => sender.stop()));
  for (const product of products.splice(0)) product.close();
  await database.db.endpoint.updateMany({
    where: { state: { not: 'removed' } },
    data: { state: 'removed', reason: null },
  });
  await sweepOutbox(database.db, new Date());
});

const sender = (db: Db = database.db, timeout?: number) => {
  const running = startSender({ db, rules: HERE, ...(timeout === undefined ? {} : { timeout }) });
  open.push(running);
  return running;
};
async function product(): Promise<TestProduct> {
  const opened = await openProduct();
  products.push(opened);
  return opened;
}
const eventually = (check: () => void | Promise<void>) =>
  vi.waitFor(check, { timeout: seconds(15), interval: 15 });

/** Grants, each told to every endpoint that is on. */
async function grants(count: number): Promise<void> {
  const wallet = await newWallet(database.db);
  for (let n = 1; n <= count; n += 1) await wallet.lot(BigInt(n));
}

/** An endpoint of a product with one message on its way. */
async function oneMessage() {
  const heard = await product();
  const endpoint = await endpointAt(database.db, heard.url);
  await grants(1);
  const { id } = await sendingOf(database.db, { endpointId: endpoint.endpointId });
  return { ...endpoint, product: heard, sendingId: id };
}

const row = (id: string) => sendingOf(database.db, { id });
const endpointRow = (id: string) => database.db.endpoint.findUniqueOrThrow({ where: { id } });
/** Tries until the sending was tried so often. */
async function tryUntil(tries: number, sendingId: string, timeout?: number): Promise<void> {
  sender(database.db, timeout).wake();
  await eventually(async () => {
    const { log } = await row(sendingId);
    expect(log.at(-1)?.n).toBe(tries);
  });
}

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
    const message = await database.db.message.findUniqueOrThrow({ where: { id: sending.messageId } });
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
    const rotated = await inTransaction(database.db, 'rotate', (tx) =>
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
    await sweepOutbox(database.db, new Date());
    const kept = await database.db.endpointSecret.findMany({ where: { endpointId }, take: 5 });
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
    const wait = dueAt.getTime() - (log[0]?.at.getTime() ?? 0);
    expect(wait).toBeGreaterThanOrEqual(seconds(5));
    expect(wait).toBeLessThan(seconds(6));
    expect((await endpointRow(endpointId)).failingSince).toEqual(log[0]?.at);
    const [job] = await database.db.$queryRaw<{ run_at: Date }[]>`
      SELECT run_at FROM graphile_worker._private_jobs WHERE payload->>'sendingId' = ${sendingId} ORDER BY id DESC LIMIT 1`;
    expect(job?.run_at).toEqual(dueAt);
  });

  it('by nobody who answers in time, or who listens, is kept too', async () => {
    const slow = await oneMessage();
    slow.product.answers(() => new Promise(() => undefined));
    await tryUntil(1, slow.sendingId, 200);
    expect((await row(slow.sendingId)).log).toMatchObject([{ status: null, error: 'timed_out' }]);
    slow.product.close();
    await passWaits(database.db);
    await tryUntil(2, slow.sendingId);
    expect((await row(slow.sendingId)).log[1]).toMatchObject({ error: 'connection_refused' });
  });

  it('at an address that is not allowed asks nobody', async () => {
    const { product: heard, sendingId } = await oneMessage();
    const running = startSender({ db: database.db, rules: { allowHttp: true, allowedHosts: [] } });
    open.push(running);
    running.wake();
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
      await passWaits(database.db);
      await tryUntil(n, sendingId);
      const { dueAt, log, state } = await row(sendingId);
      const wait = waits[n - 1];
      expect(state).toBe(wait === undefined ? 'failed' : 'pending');
      if (wait === undefined) continue;
      const waited = dueAt.getTime() - (log.at(-1)?.at.getTime() ?? 0);
      expect(waited).toBeGreaterThanOrEqual(wait);
      expect(waited).toBeLessThan(wait * 1.1 + seconds(1));
    }
    expect(await claimSendings(database.db, { room: 5, each: 5, underway: [] })).toEqual([]);
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
    await passWaits(database.db);
    await tryUntil(2, sendingId);
    expect(await row(sendingId)).toMatchObject({ state: 'sent', tries: 2 });
    expect((await endpointRow(endpointId)).failingSince).toBeNull();
  });
});

describe('workers', () => {
  let other: Db;
  beforeAll(() => {
    other = createDb(database.url);
    return () => closeDb(other);
  });

  it('several at once send each message once', async () => {
    const heard = await product();
    await endpointAt(database.db, heard.url);
    const senders = [sender(), sender(other)];
    heard.answers(() => pause(5).then(() => ({ status: 200 })));
    await grants(60);
    for (const running of senders) running.wake();
    await eventually(async () =>
      expect(await database.db.sending.count({ where: { state: 'pending' } })).toBe(0),
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
    await database.db.sending.update({
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
    await database.db.sending.update({
      where: { id: sendingId },
      data: { claimedUntil: new Date(Date.now() - 1) },
    });
    sender(other).wake();
    await eventually(async () => expect((await row(sendingId)).log).toHaveLength(2));
    expect(await row(sendingId)).toMatchObject({
      state: 'sent',
      log: [
        { n: 1, status: 500 },
        { n: 2, status: 200 },
      ],
    });
  });

  it('an endpoint that never answers holds up no other one', async () => {
    const silent = await product();
    silent.answers(() => new Promise(() => undefined));
    await endpointAt(database.db, silent.url);
    await grants(30);
    const running = sender(database.db, seconds(3));
    running.wake();
    await eventually(() => expect(silent.heard).toHaveLength(4));
    const quick = await product();
    await endpointAt(database.db, quick.url);
    await grants(20);
    running.wake();
    await eventually(() => expect(quick.heard).toHaveLength(20));
    expect(silent.heard).toHaveLength(4);
  });
});

describe('an endpoint', () => {
  let admins = 0;
  const admin = async () => {
    admins += 1;
    const id = newId('usr');
    await database.db.user.create({
      data: { id, email: `${id}@example.com`, name: 'Ada', role: 'admin', passwordHash: 'x' },
    });
  };
  beforeAll(admin);
  const mailsOf = (endpointId: string) =>
    database.db.mail.count({
      where: { kind: 'outbox.disabled', cause: { startsWith: `endpoint.disabled:${endpointId}` } },
    });
  const audited = (endpointId: string) =>
    database.db.audit.findMany({
      where: { subject: endpointId, act: 'endpoint.disabled' },
      select: { reason: true },
      take: 5,
    });
  const failingFor = (id: string, time: number) =>
    database.db.endpoint.update({ where: { id }, data: { failingSince: new Date(Date.now() - time) } });

  it('that answers 410 is disabled at once, and each admin told once', async () => {
    const { endpointId, product: heard, sendingId } = await oneMessage();
    heard.answers(() => ({ status: 410 }));
    await grants(5);
    sender().wake();
    await eventually(async () =>
      expect(await endpointRow(endpointId)).toMatchObject({ state: 'disabled', reason: 'gone' }),
    );
    await eventually(async () =>
      expect(await database.db.sending.count({ where: { endpointId, state: 'pending' } })).toBe(0),
    );
    await Promise.all(open.splice(0).map((running) => running.stop()));
    const states = await database.db.sending.groupBy({ by: ['state'], where: { endpointId } });
    expect(states.map(({ state }) => state).sort()).toEqual(['canceled', 'failed']);
    expect((await row(sendingId)).log).toMatchObject([{ status: 410 }]);
    expect(await mailsOf(endpointId)).toBe(admins);
    expect(await audited(endpointId)).toEqual([{ reason: 'gone' }]);
    await grants(1);
    expect(await database.db.sending.count({ where: { endpointId } })).toBe(6);
  });

  it('that failed for a day, with a message given up, is disabled, and each admin told once', async () => {
    await admin();
    const { endpointId, product: heard, sendingId } = await oneMessage();
    heard.answers(() => ({ status: 500 }));
    await grants(5);
    await failingFor(endpointId, hours(25));
    await database.db.sending.update({ where: { id: sendingId }, data: { tries: 7 } });
    sender().wake();
    await eventually(async () =>
      expect(await endpointRow(endpointId)).toMatchObject({ state: 'disabled', reason: 'failing' }),
    );
    await Promise.all(open.splice(0).map((running) => running.stop()));
    expect(await row(sendingId)).toMatchObject({ state: 'failed', tries: 8 });
    expect(await database.db.sending.count({ where: { endpointId, state: 'canceled' } })).toBe(5);
    expect(await mailsOf(endpointId)).toBe(admins);
    expect(await audited(endpointId)).toEqual([{ reason: 'failing' }]);
    const mail = await database.db.mail.findFirstOrThrow({ where: { cause: { contains: endpointId } } });
    expect(mail.text).toContain(`endpoint change ${endpointId} --on`);
  });

  it.each([
    ['for less than a day', hours(23), 7],
    ['and gave no message up', hours(30), 3],
  ])('that failed %s stays on', async (_name, time, tries) => {
    const { endpointId, product: heard, sendingId } = await oneMessage();
    heard.answers(() => ({ status: 500 }));
    await failingFor(endpointId, time);
    await database.db.sending.update({ where: { id: sendingId }, data: { tries } });
    await tryUntil(tries + 1, sendingId);
    expect((await endpointRow(endpointId)).state).toBe('on');
    expect(await mailsOf(endpointId)).toBe(0);
  });

  it('that gave a message up before it last succeeded begins its day anew', async () => {
    const { endpointId, product: heard, sendingId } = await oneMessage();
    heard.answers(() => ({ status: 500 }));
    await database.db.sending.update({
      where: { id: sendingId },
      data: { state: 'failed', endedAt: new Date(Date.now() - hours(40)) },
    });
    await grants(1);
    await failingFor(endpointId, hours(30));
    const { id } = await sendingOf(database.db, { endpointId });
    await tryUntil(1, id);
    expect((await endpointRow(endpointId)).state).toBe('on');
  });

  it('that a person switches off gets nothing more, and starts afresh when it is on again', async () => {
    const { endpointId, product: heard, sendingId } = await oneMessage();
    await failingFor(endpointId, hours(30));
    const set = (state: 'on' | 'off') =>
      inTransaction(database.db, 'change', (tx) =>
        changeEndpoint(tx, { endpointId, change: { state }, rules: HERE, actor: 'test' }),
      );
    await set('off');
    expect(await row(sendingId)).toMatchObject({ state: 'canceled' });
    await grants(1);
    await set('on');
    expect(await endpointRow(endpointId)).toMatchObject({ state: 'on', reason: null, failingSince: null });
    await grants(1);
    sender().wake();
    await eventually(() => expect(heard.heard).toHaveLength(1));
  });
});

it('what was written to an endpoint while it was switched off is canceled by the sweep', async () => {
  const { endpointId, sendingId } = await oneMessage();
  await database.db.endpoint.update({ where: { id: endpointId }, data: { state: 'off' } });
  const running = sender();
  running.wake();
  await running.stop();
  expect(await row(sendingId)).toMatchObject({ state: 'pending', tries: 0 });
  await sweepOutbox(database.db, new Date());
  expect(await row(sendingId)).toMatchObject({ state: 'canceled' });
});
