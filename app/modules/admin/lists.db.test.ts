import { beforeAll, describe, expect, it } from 'vitest';

import { minutes } from '~/platform/time';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { customerFilters, listCustomers } from './list-customers.server';
import { deliveryFilters, listDeliveries } from './list-deliveries.server';
import { eventFilters, listEvents } from './list-events.server';
import { listPayments, paymentFilters } from './list-payments.server';
import { PAGE_SIZE, pageOf } from './page.server';
import { type ListView } from './shared';
import {
  makeCustomer,
  makeDelivery,
  makeEvent,
  makePayment,
  makeRealm,
  realmRef,
} from './testing/console-data';

const NOON = new Date('2026-11-21T12:00:00Z');
const search = (text = '') => new URLSearchParams(text);

/** Walks a list to one end by its own cursors. */
async function walk<Row extends { id: string | bigint }>(
  read: (query: string) => Promise<ListView<Row>>,
  between: (page: number) => Promise<unknown> = () => Promise.resolve(),
): Promise<(string | bigint)[]> {
  const seen: (string | bigint)[] = [];
  let query = '';
  for (let page = 1; ; page += 1) {
    const view = await read(query);
    seen.push(...view.rows.map((row) => row.id));
    if (view.next === undefined) return seen;
    await between(page);
    query = `after=${encodeURIComponent(view.next)}`;
  }
}

describe('a list read page by page', () => {
  const test = useTestDatabase();
  let realmId = '';
  let customerId = '';
  const read = (query: string) =>
    listPayments(test.db, paymentFilters(search(), [realmRef(realmId)], realmId), pageOf(search(query)));

  beforeAll(async () => {
    realmId = await makeRealm(test.db);
    customerId = await makeCustomer(test.db);
    // One statement, so that its rows share one instant and only the id parts them.
    await test.db.$executeRaw`
      INSERT INTO payment (id, realm, customer, kind, credits, currency, amount_subtotal, created_at)
      SELECT 'pay_same' || lpad(n::text, 3, '0'), ${realmId}, ${customerId}, 'pack', 500, 'usd', 500, ${NOON}::timestamptz
      FROM generate_series(1, 70) n`;
    await test.db.$executeRaw`
      INSERT INTO payment (id, realm, customer, kind, credits, currency, amount_subtotal, created_at)
      SELECT 'pay_micro' || lpad((100 - n)::text, 3, '0'), ${realmId}, ${customerId}, 'pack', 500, 'usd', 500,
        ${NOON}::timestamptz + interval '1 second' + n * interval '1 microsecond'
      FROM generate_series(1, 70) n`;
  });

  it('shows every row once though rows share an instant or a millisecond', async () => {
    const seen = await walk(read);
    expect(seen).toHaveLength(140);
    expect(new Set(seen).size).toBe(140);
    expect(seen[0]).toBe('pay_micro030');
    expect(seen.at(-1)).toBe('pay_same001');
  });

  it('neither loses nor doubles a row while newer rows arrive between its pages', async () => {
    const before = await walk(read);
    const seen = await walk(read, (page) =>
      makePayment(test.db, {
        id: `pay_late${page}`,
        realmId,
        customerId,
        createdAt: new Date(NOON.getTime() + minutes(page)),
      }),
    );
    expect(seen).toEqual(before);
  });

  it('leads back over the same rows', async () => {
    const first = await read('');
    const second = await read(`after=${first.next ?? ''}`);
    const back = await read(`before=${second.previous ?? ''}`);
    expect(first.previous).toBeUndefined();
    expect(back.rows.map((row) => row.id)).toEqual(first.rows.map((row) => row.id));
    expect(back.previous).toBeUndefined();
    expect(back.next).toBe(first.next);
  });

  it('counts what the filters let through, not the page', async () => {
    const view = await read('');
    expect(view.rows).toHaveLength(PAGE_SIZE);
    expect(view.count.n).toBeGreaterThanOrEqual(140);
    expect(view.count.isExact).toBe(true);
  });

  it.each([
    'nonsense',
    '0~2026-02-31T00:00:00.000000Z~pay_1',
    "0~2026-11-21T12:00:00.000000Z~' OR 1=1",
    '-1~2026-11-21T12:00:00.000000Z~pay_1',
  ])('refuses the cursor %s with 400', (cursor) => {
    expect(() => pageOf(search(`after=${encodeURIComponent(cursor)}`))).toThrowError(
      expect.objectContaining({ status: 400 }),
    );
  });
});

