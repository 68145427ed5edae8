import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';

import { putCatalogItem } from '../../app/modules/catalog/index.server';
import { inTransaction } from '../../app/platform/db.server';
import { DEMO_PACKS } from '../../prisma/demo';
import { type Answer, type Member, useTestConsole } from '../support/test-console';
import { useTestDatabase } from '../support/test-database';

/** Every dialog of the settings, sent to its route. */
const database = useTestDatabase();
const desk = useTestConsole(database);
let admin: Member;
beforeAll(async () => {
  await inTransaction(database.db, 'packs', async (tx) => {
    for (const pack of DEMO_PACKS) await putCatalogItem(tx, pack);
  });
  admin = await desk.staff('admin');
});

type Fields = Record<string, string>;
const told = (answer: Answer) =>
  typeof answer === 'number' ? String(answer) : `${answer.outcome}: ${answer.message ?? ''}`;

/** Sends one dialog twice at once, and answers what was said, the one that acted first. */
async function sendTwice(page: string, as: Member, change: Fields): Promise<Answer[]> {
  const route = `admin.settings.${page}`;
  const fields = { key: randomUUID(), ...change };
  const both = await Promise.all([desk.send(route, { as, fields }), desk.send(route, { as, fields })]);
  both.sort((one, two) => Number(told(one).includes('already')) - Number(told(two).includes('already')));
  return both;
}
const once = async (page: string, as: Member, fields: Fields) =>
  desk.send(`admin.settings.${page}`, { as, fields });

it('a pause holds from one click, and ends by another', async () => {
  const as = await desk.staff('admin');
  const fields = { intent: 'pause', book: 'live', work: 'selling', reason: 'incident' };
  const answers = await sendTwice('pauses', as, fields);
  expect(answers.map(told)).toEqual([
    expect.stringMatching(/^done: .* paused\. Nothing that had not begun/),
    expect.stringMatching(/this was done already/),
  ]);
  const where = { bookId_work: { bookId: 'live', work: 'selling' } } as const;
  expect(await database.db.pauseSwitch.findUniqueOrThrow({ where })).toMatchObject({
    ...{ actor: as.userId, reason: 'incident', comment: 'tested' },
  });
  // Its own key again, once it was let go on, pauses nothing anew.
  const first = { ...fields, key: randomUUID() };
  await once('pauses', as, { ...fields, intent: 'resume', reason: 'over' });
  await once('pauses', as, first);
  await once('pauses', as, { ...fields, intent: 'resume', reason: 'over' });
  await once('pauses', as, first);
  expect(await database.db.pauseSwitch.findUniqueOrThrow({ where })).toMatchObject({ pausedAt: null });
  expect(await desk.auditsBy(as)).toEqual([
    ...['pause.set incident', 'pause.cleared over', 'pause.set incident', 'pause.cleared over'],
  ]);
});

it('a limit is set once, told to admins by mail, and an amount that is none is named', async () => {
  const as = await desk.staff('admin');
  const fields = {
    ...{ book: 'live', role: 'finance', act: 'refund', unit: 'USD', reason: 'planned' },
    ...{ perAct: '12.50', actorDay: '25', customerDay: '20' },
  };
  const answers = await sendTwice('limits', as, fields);
  for (const answer of answers) expect(answer).toMatchObject({ outcome: 'done' });
  const where = { book: 'live', role: 'finance', act: 'refund', unit: 'usd' } as const;
  expect(await database.db.staffLimit.findFirstOrThrow({ where })).toMatchObject({
    ...{ perAct: 1250n, actorDay: 2500n, customerDay: 2000n },
  });
  expect(await desk.auditsBy(as)).toEqual(['limit.changed planned']);
  await desk.expectFieldsRefused('admin.settings.limits', { as, fields }, [
    ...([
      ['perAct', '12.505'],
      ['actorDay', 'all'],
      ['customerDay', '-1'],
      ['unit', 'dollars'],
    ] as const),
    ...([
      ['role', 'viewer'],
      ['act', 'steal'],
      ['book', 'both'],
    ] as const),
  ]);
});

