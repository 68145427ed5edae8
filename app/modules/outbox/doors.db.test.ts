import { beforeEach, describe, expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { newWallet } from '~/modules/ledger/testing/wallets';
import { inTransaction, type Tx } from '~/platform/db.server';
import { hours, minutes } from '~/platform/time';

import {
  addEndpoint,
  addressRules,
  changeEndpoint,
  type EndpointChange,
  listEndpoints,
  listMessages,
  listSendings,
  readSending,
  removeEndpoint,
  replaySendings,
  type ReplayWish,
  rotateSecret,
  sendPing,
} from './index.server';
import { type MessageType } from './shared';
import { endpointAt } from './testing/product';

const database = useTestDatabase();
const RULES = addressRules('production', []);
const URL_OF_PRODUCT = 'https://product.example.com/hooks';
const actor = 'usr_ada';

const act = <T>(work: (tx: Tx) => Promise<T>) => inTransaction(database.db, 'test', work);
const endpoint = (types: MessageType[] = [], book: 'test' | 'live' = 'test') =>
  endpointAt(database.db, URL_OF_PRODUCT, { types, book, actor, rules: RULES });
const change = (endpointId: string, wanted: EndpointChange) =>
  act((tx) => changeEndpoint(tx, { endpointId, change: wanted, rules: RULES, actor }));
const replay = (endpointId: string, wish: ReplayWish) =>
  act((tx) => replaySendings(tx, { endpointId, wish, actor }));
const sendings = (endpointId: string) => listSendings(database.db, { endpointId, take: 50 });
const audits = async (subject: string) =>
  (
    await database.db.audit.findMany({
      where: { subject },
      orderBy: { seq: 'asc' },
      take: 20,
      select: { act: true, actor: true },
    })
  ).map((row) => `${row.act} by ${row.actor}`);
const ended = (endpointId: string, state: 'sent' | 'failed' | 'canceled') =>
  database.db.sending.updateMany({
    where: { endpointId, state: 'pending' },
    data: { state, endedAt: new Date() },
  });
/** Messages of a customer without credits until then: one per grant. */
async function grants(count: number, book: 'test' | 'live' = 'test'): Promise<void> {
  const wallet = await newWallet(database.db, book);
  for (let n = 1; n <= count; n += 1) await wallet.lot(BigInt(n));
}

beforeEach(async () => {
  await database.db.endpoint.updateMany({
    where: { state: { not: 'removed' } },
    data: { state: 'removed', reason: null },
  });
});

describe('an endpoint', () => {
  it('is added with a secret that nobody is shown again, and audited without it', async () => {
    const { endpointId, secret } = await endpoint(['balance.low']);
    expect(Buffer.from(secret.replace(/^whsec_/, ''), 'base64')).toHaveLength(32);
    const [view] = await listEndpoints(database.db, { book: 'test' });
    expect(view).toMatchObject({
      ...{ id: endpointId, book: 'test', url: URL_OF_PRODUCT, types: ['balance.low'], state: 'on' },
      ...{ reason: null, failingSince: null, pending: 0 },
    });
    expect(JSON.stringify(view)).not.toContain('whsec_');
    const audit = await database.db.audit.findFirstOrThrow({ where: { subject: endpointId } });
    expect(audit).toMatchObject({ act: 'endpoint.added', actor });
    expect(JSON.stringify(audit.body)).not.toContain('whsec_');
  });

  it.each([
    ['http://product.example.com/', 'not_https'],
    ['https://10.0.0.1/', 'address_not_allowed'],
    ['https://0x7f000001/', 'address_not_allowed'],
    ['https://ada:lovelace@product.example.com/', 'has_credentials'],
    ['product', 'not_a_url'],
  ])('is refused at %s, when it is added and when it moves', async (url, fault) => {
    const input = { book: 'test', url, description: '', types: [], rules: RULES, actor } as const;
    expect(await act((tx) => addEndpoint(tx, input))).toEqual({ outcome: 'url_refused', fault });
    const { endpointId } = await endpoint();
    expect(await change(endpointId, { url })).toEqual({ outcome: 'url_refused', fault });
    expect(await audits(endpointId)).toEqual(['endpoint.added by usr_ada']);
  });

  it('has room for sixteen of a book', async () => {
    for (let n = 1; n <= 16; n += 1) await endpoint();
    const input = {
      book: 'test',
      url: URL_OF_PRODUCT,
      description: '',
      types: [],
      rules: RULES,
      actor,
    } as const;
    expect(await act((tx) => addEndpoint(tx, input))).toEqual({ outcome: 'too_many', most: 16 });
    await endpoint([], 'live');
  });

  it('moves, and what waits goes to the new address', async () => {
    const { endpointId } = await endpoint();
    await grants(1);
    const moved = {
      url: 'https://new.example.com/',
      description: 'moved',
      types: ['credits.granted' as const],
    };
    expect(await change(endpointId, moved)).toEqual({ outcome: 'changed' });
    expect(await listEndpoints(database.db)).toMatchObject([{ id: endpointId, ...moved, pending: 1 }]);
    expect(await audits(endpointId)).toEqual(['endpoint.added by usr_ada', 'endpoint.changed by usr_ada']);
  });

  it('is removed for good: no secret, nothing on its way, its log kept, no door left', async () => {
    const { endpointId } = await endpoint();
    await grants(2);
    const remove = () => act((tx) => removeEndpoint(tx, { endpointId, actor }));
    expect(await remove()).toEqual({ outcome: 'removed' });
    expect(await database.db.endpointSecret.count({ where: { endpointId } })).toBe(0);
    expect((await sendings(endpointId)).map(({ state }) => state)).toEqual(['canceled', 'canceled']);
    expect(await listEndpoints(database.db)).toEqual([]);
    expect(
      (await listEndpoints(database.db, { withRemoved: true })).some(({ id }) => id === endpointId),
    ).toBe(true);
    expect(await remove()).toEqual({ outcome: 'not_found' });
    expect(await change(endpointId, { state: 'on' })).toEqual({ outcome: 'not_found' });
    const rotated = await act((tx) => rotateSecret(tx, { endpointId, overlap: 0, actor }));
    expect(rotated).toEqual({ outcome: 'not_found' });
    expect(await act((tx) => sendPing(tx, { endpointId, actor }))).toEqual({ outcome: 'not_on' });
    expect(await replay(endpointId, { what: 'failed', since: new Date(0) })).toEqual({ outcome: 'not_on' });
  });

  it('is pinged alone, whatever types it wants', async () => {
    const { endpointId } = await endpoint(['balance.low']);
    const other = await endpoint();
    const pinged = await act((tx) => sendPing(tx, { endpointId, actor }));
    if (pinged.outcome !== 'queued') throw new Error(pinged.outcome);
    expect(await readSending(database.db, pinged.sendingId)).toMatchObject({
      ...{ endpointId, messageId: pinged.messageId, state: 'pending', actor, log: [] },
      message: { type: 'endpoint.ping', customerId: null },
    });
    expect(await sendings(other.endpointId)).toEqual([]);
  });
});

describe('what is sent anew', () => {
  const since = new Date(Date.now() - hours(1));

  it('is another row that names the first, which stays as it was', async () => {
    const { endpointId } = await endpoint();
    await grants(1);
    await ended(endpointId, 'sent');
    const [first] = await sendings(endpointId);
    if (!first) throw new Error('Nothing was sent.');
    const wish: ReplayWish = { what: 'these', sendingIds: [first.id] };
    expect(await replay(endpointId, wish)).toEqual({ outcome: 'replayed', count: 1, hasMore: false });
    expect(await replay(endpointId, wish)).toEqual({ outcome: 'nothing_selected' });
    await ended(endpointId, 'failed');
    expect(await replay(endpointId, wish)).toMatchObject({ count: 1 });
    expect((await sendings(endpointId)).reverse()).toMatchObject([
      first,
      { n: 2, replayOfId: first.id, actor, state: 'failed', messageId: first.messageId },
      { n: 3, replayOfId: first.id, actor, state: 'pending', messageId: first.messageId },
    ]);
    expect(await audits(endpointId)).toEqual([
      'endpoint.added by usr_ada',
      'endpoint.replayed by usr_ada',
      'endpoint.replayed by usr_ada',
    ]);
  });

  it('asked for twice by one click happens once and is answered alike, even when it has arrived since', async () => {
    const { endpointId } = await endpoint();
    await grants(2);
    await ended(endpointId, 'failed');
    const sendingIds = (await sendings(endpointId)).map(({ id }) => id);
    const input = {
      endpointId,
      wish: { what: 'these' as const, sendingIds },
      actor,
      key: crypto.randomUUID(),
    };
    const ask = () => act((tx) => replaySendings(tx, input));
    const both = await Promise.all([ask(), ask()]);
    await ended(endpointId, 'sent');
    for (const outcome of [...both, await ask()])
      expect(outcome).toEqual({ outcome: 'replayed', count: 2, hasMore: false });
    expect(await sendings(endpointId)).toHaveLength(4);
  });

  it('is all that failed or was canceled since then, once, and nothing that arrived', async () => {
    const { endpointId } = await endpoint();
    for (const state of ['sent', 'failed', 'canceled'] as const) {
      await grants(2);
      await ended(endpointId, state);
    }
    await grants(1);
    const later = new Date(Date.now() + minutes(1));
    expect(await replay(endpointId, { what: 'failed', since: later })).toEqual({
      outcome: 'nothing_selected',
    });
    expect(await replay(endpointId, { what: 'failed', since })).toMatchObject({ count: 4 });
    expect(await replay(endpointId, { what: 'failed', since })).toEqual({ outcome: 'nothing_selected' });
    await ended(endpointId, 'failed');
    expect(await replay(endpointId, { what: 'failed', since })).toMatchObject({ count: 5 });
  });

  it('is what an endpoint never got: of its book, of its types, and once', async () => {
    const from = new Date();
    await grants(3);
    await grants(2, 'live');
    const { endpointId } = await endpoint(['credits.granted']);
    const deaf = await endpoint(['hold.expired']);
    await grants(1);
    expect(await replay(endpointId, { what: 'missed', since: from })).toMatchObject({ count: 3 });
    expect(await replay(endpointId, { what: 'missed', since: from })).toEqual({
      outcome: 'nothing_selected',
    });
    expect(await replay(deaf.endpointId, { what: 'missed', since: from })).toEqual({
      outcome: 'nothing_selected',
    });
    const missed = (await sendings(endpointId)).filter((sending) => sending.actor === actor);
    expect(missed).toHaveLength(3);
    expect(
      missed.every(({ n, replayOfId, message }) => n === 1 && replayOfId === null && message.at >= from),
    ).toBe(true);
  });

  it('is never a sending of another endpoint', async () => {
    const [one, other] = [await endpoint(), await endpoint()];
    await grants(1);
    await ended(one.endpointId, 'failed');
    const [sending] = await sendings(one.endpointId);
    const wish: ReplayWish = { what: 'these', sendingIds: [sending?.id ?? ''] };
    expect(await replay(other.endpointId, wish)).toEqual({ outcome: 'nothing_selected' });
  });
});

describe('what was told', () => {
  it('is listed by book, type and customer, page by page, with what became of it', async () => {
    const { endpointId } = await endpoint();
    const wallet = await newWallet(database.db);
    for (let n = 1; n <= 5; n += 1) await wallet.lot(1n);
    const filter = { book: 'test', customerId: wallet.customerId, take: 3 } as const;
    const first = await listMessages(database.db, filter);
    const rest = await listMessages(database.db, { ...filter, before: first.at(-1)?.id });
    expect([first.length, rest.length]).toEqual([3, 2]);
    const all = [...first, ...rest];
    expect(new Set(all.map(({ id }) => id)).size).toBe(5);
    expect(all.every(({ sendings: sent }) => sent.length === 1 && sent[0]?.endpointId === endpointId)).toBe(
      true,
    );
    expect(await listMessages(database.db, { ...filter, book: 'live' })).toEqual([]);
    expect(await listMessages(database.db, { ...filter, type: 'balance.low' })).toEqual([]);
  });

  it('to an endpoint is listed by state, page by page', async () => {
    const { endpointId } = await endpoint();
    await grants(2);
    await ended(endpointId, 'failed');
    await grants(3);
    const failed = await listSendings(database.db, { endpointId, state: 'failed', take: 10 });
    expect(failed).toHaveLength(2);
    const [newest, next] = await sendings(endpointId);
    const page = await listSendings(database.db, { endpointId, before: newest?.id, take: 1 });
    expect(page).toEqual([next]);
  });
});