describe('filters of deliveries, events and customers', () => {
  const test = useTestDatabase();
  let realmId = '';
  beforeAll(async () => {
    realmId = await makeRealm(test.db);
    const other = await makeRealm(test.db, 'live');
    await makeEvent(test.db, { realmId, id: 'evt_done', status: 'done', decision: 'noop', objectId: 'pi_1' });
    await makeEvent(test.db, {
      realmId,
      id: 'evt_dead',
      status: 'dead',
      type: 'invoice.paid',
      objectId: 'in_1',
    });
    await makeEvent(test.db, {
      realmId,
      id: 'evt_wait',
      status: 'waiting',
      type: 'invoice.created',
      source: 'catch_up',
    });
    await makeEvent(test.db, { realmId: other, id: 'evt_far', status: 'dead' });
    await makeDelivery(test.db, { verdict: 'first', realmId, eventId: 'evt_done', ip: 'one' });
    await makeDelivery(test.db, { verdict: 'repeat', realmId, eventId: 'evt_done', ip: 'two' });
    await makeDelivery(test.db, { verdict: 'bad_signature', status: 400, ip: 'three' });
    await makeDelivery(test.db, { verdict: 'first', realmId: other, eventId: 'evt_far', ip: 'four' });
  });

  it.each([
    ['', ['evt_dead', 'evt_done', 'evt_wait']],
    ['status=dead', ['evt_dead']],
    ['status=dead&status=waiting', ['evt_dead', 'evt_wait']],
    ['type=invoice.paid', ['evt_dead']],
    ['type=invoice.', ['evt_dead', 'evt_wait']],
    ['object=pi_1', ['evt_done']],
    ['type=evt_dead', ['evt_dead']],
    ['decision=noop', ['evt_done']],
    ['decision=stale', []],
    ['source=catch_up', ['evt_wait']],
    ['source=catch_up&source=delivery&status=done', ['evt_done']],
    ['since=2999-01-01', []],
    ['until=2026-01-01', []],
  ])('events: %s', async (query, expected) => {
    const view = await listEvents(
      test.db,
      eventFilters(search(query), [realmRef(realmId)], realmId),
      pageOf(search()),
    );
    expect(view.rows.map((row) => row.id).sort()).toEqual(expected);
  });

  it('reads a decision that the database spells another way', async () => {
    const view = await listEvents(
      test.db,
      eventFilters(search('status=done'), [realmRef(realmId)], realmId),
      pageOf(search()),
    );
    expect(view.rows[0]?.decision).toBe('noop');
  });

  it.each([
    ['', ['one', 'three', 'two']],
    ['verdict=repeat', ['two']],
    ['verdict=bad_signature&verdict=first', ['one', 'three']],
    ['ip=two', ['two']],
    ['path=%2Fwebhooks%2F*', ['one', 'three', 'two']],
    ['path=%2Fwebhooks', []],
    ['until=2026-11-20', []],
  ])('deliveries, those of no realm too: %s', async (query, expected) => {
    const view = await listDeliveries(
      test.db,
      deliveryFilters(search(query), [realmRef(realmId)], realmId, NOON),
      pageOf(search()),
    );
    expect(view.rows.map((row) => row.ip).sort()).toEqual(expected);
  });

  it('a search of deliveries without a day reads the last week, and says so', async () => {
    const filters = (query: string) => deliveryFilters(search(query), [realmRef(realmId)], realmId, NOON);
    expect(filters('ip=one')).toMatchObject({ since: '2026-11-14', isLastWeek: true });
    expect(filters('ip=one&since=2026-01-01')).toMatchObject({ since: '2026-01-01', isLastWeek: false });
    expect(filters('verdict=stale')).toMatchObject({ since: undefined, isLastWeek: false });
  });

  it('deliveries of one instant are walked once each', async () => {
    await test.db.$executeRaw`
      INSERT INTO delivery (realm, at, verdict, status, path, bytes, ms)
      SELECT ${realmId}, ${NOON}::timestamptz, 'stale', 400, '/webhooks/stripe', 1, 1 FROM generate_series(1, 120)`;
    const seen = await walk((query) =>
      listDeliveries(
        test.db,
        deliveryFilters(search('verdict=stale'), [realmRef(realmId)], realmId, NOON),
        pageOf(search(query)),
      ),
    );
    expect(new Set(seen).size).toBe(120);
    expect(seen).toHaveLength(120);
  });

  it('a cursor of another list, or of a time that is none, is refused as such', async () => {
    const deliveries = (query: string) =>
      listDeliveries(
        test.db,
        deliveryFilters(search(''), [realmRef(realmId)], realmId, NOON),
        pageOf(search(query)),
      );
    for (const after of ['0~2026-11-21T12:00:00.000000Z~pay_1', '0~0000-01-01T00:00:00.000000Z~1'])
      await expect(async () => deliveries(new URLSearchParams({ after }).toString())).rejects.toMatchObject({
        status: 400,
      });
  });

  it('finds a customer by any id or part of the e-mail, with what they hold in the asked book', async () => {
    const userId = 'usr_eve';
    await test.db.user.create({
      data: { id: userId, email: 'eve@example.test', name: 'Eve', passwordHash: 'x' },
    });
    const eve = await makeCustomer(test.db, { email: 'eve@example.test', name: 'Eve', userId });
    await test.db.stripeCustomer.create({ data: { customerId: eve, realmId, stripeId: 'cus_eve' } });
    await makeCustomer(test.db, { email: 'someone@else.test' });
    await test.db.$queryRaw`
      SELECT outcome FROM ledger_grant('test', ${eve}, 'k', '\\x00', 40, 'promo', 0::smallint, true, NULL, NULL, NULL, NULL, 'test', NULL, now())`;
    for (const query of ['q=EVE', `q=${eve}`, 'q=usr_eve', 'q=cus_eve', 'q=eve%40example']) {
      const inTest = await listCustomers(test.db, customerFilters(search(query)), 'test', pageOf(search()));
      expect(inTest.rows.map((row) => row.id)).toEqual([eve]);
      expect(inTest.rows[0]).toMatchObject({ available: 40n, debt: 0n, hasLogin: true, isFrozen: false });
    }
    const inLive = await listCustomers(test.db, customerFilters(search('q=eve')), 'live', pageOf(search()));
    expect(inLive.rows[0]?.available).toBe(0n);
  });

  it('tells whose sender and whose payload are redacted', async () => {
    const gone = { redactedAt: NOON, redactedFor: 'retention' };
    await makeEvent(test.db, { realmId, id: 'evt_gone', status: 'done', decision: 'noop', ...gone });
    await makeDelivery(test.db, { verdict: 'first', realmId, eventId: 'evt_gone', ip: 'five' });
    await makeDelivery(test.db, { verdict: 'repeat', realmId, eventId: 'evt_done', redactedAt: NOON });
    const list = await listDeliveries(
      test.db,
      deliveryFilters(search(''), [realmRef(realmId)], realmId, NOON),
      pageOf(search()),
    );
    const told = list.rows.map(({ eventId, isSenderRedacted, isPayloadRedacted }) => [
      ...[eventId, isSenderRedacted, isPayloadRedacted],
    ]);
    expect(told.slice(0, 2)).toEqual([
      ['evt_done', true, false],
      ['evt_gone', false, true],
    ]);
    const [, , ...others] = told;
    for (const [, ofSender, ofPayload] of others) expect([ofSender, ofPayload]).toEqual([false, false]);
  });

  it('finds customers by how far their deletion is', async () => {
    const deleted = (state: 'asked' | 'waiting' | 'done' | 'canceled', email: string) =>
      makeCustomer(test.db, { email }).then(async (id) => {
        const endedAt = state === 'done' || state === 'canceled' ? NOON : null;
        const row = {
          id: `del_${id}`,
          key: id,
          actor: 'usr_1',
          reason: 'other',
          state,
          beginsAt: NOON,
          endedAt,
        };
        await test.db.customerDeletion.create({ data: { ...row, customerId: id } });
        return id;
      });
    const asked = await deleted('asked', 'asked@leaves.test');
    const waiting = await deleted('waiting', 'waiting@leaves.test');
    const done = await deleted('done', 'done@leaves.test');
    await deleted('canceled', 'stays@leaves.test');
    const found = async (query: string) => {
      const list = await listCustomers(test.db, customerFilters(search(query)), 'test', pageOf(search()));
      return list.rows.map(({ id }) => id);
    };
    expect(await found('state=deleted')).toEqual([done]);
    expect((await found('state=being_deleted')).sort()).toEqual([asked, waiting].sort());
    expect(await found('q=waiting%40leaves&state=being_deleted&state=deleted')).toEqual([waiting]);
    expect(await found('q=leaves.test')).toHaveLength(4);
  });
});
