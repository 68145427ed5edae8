import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { makeEvent } from '../../app/modules/admin/testing/console-data';
import { putCatalogItem } from '../../app/modules/catalog/index.server';
import { newWallet } from '../../app/modules/ledger/testing/wallets';
import { openShelf } from '../../app/modules/payments/testing/stripe-shelf';
import { eventBody, makeRealm } from '../../app/modules/stripe/testing/deliveries';
import { type RealmView } from '../../app/modules/stripe/shared';
import { inTransaction } from '../../app/platform/db.server';
import { newId } from '../../app/platform/ids.server';
import { type Answer, type Member, useTestConsole } from '../support/test-console';
import { useTestDatabase } from '../support/test-database';

/** What staff do about events and messages, sent to the routes of its dialogs. */
const DISMISS = 'admin.webhooks.dismiss';
const MEND = 'admin.webhooks.mend';
const REDACT = 'admin.webhooks.events.$eventId_.redaction';
const REPLAY = 'admin.webhooks.replay';
const RESEND = 'admin.webhooks.resend';

const database = useTestDatabase();
let shelf: Awaited<ReturnType<typeof openShelf>>;
let realm: RealmView;
let versionId = '';
beforeAll(async () => {
  shelf = await openShelf();
  realm = await makeRealm(database.db);
  ({ versionId } = await inTransaction(database.db, 'pack', (tx) =>
    putCatalogItem(tx, {
      ...{ code: 'pack', kind: 'pack', name: 'Pack', description: 'Credits.', position: 1 },
      ...{ expiresDays: 365, credits: 900n, prices: { usd: 1000n } },
    }),
  ));
});
const desk = useTestConsole(database, () => ({ realm, settings: shelf.settings }));
let support: Member;
let finance: Member;
beforeAll(async () => {
  [support, finance] = [await desk.staff('support'), await desk.staff('finance')];
});
afterAll(() => shelf.close());

type Fields = Record<string, string>;
const told = (answer: Answer) =>
  typeof answer === 'number' ? String(answer) : `${answer.outcome}: ${answer.message ?? ''}`;
const deadOf = (data: object = {}) =>
  makeEvent(database.db, {
    realmId: realm.id,
    status: 'dead',
    reason: 'unknown',
    decidedAt: new Date(),
    ...data,
  });
const eventRow = (id: string) => database.db.event.findFirstOrThrow({ where: { id } });
const newCustomer = async () => {
  const id = newId('cst');
  await database.db.customer.create({ data: { id } });
  return id;
};
/** Money that settled, as an event tells of it. */
const settledOf = (amount: number) =>
  JSON.stringify({ data: { object: { amount_received: amount, currency: 'usd' } } });

describe('a replay', () => {
  const start = (id: string, run = 1): Fields => ({
    ...{ intent: 'start', realm: realm.id, how: 'real', key: randomUUID() },
    selection: JSON.stringify({ id, run }),
  });

  it('under one key is one with one audit row, and an event that ran since is told', async () => {
    const id = await deadOf({ type: 'charge.failed' });
    expect(told(await desk.send(REPLAY, { as: support, fields: start(id, 2) }))).toMatch(
      /^refused: Nothing was started/,
    );
    const sent = { as: support, fields: start(id) };
    const answers = await Promise.all([desk.send(REPLAY, sent), desk.send(REPLAY, sent)]);
    answers.push(await desk.send(REPLAY, sent));
    for (const answer of answers)
      expect(answer).toMatchObject({ outcome: 'open', message: '1 event: it runs again.' });
    const [replay, ...others] = await database.db.replay.findMany({
      where: { actor: support.userId },
      take: 5,
    });
    expect(others).toEqual([]);
    expect(await desk.auditsOf(replay?.id ?? '')).toEqual([`${support.userId} replay.started other`]);
    const cancel = { as: support, fields: { intent: 'cancel', replay: replay?.id ?? '' } };
    expect(told(await desk.send(REPLAY, cancel))).toMatch(/^done: No further events/);
    expect(told(await desk.send(REPLAY, cancel))).toBe('refused: It has ended already.');
  });

  it('needs the role, a fresh proof, a page of this site and a whole form', async () => {
    const fields = start(await deadOf());
    await desk.expectGuarded(REPLAY, { fields }, { least: 'support', lower: 'viewer' });
    await desk.expectFieldsRefused(REPLAY, { as: support, fields }, [
      ...([
        ['selection', 'no json'],
        ['how', 'maybe'],
        ['realm', ''],
        ['reason', 'because'],
      ] as const),
      ...([
        ['comment', ''],
        ['key', 'x'],
      ] as const),
    ]);
  });
});

