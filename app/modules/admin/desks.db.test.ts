import { beforeAll, describe, expect, it } from 'vitest';

import { freezeByStaff } from '~/modules/adjustments/index.server';
import { putCatalogItem } from '~/modules/catalog/index.server';
import { setPause } from '~/modules/pauses/index.server';
import { eventBody } from '~/modules/stripe/testing/deliveries';
import { startReplay } from '~/modules/webhooks/index.server';
import { inTransaction } from '~/platform/db.server';
import { days } from '~/platform/time';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { approvalFilters, listApprovals } from './list-approvals.server';
import { deadLetterFilters, groupDeadLetters, listDeadLetters } from './list-dead-letters.server';
import { listOutgoing, listTold, outgoingFilters } from './list-outgoing.server';
import { listReplayItems, listReplays, readReplayPage, replayFilters } from './list-replays.server';
import { pageOf } from './page.server';
import { readApproval } from './read-approval.server';
import { readCatalogChoices } from './read-catalog-choices.server';
import { readCurrencies } from './read-currencies.server';
import { readCustomerHead } from './read-customer-head.server';
import { readCustomerMoney } from './read-customer-money.server';
import { readOutgoing } from './read-outgoing.server';
import { readPauses } from './read-pauses.server';
import { readPaymentObjects } from './read-payment-objects.server';
import {
  grantFor,
  makeCustomer,
  makeEvent,
  makePayment,
  makeRealm,
  paid,
  realmRef,
} from './testing/console-data';

/** What stands behind the desks of the console, beside its long lists. */
const test = useTestDatabase();
const FIRST = pageOf(new URLSearchParams());
const search = (text = '') => new URLSearchParams(text);
let [realmId, customerId, paymentId] = ['', '', ''];
beforeAll(async () => {
  realmId = await makeRealm(test.db);
  customerId = await makeCustomer(test.db, { email: 'ada@example.test', name: 'Ada' });
  paymentId = await makePayment(test.db, {
    ...{ realmId, customerId, ...paid(new Date()), stripeIntent: 'pi_ada', stripeCharge: 'ch_ada' },
  });
  await test.db.endpoint.create({
    data: { id: 'whe_one', bookId: 'test', url: 'https://product.example.com/', description: '', types: [] },
  });
  await grantFor(test.db, customerId, paymentId);
  const bo = { id: 'usr_bo', email: 'bo@example.test', name: 'Bo', passwordHash: 'x' };
  await test.db.user.create({ data: { ...bo, role: 'finance' } });
});

describe('approvals', () => {
  const terms = {
    ...({ book: 'test', act: 'adjust', role: 'support', unit: 'credits', amount: 5000n, body: {} } as const),
    ...{ preview: {}, reason: 'goodwill', comment: 'asked by mail' },
  };
  const over = { createdAt: new Date(Date.now() - days(8)), expiresAt: new Date(Date.now() - days(1)) };
  beforeAll(async () => {
    const rows = [
      { id: 'apr_open', subject: 'a', requester: 'usr_bo', customerId },
      { id: 'apr_over', subject: 'b', requester: 'usr_bo', customerId: null, ...over },
      { id: 'apr_other', subject: 'c', requester: 'usr_else', customerId: null },
    ];
    await test.db.approval.createMany({ data: rows.map((row) => ({ ...terms, ...row })) });
  });
  const idsOf = async (...[filters]: [Parameters<typeof listApprovals>[1]]) => {
    const { rows, count } = await listApprovals(test.db, filters, FIRST);
    expect(count.n).toBe(rows.length);
    return rows.map(({ id, state }) => `${id} ${state}`);
  };

  it('are listed by their state, by who asked and by customer; one whose days are over is told as expired', async () => {
    expect(await idsOf(approvalFilters(search(), 'usr_bo'))).toEqual([
      ...['apr_other open', 'apr_open open', 'apr_over expired'],
    ]);
    expect(await idsOf(approvalFilters(search('mine'), 'usr_bo'))).toEqual([
      'apr_open open',
      'apr_over expired',
    ]);
    expect(await idsOf(approvalFilters(search('state=executed'), 'usr_bo'))).toEqual([]);
    expect(await idsOf(approvalFilters(search('state=none'), 'usr_bo'))).toHaveLength(3);
    expect(await idsOf({ of: { customerId } })).toEqual(['apr_open open']);
  });

  it('tell each reader whether it is theirs, and on which state of the wallet it stands', async () => {
    expect(await readApproval(test.db, 'apr_open', 'usr_else')).toMatchObject({
      ...{ state: 'open', walletSeq: 1n, own: undefined, closed: undefined, amount: 5000n },
      requester: { id: 'usr_bo', name: 'Bo' },
    });
    expect(await readApproval(test.db, 'apr_over', 'usr_bo')).toMatchObject({
      ...{ state: 'expired', walletSeq: 0n, own: 'request' },
    });
    expect(await readApproval(test.db, 'apr_none', 'usr_bo')).toBeUndefined();
    expect(await readApproval(test.db, 'apr_\u0000', 'usr_bo')).toBeUndefined();
  });
});