it('the policies of money back and of notices are each set once', async () => {
  const as = await desk.staff('admin');
  const realm = desk.realm.id;
  const debt = { intent: 'money_back', realm, refund: 'debt', dispute: 'debt', reason: 'planned' };
  for (const answer of await sendTwice('policies', as, debt))
    expect(answer).toMatchObject({ outcome: 'done' });
  expect(await database.db.moneyBackPolicy.findFirstOrThrow({ where: { realmId: realm } })).toMatchObject({
    ...{ refund: 'debt', dispute: 'debt' },
  });
  const notices = { intent: 'notices', book: 'live', low: '500', days: '', reason: 'asked' };
  for (const answer of await sendTwice('policies', as, notices))
    expect(answer).toMatchObject({ outcome: 'done' });
  expect(await database.db.book.findUniqueOrThrow({ where: { id: 'live' } })).toMatchObject({
    ...{ lowBalance: 500n, expiryNoticeDays: null },
  });
  expect(await desk.auditsBy(as)).toEqual(['money_back_policy.set planned', 'ledger.notices_set asked']);
  await desk.expectFieldsRefused('admin.settings.policies', { as, fields: notices }, [
    ...([
      ['low', '0'],
      ['low', '1.5'],
      ['days', '4000'],
      ['book', 'both'],
    ] as const),
  ]);
  await desk.expectFieldsRefused('admin.settings.policies', { as, fields: debt }, [
    ...([
      ['refund', 'forget'],
      ['dispute', ''],
    ] as const),
  ]);
  await desk.writingNothing(async () => {
    expect(told(await once('policies', as, { ...debt, realm: 'rlm_other' }))).toMatch(
      /^refused: Another account/,
    );
  });
});

it('how long something is kept is set once, by an admin; empty keeps it for good', async () => {
  const as = await desk.staff('admin');
  const keep = { intent: 'retention', kind: 'mail', days: '14', reason: 'planned' };
  const kept = async () => (await database.db.retention.findUnique({ where: { kind: 'mail' } }))?.days;
  for (const answer of await sendTwice('policies', as, keep))
    expect(answer).toMatchObject({ outcome: 'done' });
  expect(await kept()).toBe(14);
  expect(told(await once('policies', as, { ...keep, days: '' }))).toMatch(/^done: /);
  expect(await kept()).toBeNull();
  expect(await desk.auditsBy(as)).toEqual(['retention.set planned', 'retention.set planned']);
  await desk.expectFieldsRefused('admin.settings.policies', { as, fields: keep }, [
    ...([
      ['days', '1'],
      ['days', '2.5'],
      ['days', '3651'],
      ['days', 'long'],
      ['kind', 'ledger'],
    ] as const),
  ]);
  const finance = await desk.staff('finance');
  await desk.writingNothing(async () => {
    expect(await once('policies', finance, keep)).toBe(403);
  });
});

it('an API client is made once with a key shown once; it is changed, rotated, revoked and closed', async () => {
  const as = await desk.staff('admin');
  const create = {
    ...{ intent: 'create', name: 'Studio', book: 'test', scopes: 'balance:read', reason: 'asked' },
    origins: 'https://studio.example.com',
  };
  const [made, ...again] = await sendTwice('api', as, create);
  expect(made).toMatchObject({ outcome: 'done', secret: { label: 'API key' } });
  for (const answer of again) expect(answer).not.toHaveProperty('secret');
  const client = await database.db.apiClient.findFirstOrThrow({
    where: { name: 'Studio' },
    include: { keys: true },
  });
  expect(client.keys).toHaveLength(1);
  const on = { client: client.id, reason: 'planned' };
  await sendTwice('api', as, { ...on, intent: 'change', scopes: 'balance:read', origins: '' });
  const [rotated] = await sendTwice('api', as, { ...on, intent: 'rotate', overlap: '0' });
  expect(rotated).toMatchObject({ outcome: 'done', secret: { label: 'API key' } });
  const keys = { where: { clientId: client.id }, orderBy: { createdAt: 'asc' }, take: 5 } as const;
  const [, newest] = await database.db.apiKey.findMany(keys);
  await sendTwice('api', as, { intent: 'revoke', apiKey: newest?.id ?? '', reason: 'exposed' });
  await sendTwice('api', as, { ...on, intent: 'close' });
  expect(await database.db.apiKey.count({ where: { clientId: client.id } })).toBe(2);
  expect(await desk.auditsBy(as)).toEqual([
    ...['api_client.created asked', 'api_client.changed planned', 'api_key.rotated planned'],
    ...['api_key.revoked exposed', 'api_client.closed planned'],
  ]);
  const other = { ...create, name: 'Other' };
  await desk.expectFieldsRefused('admin.settings.api', { as, fields: other }, [
    ...([
      ['name', ''],
      ['name', 'Studio'],
      ['book', 'both'],
      ['origins', 'not an origin'],
    ] as const),
  ]);
  await desk.writingNothing(async () => {
    expect(told(await once('api', as, { ...on, intent: 'rotate', overlap: '1' }))).toMatch(
      /^refused: .* closed for good/,
    );
    expect(told(await once('api', as, { ...on, intent: 'close', client: 'apc_none' }))).toMatch(
      /^refused: It is not there/,
    );
  });
});