describe('a dismissal', () => {
  const of = (...ids: string[]): Fields => ({
    intent: 'dismiss',
    events: JSON.stringify(ids.map((eventId) => ({ realmId: realm.id, eventId, run: 1 }))),
  });

  it('of many: each by itself, what was seen otherwise or is settled money is left and told', async () => {
    const ids = [
      await deadOf({ type: 'charge.failed' }),
      await deadOf({ run: 2 }),
      await deadOf({ payload: settledOf(700) }),
    ];
    const sent = { as: support, fields: { ...of(...ids), reason: 'other' } };
    expect(await desk.send(DISMISS, sent)).toMatchObject({
      outcome: 'done',
      message:
        '1 event dismissed. 1 event left: not as you saw it any more, so look again. 1 event left: settled money is finance’s to dismiss.',
    });
    expect(told(await desk.send(DISMISS, sent))).toMatch(/^refused/);
    const [first = '', second = '', third = ''] = ids;
    expect([await eventRow(first), await eventRow(second), await eventRow(third)]).toMatchObject([
      ...[{ status: 'dismissed' }, { status: 'dead' }, { status: 'dead' }],
    ]);
    expect(await desk.auditsOf(first)).toEqual([`${support.userId} event.dismissed other`]);
  });

  it('of settled money above the limit of finance closes nothing until somebody else approves it', async () => {
    const id = await deadOf({ payload: settledOf(100_000_000) });
    const sent = { as: finance, fields: of(id) };
    expect(told(await desk.send(DISMISS, sent))).toMatch(/^asked: .* a second person is asked\.$/);
    expect(told(await desk.send(DISMISS, sent))).toMatch(/^asked: .* asked already/);
    const { id: approvalId } = await database.db.approval.findFirstOrThrow({ where: { subject: id } });
    const approve = (as: Member) =>
      desk.send('admin.approvals.$approvalId', {
        ...{ as, params: { approvalId }, fields: { intent: 'approve', seq: '0', reason: 'checked' } },
      });
    expect(told(await approve(finance))).toMatch(/^refused: You asked for this yourself/);
    expect(await eventRow(id)).toMatchObject({ status: 'dead' });
    expect(told(await approve(await desk.staff('finance')))).toBe('done: It is carried out.');
    expect(await eventRow(id)).toMatchObject({ status: 'dismissed' });
    expect(await desk.auditsOf(id)).toEqual([`${finance.userId} event.dismissed other`]);
  });

  it('needs the role, a fresh proof, a page of this site and a whole form', async () => {
    const fields = of(await deadOf());
    await desk.expectGuarded(DISMISS, { fields }, { least: 'support', lower: 'viewer' });
    await desk.expectFieldsRefused(DISMISS, { as: support, fields }, [
      ...([
        ['events', '[]'],
        ['events', '{'],
        ['events', ''],
        ['reason', 'because'],
        ['comment', ''],
      ] as const),
    ]);
  });
});