describe('dead letters', () => {
  const known = () => [realmRef(realmId)];
  const filters = (text = '') => deadLetterFilters(search(text), known(), realmId);
  beforeAll(async () => {
    await test.db.stripeCustomer.create({ data: { customerId, realmId, stripeId: 'cus_ada' } });
    const money = { object: 'payment_intent', amount_received: 700, currency: 'usd', customer: 'cus_ada' };
    const stuck = [
      ['evt_p1', 'quarantined', 'unknown_price', 'It sells price_hand, which is not known.'],
      ['evt_p2', 'quarantined', 'unknown_price', 'It sells price_hand, which is not known.'],
      ['evt_p3', 'quarantined', 'unknown_price', 'It sells price_two, which is not known.'],
      ['evt_dead', 'dead', 'invariant', 'A rule of the database refused it.'],
    ] as const;
    for (const [id, status, reason, detail] of stuck) {
      const payload = JSON.stringify({ data: { object: money } });
      await makeEvent(test.db, { id, realmId, status, reason, payload, decidedAt: new Date() });
      const [startedAt, endedAt] = [new Date(), new Date()];
      const tried = { realmId, eventId: id, run: 1, n: 1, startedAt, endedAt, outcome: status };
      await test.db.attempt.create({ data: { ...tried, code: reason, detail } });
    }
    await makeEvent(test.db, { realmId, status: 'done', decision: 'applied' });
  });

  it('are those that wait for a person, with what they name, whose they are and what settled', async () => {
    const { rows, count } = await listDeadLetters(test.db, filters(), FIRST);
    expect(rows.map(({ id }) => id).sort()).toEqual(['evt_dead', 'evt_p1', 'evt_p2', 'evt_p3']);
    expect(count.n).toBe(4);
    expect(rows.find(({ id }) => id === 'evt_p3')?.stuck).toMatchObject({
      ...{ code: 'unknown_price', names: 'price_two', money: { amount: 700n, currency: 'usd' } },
      ...{ stripeCustomer: 'cus_ada', customer: { id: customerId, name: 'Ada' } },
    });
    const dead = await listDeadLetters(test.db, filters('status=dead&status=done'), FIRST);
    expect(dead.rows.map(({ id }) => id)).toEqual(['evt_dead']);
  });

  it('are grouped by what one word mends for all of them, most first', async () => {
    const groups = await groupDeadLetters(test.db, filters());
    expect(groups.map(({ code, names, count }) => `${code ?? ''} ${names ?? ''} ${String(count)}`)).toEqual([
      ...['unknown_price price_hand 2', 'invariant  1', 'unknown_price price_two 1'],
    ]);
    expect(groups[0]?.sample).toMatchObject({
      run: 1,
      stripeCustomer: 'cus_ada',
      customer: { id: customerId },
    });
  });

  it('are replayed as a group; its page and its items tell what was predicted and what came', async () => {
    const selection = { status: 'quarantined', reason: 'unknown_price', names: 'price_hand' } as const;
    const wish = { realmId, actor: 'usr_bo', reason: 'cause_fixed', key: crypto.randomUUID(), selection };
    const started = await inTransaction(test.db, 'replay', (tx) =>
      startReplay(tx, { ...wish, dryRun: true }),
    );
    const replayId = started.outcome === 'started' ? started.replayId : '';
    for (const [eventId, predicted] of [
      ['evt_p1', 'done'],
      ['evt_p2', 'quarantined'],
    ] as const)
      await test.db.replayItem.create({
        data: {
          replayId,
          eventId,
          realmId,
          runBefore: 1,
          predicted,
          predictedCode: predicted === 'done' ? 'applied' : 'unknown_price',
        },
      });
    const list = (text: string) => listReplays(test.db, replayFilters(search(text), known(), realmId), FIRST);
    expect((await list('kind=dry')).rows).toMatchObject([{ id: replayId, total: 2, actor: { name: 'Bo' } }]);
    expect((await list('kind=real')).rows).toEqual([]);
    expect((await list('state=done')).rows).toEqual([]);
    expect(await readReplayPage(test.db, replayId)).toMatchObject({
      dryRun: true,
      total: 2,
      followedBy: null,
      realm: { id: realmId },
    });
    const items = (filter: Parameters<typeof listReplayItems>[2]['filter'], after?: string) =>
      listReplayItems(test.db, replayId, { filter, after });
    expect((await items(undefined)).rows).toMatchObject([
      ...[
        { eventId: 'evt_p1', predicted: 'done', result: null },
        { eventId: 'evt_p2', predicted: 'quarantined' },
      ],
    ]);
    expect((await items({ of: 'predicted', status: 'done', code: 'applied' })).rows).toHaveLength(1);
    expect(await items({ of: 'predicted', status: 'done\u0000', code: null })).toEqual({ rows: [] });
    expect((await items(undefined, 'evt_p1')).rows).toMatchObject([{ eventId: 'evt_p2' }]);
    const real = { ...wish, key: crypto.randomUUID(), selection: { dryRun: replayId }, dryRun: false };
    const followed = await inTransaction(test.db, 'replay', (tx) => startReplay(tx, real));
    expect(await readReplayPage(test.db, replayId)).toMatchObject({
      followedBy: followed.outcome === 'started' ? followed.replayId : 'nothing was started',
    });
    expect(await readReplayPage(test.db, 'rpl_none')).toBeUndefined();
    expect(await readReplayPage(test.db, 'rpl_\u0000')).toBeUndefined();
  });
});