it('an endpoint is added once with a secret shown once; it is changed, switched, pinged, rotated and removed', async () => {
  const as = await desk.staff('admin');
  const add = {
    ...{ intent: 'add', book: 'test', url: 'https://product.example.com/hooks', everything: 'on' },
    ...{ description: 'Product', reason: 'planned' },
  };
  const [added, ...again] = await sendTwice('endpoints', as, add);
  expect(added).toMatchObject({ outcome: 'done', secret: { label: 'Signing secret' } });
  for (const answer of again) expect(answer).not.toHaveProperty('secret');
  const { id: endpoint } = await database.db.endpoint.findFirstOrThrow({ where: { url: add.url } });
  const on = { endpoint, reason: 'asked' };
  await sendTwice('endpoints', as, {
    ...add,
    ...on,
    intent: 'change',
    url: 'https://product.example.com/two',
  });
  await sendTwice('endpoints', as, { ...on, intent: 'ping' });
  await sendTwice('endpoints', as, { ...on, intent: 'rotate', overlap: '1' });
  await sendTwice('endpoints', as, { ...on, intent: 'off' });
  await sendTwice('endpoints', as, { ...on, intent: 'on' });
  await sendTwice('endpoints', as, { ...on, intent: 'remove' });
  expect(await database.db.endpoint.findUniqueOrThrow({ where: { id: endpoint } })).toMatchObject({
    state: 'removed',
  });
  expect(await desk.auditsBy(as)).toEqual([
    ...['endpoint.added planned', 'endpoint.changed asked', 'endpoint.pinged asked'],
    ...['endpoint.secret_rotated asked', 'endpoint.changed asked', 'endpoint.changed asked'],
    'endpoint.removed asked',
  ]);
  await desk.expectFieldsRefused('admin.settings.endpoints', { as, fields: add }, [
    ...([
      ['url', ''],
      ['url', 'https://10.0.0.1/'],
    ] as const),
    ...([
      ['url', 'https://me:word@product.example.com/'],
      ['book', 'both'],
    ] as const),
  ]);
  const nothing = { ...add, everything: '' };
  await desk.expectFieldsRefused('admin.settings.endpoints', { as, fields: nothing }, [['types', '']]);
});

it('a catalogue item is versioned once, taken off sale and put on; prices that Stripe did not make are told', async () => {
  const as = await desk.staff('admin');
  const typed = {
    ...{ intent: 'create', code: 'tiny', name: 'Tiny', description: 'A first try', credits: '50' },
    ...{ prices: 'usd 1.00', position: '9', reason: 'planned' },
  };
  for (const answer of await sendTwice('catalogue', as, typed))
    expect(told(answer)).toMatch(/^open: It stands here, but Stripe did not make all of its prices/);
  const item = await database.db.catalogItem.findFirstOrThrow({
    ...{ where: { code: 'tiny' }, include: { versions: { include: { prices: true } } } },
  });
  expect(item).toMatchObject({
    versions: [{ n: 1, credits: 50n, prices: [{ currency: 'usd', amount: 100n }] }],
  });
  const seen = item.versions[0]?.id ?? '';
  const change = { ...typed, intent: 'change', kind: 'pack', seen, credits: '60' };
  await sendTwice('catalogue', as, change);
  expect(await database.db.catalogVersion.count({ where: { itemId: item.id } })).toBe(2);
  const off = { intent: 'off_sale', code: 'tiny', reason: 'asked' };
  for (const answer of await sendTwice('catalogue', as, off))
    expect(answer).toMatchObject({ outcome: 'done' });
  expect(await database.db.catalogItem.findFirstOrThrow({ where: { code: 'tiny' } })).toMatchObject({
    onSale: false,
  });
  const own = (await desk.auditsBy(as)).filter((line) => !line.startsWith('catalog.synced'));
  expect(own).toEqual([
    'catalog.item_created planned',
    'catalog.item_changed planned',
    'catalog.on_sale_set asked',
  ]);
  await desk.writingNothing(async () => {
    expect(told(await once('catalogue', as, { ...change, credits: '70' }))).toMatch(
      /^refused: Somebody changed it/,
    );
    expect(told(await once('catalogue', as, { ...off, code: 'none' }))).toMatch(/^refused: It is not there/);
  });
  await desk.expectFieldsRefused('admin.settings.catalogue', { as, fields: { ...typed, code: 'other' } }, [
    ...([
      ['code', ''],
      ['code', 'tiny'],
      ['code', 'A b'],
      ['name', ''],
      ['credits', '0'],
      ['prices', 'usd'],
      ['prices', ''],
    ] as const),
  ]);
});

