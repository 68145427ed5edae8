import { beforeAll, describe, expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { type RealmView } from '~/modules/stripe/shared';
import { closeDb, createDb, type Db, inTransaction, poolOf } from '~/platform/db.server';
import { days, minutes, seconds } from '~/platform/time';

import { type Dispatch } from './ask-door.server';
import { processEvent } from './process-event.server';
import { receive, type ReceiveOutcome } from './receive.server';
import { inboxOf } from './testing/inbox';
import { deliveryOf, eventBody, makeRealm, OLD_SECRET, SECRET } from '~/modules/stripe/testing/deliveries';

const database = useTestDatabase();
let realm: RealmView;
beforeAll(async () => {
  realm = await makeRealm(database.db);
});

const take = (
  request: Request,
  secrets: readonly string[] = [SECRET],
  db: Db = database.db,
): Promise<ReceiveOutcome> => receive({ db, endpoints: [{ realm, secrets }], now: new Date() }, request);
const eventRow = (id: string) =>
  database.db.event.findUniqueOrThrow({ where: { realmId_id: { realmId: realm.id, id } } });
const deliveriesOf = (eventId: string) =>
  database.db.delivery.findMany({
    where: { realmId: realm.id, eventId },
    orderBy: { id: 'asc' },
    take: 1000,
  });
const lastDelivery = () => database.db.delivery.findFirstOrThrow({ orderBy: { id: 'desc' } });

describe('an accepted delivery', () => {
  it('leaves the event queued, byte for byte, and one row that says how it came', async () => {
    const { id, body } = eventBody();
    expect(await take(deliveryOf(body))).toEqual({ outcome: 'received' });
    expect(await eventRow(id)).toMatchObject({
      payload: body,
      status: 'queued',
      type: 'charge.failed',
      run: 1,
    });
    expect(await deliveriesOf(id)).toMatchObject([
      {
        verdict: 'first',
        status: 200,
        path: '/webhooks/stripe',
        ip: '203.0.113.7',
        agent: 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        apiVersion: '2026-10-28.endive',
        secret: 1,
        bytes: Buffer.byteLength(body),
        requestId: 'req_test',
      },
    ]);
  });

  it('is there for every other connection the moment it is acknowledged', async () => {
    const other = createDb(database.url, 1);
    const { id, body } = eventBody();
    await take(deliveryOf(body));
    expect(await other.event.count({ where: { id } })).toBe(1);
    await closeDb(other);
  });

  it('of a type that is not handled ends as done: ignored', async () => {
    const { id, body } = eventBody({ type: 'product.created', object: { id: 'prod_1', object: 'product' } });
    await take(deliveryOf(body));
    expect(await eventRow(id)).toMatchObject({
      status: 'done',
      decision: 'ignored',
      reason: 'unhandled_type',
    });
  });

  it('verifies by any of several secrets and records which', async () => {
    const { id, body } = eventBody();
    await take(deliveryOf(body, { secret: OLD_SECRET }), [SECRET, OLD_SECRET]);
    await take(deliveryOf(body, { secret: SECRET }), [SECRET, OLD_SECRET]);
    expect((await deliveriesOf(id)).map((row) => row.secret)).toEqual([2, 1]);
  });

  it('wakes a listening worker', async () => {
    const listener = await poolOf(database.db).connect();
    await listener.query('LISTEN credence_inbox');
    const notified = new Promise((resolve) => listener.once('notification', resolve));
    await take(deliveryOf(eventBody().body));
    expect(await notified).toMatchObject({ channel: 'credence_inbox' });
    listener.release(true);
  });
});

describe('a repeated delivery', () => {
  it('a hundred copies at once leave one event and a hundred deliveries', async () => {
    const { id, body } = eventBody();
    const answers = await Promise.all(Array.from({ length: 100 }, () => take(deliveryOf(body))));
    expect(answers.every((answer) => answer.outcome === 'received')).toBe(true);
    expect(await database.db.event.count({ where: { id } })).toBe(1);
    const verdicts = (await deliveriesOf(id)).map((row) => row.verdict);
    expect(verdicts.filter((verdict) => verdict === 'first')).toHaveLength(1);
    expect(verdicts.filter((verdict) => verdict === 'repeat')).toHaveLength(99);
  });

  it('with another body is flagged and the first body kept', async () => {
    const { id, body } = eventBody();
    await take(deliveryOf(body));
    await take(deliveryOf(eventBody({ id }).body));
    expect((await eventRow(id)).payload).toBe(body);
    expect((await deliveriesOf(id)).map((row) => row.verdict)).toEqual(['first', 'conflict']);
  });

  it('starts a new run of a dead event', async () => {
    const { id, body } = eventBody();
    await take(deliveryOf(body));
    await database.db.event.updateMany({
      where: { id },
      data: { status: 'dead', reason: 'schema', tries: 5, firstTryAt: new Date(), decidedAt: new Date() },
    });
    await take(deliveryOf(body));
    const row = await eventRow(id);
    expect(row).toMatchObject({ status: 'queued', run: 2, tries: 0, reason: null, firstTryAt: null });
    expect(row.dueAt.getTime()).toBeLessThanOrEqual(Date.now() + seconds(1));
  });

  it('makes an event that waits after a fault due now, and leaves one that waits for a parent', async () => {
    const later = new Date(Date.now() + minutes(30));
    const [faulty, orphan] = [eventBody(), eventBody()];
    for (const { body } of [faulty, orphan]) await take(deliveryOf(body));
    await database.db.event.updateMany({
      where: { id: faulty.id },
      data: { status: 'waiting', reason: 'stripe_unreachable', dueAt: later },
    });
    await database.db.event.updateMany({
      where: { id: orphan.id },
      data: { status: 'waiting', reason: 'parent_missing', waitsFor: 'pi_1', dueAt: later },
    });
    for (const { body } of [faulty, orphan]) await take(deliveryOf(body));
    expect((await eventRow(faulty.id)).dueAt.getTime()).toBeLessThan(later.getTime());
    expect((await eventRow(orphan.id)).dueAt).toEqual(later);
  });

  it('takes nothing from a try that runs, and makes the event due once that try ended waiting', async () => {
    const inbox = inboxOf(database.db, realm);
    const { id, body } = eventBody();
    await take(deliveryOf(body));
    const fails: Dispatch = () => Promise.reject(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    await inbox.tryOnce(id, fails);
    const claim = await inbox.claim(id);
    const claimed = await eventRow(id);
    await take(deliveryOf(body));
    expect((await eventRow(id)).dueAt).toEqual(claimed.dueAt);
    expect((await eventRow(id)).tries).toBe(2);

    await processEvent({ db: database.db, dispatch: fails, reader: inbox.noReader }, claim);
    await inbox.dueAfter(id, minutes(30));
    await take(deliveryOf(body));
    expect(await inbox.dueIn(id)).toBeLessThanOrEqual(0);
    await inbox.dueAfter(id, days(1));
  });

  it('makes an event due whose claim ran out', async () => {
    const inbox = inboxOf(database.db, realm);
    const { id, body } = eventBody();
    await take(deliveryOf(body));
    await database.db.event.updateMany({
      where: { id },
      data: {
        status: 'waiting',
        reason: 'unknown',
        claimedAt: new Date(Date.now() - seconds(31)),
        dueAt: new Date(Date.now() + minutes(1)),
      },
    });
    await take(deliveryOf(body));
    expect(await inbox.dueIn(id)).toBeLessThanOrEqual(0);
    await inbox.dueAfter(id, days(1));
  });

  it('is answered while a worker holds the event', async () => {
    const { id, body } = eventBody();
    await take(deliveryOf(body));
    await database.db.event.updateMany({ where: { id }, data: { status: 'waiting', reason: 'unknown' } });
    await inTransaction(database.db, 'hold', async (tx) => {
      await tx.$queryRaw`SELECT id FROM event WHERE id = ${id} FOR UPDATE`;
      expect(await take(deliveryOf(body))).toEqual({ outcome: 'received' });
    });
    expect(await deliveriesOf(id)).toHaveLength(2);
  });
});

describe('a refused delivery', () => {
  const MIB = 1024 * 1024;
  const { body } = eventBody();

  it.each([
    ['forged', deliveryOf(body, { secret: OLD_SECRET }), 'bad_signature', 'probable_secret_mismatch'],
    ['unsigned', deliveryOf(body, { signature: null }), 'bad_signature', 'no_signature'],
    [
      'stale',
      deliveryOf(body, { signedAt: new Date(Date.now() - minutes(6)) }),
      'stale',
      /^signed [3-9]\d\d s ago$/,
    ],
    ['signed and no JSON', deliveryOf('<xml/>'), 'not_json', 'the body is no JSON in UTF-8'],
    [
      'live at a test realm',
      deliveryOf(eventBody({ livemode: true }).body),
      'wrong_realm',
      /live event at a test/,
    ],
    [
      'of another account',
      deliveryOf(eventBody({ account: 'acct_other' }).body),
      'wrong_realm',
      /account acct_other/,
    ],
  ])('that is %s gets 400, a row without body, and no event', async (_name, request, code, detail) => {
    const events = await database.db.event.count();
    expect(await take(request)).toEqual({ outcome: 'refused', code, status: 400 });
    const row = await lastDelivery();
    expect(row).toMatchObject({ verdict: code, status: 400, ip: '203.0.113.7' });
    expect(row.detail).toMatch(detail);
    expect(await database.db.event.count()).toBe(events);
  });

  it('that is truncated on the way is refused by its signature', async () => {
    const whole = deliveryOf(body);
    const signature = whole.headers.get('stripe-signature');
    expect(await take(deliveryOf(body.slice(0, 200), { signature }))).toMatchObject({
      code: 'bad_signature',
    });
  });

  it('over 1 MiB gets 413, by its announced length or by counting', async () => {
    const big = Buffer.alloc(MIB + 1, 0x20);
    expect(await take(deliveryOf(big))).toEqual({ outcome: 'refused', code: 'too_big', status: 413 });
    const announced = new Request(deliveryOf('{}'), { headers: { 'content-length': String(MIB + 1) } });
    expect(await take(announced)).toMatchObject({ code: 'too_big' });
    expect(await lastDelivery()).toMatchObject({ verdict: 'too_big', status: 413, bytes: MIB + 1 });
  });

  it('of exactly 1 MiB is read to its end', async () => {
    const { id, body: start } = eventBody();
    const full = start + ' '.repeat(MIB - Buffer.byteLength(start));
    expect(await take(deliveryOf(full))).toEqual({ outcome: 'received' });
    expect((await eventRow(id)).payload).toHaveLength(MIB);
  });

  it('in a flood costs ten rows a second, and every one is refused', async () => {
    const process = createDb(database.url, 4);
    const before = await database.db.delivery.count({ where: { verdict: 'bad_signature' } });
    const startedAt = performance.now();
    const flood = Array.from({ length: 50 }, () =>
      take(deliveryOf(body, { secret: OLD_SECRET }), [SECRET], process),
    );
    const answers = await Promise.all(flood);
    const windows = 1 + Math.floor((performance.now() - startedAt) / seconds(1));
    expect(answers.every((answer) => answer.outcome === 'refused')).toBe(true);
    const after = await database.db.delivery.count({ where: { verdict: 'bad_signature' } });
    expect(after - before).toBeGreaterThanOrEqual(10);
    expect(after - before).toBeLessThanOrEqual(10 * windows);
    await closeDb(process);
  });
});

it('a delivery that cannot be stored is not acknowledged', async () => {
  const gone = createDb('postgresql://nobody@127.0.0.1:1/none', 1);
  const settings = { db: gone, endpoints: [{ realm, secrets: [SECRET] }], now: new Date() };
  expect(await receive(settings, deliveryOf(eventBody().body))).toEqual({ outcome: 'not_stored' });
  await closeDb(gone);
});

it('a delivery is of the realm whose secret verified it, and its secrets are counted from 1', async () => {
  const other = await makeRealm(database.db, 'live');
  const endpoints = [
    { realm, secrets: [SECRET] },
    { realm: other, secrets: ['whsec_of_a_rolled_one', OLD_SECRET] },
  ];
  const send = (livemode: boolean, secret: string, at = endpoints) => {
    const { id, body } = eventBody({ livemode });
    return receive({ db: database.db, endpoints: at, now: new Date() }, deliveryOf(body, { secret })).then(
      (said) => ({ id, said }),
    );
  };
  const theirs = await send(true, OLD_SECRET);
  expect(theirs.said).toEqual({ outcome: 'received' });
  expect(await lastDelivery()).toMatchObject({ realmId: other.id, eventId: theirs.id, secret: 2 });
  expect((await send(false, SECRET)).said).toEqual({ outcome: 'received' });
  expect(await lastDelivery()).toMatchObject({ realmId: realm.id, secret: 1 });
  // A test event by the live endpoint's secret.
  expect((await send(false, OLD_SECRET)).said).toMatchObject({ outcome: 'refused', code: 'wrong_realm' });
  expect(await lastDelivery()).toMatchObject({ realmId: other.id, verdict: 'wrong_realm' });
  const unknown = [...endpoints.slice(0, 1), { realm: undefined, secrets: [OLD_SECRET] }];
  expect((await receiveAt(unknown)).outcome).toBe('realm_unknown');
});

const receiveAt = (endpoints: Parameters<typeof receive>[0]['endpoints']) =>
  receive(
    { db: database.db, endpoints, now: new Date() },
    deliveryOf(eventBody().body, { secret: OLD_SECRET }),
  );