describe('outgoing webhooks', () => {
  it('are listed by state, type, endpoint and customer of one book, and a message with all its sendings', async () => {
    const told = await listTold(test.db, outgoingFilters(search(), 'test'), FIRST);
    const message = told.rows.find(({ type }) => type === 'credits.granted');
    expect(message).toMatchObject({ sendings: 1, arrived: 0, customer: { id: customerId, name: 'Ada' } });
    const ids = async (text: string, book: 'test' | 'live' = 'test') =>
      (await listOutgoing(test.db, outgoingFilters(search(text), book), FIRST)).rows.map(
        ({ messageId }) => messageId,
      );
    expect(await ids('')).toContain(message?.id);
    expect(await ids(`state=pending&endpoint=whe_one&type=credits.granted&customer=${customerId}`)).toEqual([
      message?.id,
    ]);
    for (const none of [
      'state=sent',
      'endpoint=whe_two',
      'type=payment.paid&endpoint=whe_two',
      'customer=cst_none',
      'until=2020-01-01',
    ])
      expect(await ids(none), none).toEqual([]);
    expect(await ids('', 'live')).toEqual([]);
    const page = await readOutgoing(test.db, message?.id ?? '');
    expect(page).toMatchObject({
      type: 'credits.granted',
      book: 'test',
      sendings: [{ n: 1, state: 'pending', actor: null }],
    });
    expect(JSON.parse(page?.body ?? '')).toMatchObject({ type: 'credits.granted', data: {} });
    expect(await readOutgoing(test.db, page?.sendings[0]?.id ?? '')).toEqual(page);
    expect(await readOutgoing(test.db, 'msg_none')).toBeUndefined();
    expect(await readOutgoing(test.db, 'msg_\u0000')).toBeUndefined();
  });
});