describe('what an event lacked', () => {
  const seen = (event: string): Fields => ({ realm: realm.id, event, run: '1' });

  it('is said once: whose a Stripe customer is, and what a Stripe price sells', async () => {
    const [id, other] = [await deadOf(), await deadOf()];
    const [customer, stripeCustomer] = [await newCustomer(), `cus_${newId('cst')}`];
    const fields = { intent: 'customer', stripeCustomer, customer, ...seen(id) };
    expect(told(await desk.send(MEND, { as: support, fields }))).toMatch(
      /^open: Kept\. The event runs again/,
    );
    expect(told(await desk.send(MEND, { as: support, fields }))).toMatch(
      /^refused: The event is not as you saw it/,
    );
    expect(await eventRow(id)).toMatchObject({ status: 'queued', run: 2 });
    const image = { realmId: realm.id, stripeId: stripeCustomer };
    expect(await database.db.stripeCustomer.findFirst({ where: image })).toMatchObject({
      customerId: customer,
    });
    expect(await desk.auditsOf(id)).toEqual([`${support.userId} event.corrected other`]);
    const price = { intent: 'price', stripePrice: 'price_hand', version: `${versionId} usd`, ...seen(other) };
    await desk.writingNothing(async () => {
      expect(told(await desk.send(MEND, { as: support, fields: price }))).toMatch(
        /^refused: .* finance’s to say/,
      );
      const nobody = { ...fields, ...seen(other), customer: 'cst_nobody', stripeCustomer: 'cus_new' };
      expect(told(await desk.send(MEND, { as: support, fields: nobody }))).toMatch(
        /^refused: There is no such customer/,
      );
      const none = { ...price, version: 'ver_none usd' };
      expect(told(await desk.send(MEND, { as: finance, fields: none }))).toMatch(/^refused: .* no price/);
    });
    expect(told(await desk.send(MEND, { as: finance, fields: price }))).toMatch(/^open: Kept/);
    expect(await desk.auditsOf(other)).toEqual([`${finance.userId} event.corrected other`]);
  });

  it('of an event of the other mode is refused: that mode has a console of its own', async () => {
    const live = await makeRealm(database.db, 'live');
    const id = await deadOf({ realmId: live.id });
    const [customer, stripeCustomer] = [await newCustomer(), `cus_${newId('cst')}`];
    const fields = { intent: 'customer', stripeCustomer, customer, ...seen(id), realm: live.id };
    await desk.writingNothing(async () => {
      expect(told(await desk.send(MEND, { as: support, fields }))).toMatch(/^refused: .* of the other mode/);
    });
  });

  it('is said for all that wait for the same thing, which run again with it', async () => {
    const ids = [];
    for (let n = 0; n < 3; n += 1) {
      const id = await deadOf({ status: 'quarantined', reason: 'unknown_customer' });
      await database.db.attempt.create({
        data: {
          ...{ realmId: realm.id, eventId: id, run: 1, n: 1, startedAt: new Date(), endedAt: new Date() },
          ...{ outcome: 'quarantined', code: 'unknown_customer', detail: 'It names cus_shared.' },
        },
      });
      ids.push(id);
    }
    const [id = ''] = ids;
    const fields = {
      ...{ intent: 'customer', stripeCustomer: 'cus_shared', customer: await newCustomer() },
      ...{ others: '2', code: 'unknown_customer', ...seen(id), key: randomUUID() },
    };
    expect(told(await desk.send(MEND, { as: support, fields }))).toMatch(
      /^open: Kept\. It runs again, and 2 events with it/,
    );
    expect(
      await database.db.replay.count({ where: { selection: { path: ['names'], equals: 'cus_shared' } } }),
    ).toBe(1);
  });

  it('money of nobody is given to a customer as the pack that was paid, once, and read at Stripe first', async () => {
    const intent = `pi_${newId('pay').slice(4)}`;
    const object = {
      ...({ id: intent, object: 'payment_intent', metadata: {}, currency: 'usd', customer: null } as const),
      ...{ status: 'succeeded', amount: 1000, amount_received: 1000, latest_charge: `ch_${intent}` },
      last_payment_error: null,
    };
    const id = await deadOf({ status: 'quarantined', objectId: intent });
    const customer = await newCustomer();
    const fields = { intent: 'assign', customer, version: versionId, ...seen(id) };
    const sent = { as: support, fields };
    await desk.writingNothing(async () => {
      expect(told(await desk.send(MEND, sent))).toMatch(/^refused/);
      shelf.lay(object);
      const two = { ...sent, fields: { ...fields, quantity: '2' } };
      expect(told(await desk.send(MEND, two))).toMatch(/^refused: That costs more than was paid/);
      const nobody = { ...sent, fields: { ...fields, customer: 'cst_nobody' } };
      expect(told(await desk.send(MEND, nobody))).toMatch(/^refused: There is no such customer/);
    });
    const answers = await Promise.all([desk.send(MEND, sent), desk.send(MEND, sent)]);
    expect(answers.map((answer) => told(answer).slice(0, 24)).sort()).toEqual([
      ...['done: The credits are th', 'refused: The event is no'],
    ]);
    const wallet = await database.db.wallet.findFirstOrThrow({ where: { customerId: customer } });
    expect(wallet.available).toBe(900n);
    expect(await desk.auditsOf(id)).toEqual([`${support.userId} event.assigned other`]);
  });

  it('needs the role, a fresh proof, a page of this site and a whole form', async () => {
    const fields = {
      intent: 'assign',
      customer: await newCustomer(),
      version: versionId,
      ...seen(await deadOf()),
    };
    await desk.expectGuarded(MEND, { fields }, { least: 'support', lower: 'viewer' });
    await desk.expectFieldsRefused(MEND, { as: support, fields }, [
      ...([
        ['customer', ''],
        ['version', ''],
        ['quantity', '0'],
        ['quantity', '101'],
        ['run', 'x'],
      ] as const),
      ...([
        ['intent', 'steal'],
        ['reason', 'because'],
        ['comment', ''],
        ['key', 'x'],
      ] as const),
    ]);
  });
});