it('staff are invited, given another role, logged out and removed; each once', async () => {
  const as = await desk.staff('admin');
  const invite = {
    intent: 'invite',
    email: 'new@example.com',
    name: 'New',
    role: 'support',
    reason: 'joins',
  };
  const answers = await sendTwice('team', as, invite);
  for (const answer of answers) expect(answer).toMatchObject({ outcome: 'done' });
  const { id } = await database.db.staffInvite.findFirstOrThrow({ where: { email: 'new@example.com' } });
  await sendTwice('team', as, { intent: 'withdraw-invitation', invite: id, reason: 'correction' });
  const { userId: user } = await desk.staff('viewer');
  const why = { user, reason: 'new_duties' };
  await sendTwice('team', as, { ...why, intent: 'change-role', from: 'viewer', to: 'finance' });
  expect(await database.db.user.findUniqueOrThrow({ where: { id: user } })).toMatchObject({
    role: 'finance',
  });
  await sendTwice('team', as, { ...why, intent: 'end-sessions' });
  expect(await database.db.session.count({ where: { userId: user } })).toBe(0);
  await sendTwice('team', as, { ...why, intent: 'remove', from: 'finance' });
  expect(await database.db.user.findUniqueOrThrow({ where: { id: user } })).not.toMatchObject({
    role: 'finance',
  });
  expect(await desk.auditsBy(as)).toEqual([
    ...['staff.invited joins', 'staff.invite_withdrawn correction', 'user.role_changed new_duties'],
    ...['user.sessions_ended new_duties', 'user.removed_from_staff new_duties'],
  ]);
  await desk.expectFieldsRefused(
    'admin.settings.team',
    { as, fields: { ...invite, email: 'other@example.com' } },
    [
      ...([
        ['email', 'nobody'],
        ['email', as.email],
        ['name', ''],
        ['role', 'customer'],
        ['role', ''],
      ] as const),
    ],
  );
});

const GOOD: Record<string, Fields> = {
  pauses: { intent: 'pause', book: 'test', work: 'outgoing' },
  limits: {
    book: 'test',
    role: 'support',
    act: 'adjust',
    unit: 'credits',
    perAct: '1',
    actorDay: '1',
    customerDay: '1',
  },
  policies: { intent: 'notices', book: 'test', low: '1', days: '1' },
  api: { intent: 'create', name: 'Never', book: 'test', scopes: 'balance:read' },
  endpoints: { intent: 'add', book: 'test', url: 'https://never.example.com/', everything: 'on' },
  catalogue: { intent: 'off_sale', code: 'team' },
  team: { intent: 'invite', email: 'never@example.com', name: 'Never', role: 'viewer', reason: 'joins' },
};

it.each(Object.entries(GOOD))(
  '%s: only admins who proved it just now act, from a page of this site, and say why',
  async (page, form) => {
    const route = `admin.settings.${page}`;
    const whole = { ...form, key: randomUUID() };
    await desk.expectGuarded(route, { fields: whole }, { least: 'admin', lower: 'finance' });
    await desk.expectFieldsRefused(route, { as: admin, fields: whole }, [
      ...([
        ['reason', 'because'],
        ['reason', ''],
        ['comment', ' '],
        ['key', 'no uuid'],
      ] as const),
    ]);
  },
);