describe('what stands beside a page', () => {
  it('pauses are told with the name of who paused, and every switch is there', async () => {
    const why = { actor: 'usr_bo', reason: 'incident', comment: 'a fault' };
    await inTransaction(test.db, 'pause', (tx) =>
      setPause(tx, { book: 'live', work: 'selling', pauses: true, ...why }),
    );
    const switches = await readPauses(test.db);
    expect(switches).toHaveLength(8);
    expect(switches.filter(({ pause }) => pause !== null)).toMatchObject([
      { book: 'live', work: 'selling', pause: { who: 'Bo', reason: 'incident' } },
    ]);
  });

  it('choices of the catalogue are every version in every currency, the newest of an item first', async () => {
    const words = { code: 'pack', kind: 'pack', name: 'Pack', description: 'Credits.', position: 1 } as const;
    for (const credits of [900n, 950n])
      await inTransaction(test.db, 'pack', (tx) =>
        putCatalogItem(tx, { ...words, credits, expiresDays: null, prices: { usd: 1000n, eur: 900n } }),
      );
    const choices = await readCatalogChoices(test.db);
    expect(choices.map(({ n, currency, credits }) => `${String(n)} ${currency} ${String(credits)}`)).toEqual([
      ...['2 eur 950', '2 usd 950', '1 eur 900', '1 usd 900'],
    ]);
  });

  it('currencies are those of the payments of these realms, once each', async () => {
    const other = await makeRealm(test.db);
    for (const currency of ['jpy', 'usd', 'jpy'])
      await makePayment(test.db, { realmId: other, customerId, currency });
    expect(await readCurrencies(test.db, [other, realmId])).toEqual(['jpy', 'usd']);
    expect(await readCurrencies(test.db, [realmId])).toEqual(['usd']);
    expect(await readCurrencies(test.db, [])).toEqual([]);
  });

  it('a customer’s head tells who they are, what freezes them and what waits; their money is theirs alone', async () => {
    const why = { actor: 'usr_bo', reason: 'fraud', comment: 'seen', key: crypto.randomUUID() } as const;
    await freezeByStaff(test.db, { book: 'test', customerId, ...why });
    expect(await readCustomerHead(test.db, customerId)).toMatchObject({
      ...{ email: 'ada@example.test', login: null, notes: 0, openApprovals: 1 },
      freezes: [{ book: 'test', isByStaff: true, by: { id: 'usr_bo', name: 'Bo' } }],
      stripeCustomers: [{ stripeId: 'cus_ada', realm: { id: realmId } }],
    });
    expect(await readCustomerHead(test.db, 'cst_none')).toBeUndefined();
    const refund = {
      kind: 'refund',
      status: 'succeeded',
      level: 'gone',
      amount: 5n,
      taken: 5n,
      currency: 'usd',
    } as const;
    await test.db.moneyBack.create({ data: { id: 'mbk_ada', realmId, paymentId, ...refund } });
    const stranger = await makeCustomer(test.db);
    await makePayment(test.db, { realmId, customerId: stranger });
    const money = await readCustomerMoney(test.db, customerId);
    expect(money.payments.map(({ id }) => id)).toContain(paymentId);
    expect(money).toMatchObject({ plans: [], topUps: [], moneyBacks: [{ id: 'mbk_ada', paymentId }] });
    expect(await readCustomerMoney(test.db, stranger)).toMatchObject({ payments: [{}], moneyBacks: [] });
  });

  it('objects of a payment are each as its newest event showed it, of its realm alone', async () => {
    const say = (objectId: string, created: number, status: string, realm = realmId) => {
      const { id, body: payload } = eventBody({ object: { id: objectId, status } });
      return makeEvent(test.db, { id, realmId: realm, payload, objectId, created: new Date(created) });
    };
    await say('ch_ada', 1000, 'pending');
    const newest = await say('ch_ada', 2000, 'succeeded');
    await say('ch_ada', 3000, 'forged', await makeRealm(test.db));
    const objects = await readPaymentObjects(test.db, paymentId);
    expect(objects).toMatchObject([{ id: 'ch_ada', eventId: newest }]);
    expect(JSON.parse(objects?.[0]?.json ?? '')).toEqual({ id: 'ch_ada', status: 'succeeded' });
    expect(await readPaymentObjects(test.db, 'pay_none')).toBeUndefined();
  });
});