describe('a redaction of an event', () => {
  it('takes the payload out once, for good, with its audit row', async () => {
    const { id, body: payload } = eventBody({
      object: { id: 'ch_of_somebody', email: 'person@example.test' },
    });
    await deadOf({ id, payload });
    const sent = {
      as: await desk.staff('admin'),
      params: { eventId: id },
      fields: { realmId: realm.id, reason: 'personal_data' },
    };
    expect(told(await desk.send(REDACT, sent))).toMatch(/^done: All but the event’s envelope/);
    expect(told(await desk.send(REDACT, sent))).toBe('done: It was redacted before.');
    const { payload: left, redactedAt } = await eventRow(id);
    expect(left).toContain('ch_of_somebody');
    expect(left).not.toContain('person@example.test');
    expect(redactedAt).not.toBeNull();
    expect(await desk.auditsOf(id)).toEqual([`${sent.as.userId} event.redacted personal_data`]);
    const queued = await makeEvent(database.db, { realmId: realm.id, payload });
    await desk.writingNothing(async () => {
      expect(told(await desk.send(REDACT, { ...sent, params: { eventId: queued } }))).toMatch(
        /^refused: .* on its way/,
      );
      expect(told(await desk.send(REDACT, { ...sent, params: { eventId: 'evt_none' } }))).toMatch(/^refused/);
    });
  });

  it('needs an admin, a fresh proof, a page of this site and a whole form', async () => {
    const sent = { params: { eventId: await deadOf() }, fields: { realmId: realm.id, reason: 'other' } };
    await desk.expectGuarded(REDACT, sent, { least: 'admin', lower: 'finance' });
    await desk.expectFieldsRefused(REDACT, { as: await desk.staff('admin'), ...sent }, [
      ...([
        ['reason', 'because'],
        ['comment', ''],
        ['realmId', ''],
      ] as const),
    ]);
  });
});

describe('a message sent again', () => {
  const given = async () => {
    const endpoint = newId('whe');
    await database.db.endpoint.create({
      data: { id: endpoint, bookId: 'test', url: 'https://product.example.com/', description: '', types: [] },
    });
    await (await newWallet(database.db)).lot(10n);
    const own = { where: { endpointId: endpoint }, orderBy: { id: 'asc' }, take: 5 } as const;
    await database.db.sending.updateMany({
      ...{ where: own.where },
      data: { state: 'failed', endedAt: new Date() },
    });
    const [sending] = await database.db.sending.findMany(own);
    const today = new Date().toISOString().slice(0, 10);
    return { endpoint, sending: sending?.id ?? '', today, rows: () => database.db.sending.findMany(own) };
  };

  it('is another row under one key, however often it is clicked, and audited', async () => {
    const { endpoint, sending, rows } = await given();
    const sendings = JSON.stringify([{ endpoint, id: sending }]);
    const fields = { intent: 'these', sendings, reason: 'product_asked', key: randomUUID() };
    const answers = await Promise.all([
      desk.send(RESEND, { as: support, fields }),
      desk.send(RESEND, { as: support, fields }),
    ]);
    for (const answer of answers) expect(told(answer)).toBe('open: 1 message is on its way.');
    expect(await rows()).toMatchObject([
      { state: 'failed' },
      { state: 'pending', replayOfId: sending, actor: support.userId },
    ]);
    expect(await desk.auditsOf(endpoint)).toEqual([`${support.userId} endpoint.replayed product_asked`]);
  });

  it('by what failed since a day; an endpoint that is off is sent nothing', async () => {
    const { endpoint, today, rows } = await given();
    const fields = { intent: 'failed', endpoint, since: today, reason: 'product_mended' };
    await database.db.endpoint.update({ where: { id: endpoint }, data: { state: 'off' } });
    await desk.writingNothing(async () => {
      expect(told(await desk.send(RESEND, { as: support, fields }))).toMatch(
        /^refused: .* not on is sent nothing/,
      );
    });
    await database.db.endpoint.update({ where: { id: endpoint }, data: { state: 'on' } });
    expect(told(await desk.send(RESEND, { as: support, fields }))).toBe('open: 1 message is on its way.');
    expect(await rows()).toHaveLength(2);
  });

  it('needs the role, a fresh proof, a page of this site and a whole form', async () => {
    const { endpoint, today } = await given();
    const fields = { intent: 'failed', endpoint, since: today };
    await desk.expectGuarded(RESEND, { fields }, { least: 'support', lower: 'viewer' });
    await desk.expectFieldsRefused(RESEND, { as: support, fields }, [
      ...([
        ['endpoint', ''],
        ['since', 'soon'],
        ['since', ''],
        ['reason', 'because'],
        ['comment', ''],
      ] as const),
    ]);
    const these = { intent: 'these', sendings: '[]' };
    await desk.expectFieldsRefused(RESEND, { as: support, fields: these }, [
      ['sendings', '[]'],
      ['sendings', 'x'],
    ]);
  });
});
