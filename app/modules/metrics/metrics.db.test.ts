import { beforeEach, describe, expect, it } from 'vitest';

import { useFreshDatabase } from '../../../e2e/support/test-database';
import { startHeartbeat } from '~/modules/jobs/index.server';
import { makeRealm } from '~/modules/stripe/testing/deliveries';
import { type RealmView } from '~/modules/stripe/shared';
import { closeDb, createDb, poolOf } from '~/platform/db.server';
import { count, observe } from '~/platform/metrics.server';
import { METRICS, type MetricName } from '~/platform/metrics-table';

import { answerScrape } from './answer-scrape.server';
import { readFacts } from './facts.server';
import { renderMetrics } from './render.server';
import { serveMetrics } from './serve-metrics.server';

const database = useFreshDatabase();
const sql = (text: string, values: unknown[] = []) => poolOf(database.db).query(text, values);
let realm: RealmView;

beforeEach(async () => {
  await sql(
    `INSERT INTO "user" (id, email, name, role, password_hash) VALUES ('usr_1', 'person@example.test', 'A Person', 'admin', '')`,
  );
  realm = await makeRealm(database.db);
});

const event = (status: string, type: string, age: number) =>
  sql(
    `INSERT INTO event (realm, id, type, created, payload, sha, received_at, status, decided_at, decision)
     SELECT $1, 'evt_' || gen_random_uuid(), $3, t, '{}', '', t, $2::event_status, CASE WHEN $2 = 'done' THEN t END, CASE WHEN $2 = 'done' THEN 'applied'::event_decision END
     FROM (SELECT clock_timestamp() - make_interval(secs => $4)) x (t)`,
    [realm.id, status, type, age],
  );
const valueOf = async (name: MetricName, labels: Record<string, string> = {}) => {
  const facts = await readFacts(database.db);
  const own = facts.filter(
    (fact) =>
      fact.name === name && Object.entries(labels).every(([label, value]) => fact.labels[label] === value),
  );
  return own.map(({ value }) => value);
};

/** `name{a="b"} 1` and histograms' parts, by the metric that the table names. */
function parse(text: string) {
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return samples.map((line) => {
    const [, sample = '', labels = '', value = ''] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    return { name: sample.replace(/_(bucket|sum|count)$/, ''), sample, labels, value: Number(value), line };
  });
}

describe('the facts', () => {
  it('name the age of the oldest paid event, and not that of one that is done or settles nothing', async () => {
    await event('done', 'checkout.session.completed', 5000);
    await event('dead', 'checkout.session.completed', 4000);
    await event('queued', 'charge.failed', 900);
    await event('waiting', 'invoice.paid', 300);
    await event('queued', 'payment_intent.succeeded', 100);
    const [paid] = await valueOf('credence_oldest_unprocessed_paid_event_age_seconds', { realm: realm.id });
    const [any] = await valueOf('credence_oldest_unprocessed_event_age_seconds', { realm: realm.id });
    expect(paid).toBeGreaterThanOrEqual(300);
    expect(paid).toBeLessThan(330);
    expect(any).toBeGreaterThanOrEqual(900);
    expect(any).toBeLessThan(930);
    expect(await valueOf('credence_unprocessed_paid_events', { realm: realm.id })).toEqual([2]);
    expect(await valueOf('credence_events', { realm: realm.id, status: 'queued' })).toEqual([2]);
    expect(await valueOf('credence_events', { realm: realm.id, status: 'dead' })).toEqual([1]);
  });

  it('are 0 where nothing waits, and absent where nothing was ever verified', async () => {
    const name = 'credence_oldest_unprocessed_paid_event_age_seconds';
    expect(await valueOf(name, { realm: realm.id })).toEqual([0]);
    expect(await valueOf('credence_ledger_consistent')).toEqual([]);
  });

  it('say whether the last verification of a book found it consistent', async () => {
    const day = (date: string, faults: number) =>
      sql(
        `INSERT INTO day_root (book, day, root, wallets, entries, faults) VALUES ('test', $1, '', 1, 1, $2)`,
        [date, faults],
      );
    await day('2026-01-01', 2);
    expect(await valueOf('credence_ledger_consistent', { book: 'test' })).toEqual([0]);
    await day('2026-01-02', 0);
    expect(await valueOf('credence_ledger_consistent', { book: 'test' })).toEqual([1]);
    await sql(`INSERT INTO ledger_drift (subject, fault) VALUES ('wal_1', 'x')`);
    expect(await valueOf('credence_ledger_consistent', { book: 'test' })).toEqual([0]);
  });

  it('count the workers that live', async () => {
    expect(await valueOf('credence_workers_live')).toEqual([0]);
    const worker = await startHeartbeat(database.db);
    expect(await valueOf('credence_workers_live')).toEqual([1]);
    await worker.stop();
    expect(await valueOf('credence_workers_live')).toEqual([0]);
  });

  it('count jobs by what they wait for', async () => {
    await sql(`SELECT graphile_worker.add_job('mail.send', '{}')`);
    await sql(`SELECT graphile_worker.add_job('mail.send', '{}', run_at => now() + interval '1 hour')`);
    expect(await valueOf('credence_jobs', { state: 'ready' })).toEqual([1]);
    expect(await valueOf('credence_jobs', { state: 'scheduled' })).toEqual([1]);
  });
});

describe('a scrape', () => {
  it('is what the table says: names, labels and types, and nothing else', async () => {
    count('credence_deliveries_total', { verdict: 'first' });
    observe('credence_http_request_seconds', { route: '/', method: 'GET', status: '2xx' }, 0.02);
    const text = await renderMetrics(database.db);
    const known = METRICS as Record<string, { type: string; labels: readonly string[] }>;
    const samples = parse(text);
    expect(samples.filter(({ value }) => Number.isNaN(value))).toEqual([]);
    for (const { name, labels, line } of samples) {
      const metric = known[name];
      expect(metric, line).toBeDefined();
      const given = [...labels.matchAll(/(\w+)="/g)].flatMap(([, label = '']) =>
        label === 'le' ? [] : [label],
      );
      expect(given.sort(), line).toEqual([...(metric?.labels ?? [])].sort());
    }
    for (const [, name = '', type] of text.matchAll(/^# TYPE (\w+) (\w+)$/gm))
      expect(known[name]?.type).toBe(type);
    expect(text).toMatch(/^credence_database_up 1$/m);
  });

  it('names no person and no row: of ids only realms', async () => {
    await event('dead', 'charge.failed', 1);
    const text = await renderMetrics(database.db);
    expect(text).not.toMatch(/@|A Person|\b(usr|cst|pay|evt|wal|whe|ch|in|sub|cus|acct)_[0-9a-zA-Z-]{8}/);
    expect(text).toContain(realm.id);
  });

  it('stays bounded, whatever values are counted and however many events there are', async () => {
    for (let n = 0; n < 1000; n += 1)
      count('credence_event_attempts_total', { outcome: 'dead', code: `code_${n}` });
    await sql(
      `INSERT INTO event (realm, id, type, created, payload, sha, status, reason, decided_at)
       SELECT $1, 'evt_' || n, 'type_' || n, now(), '{}', '', 'dead', 'reason_' || n, now() FROM generate_series(1, 2000) n`,
      [realm.id],
    );
    const samples = parse(await renderMetrics(database.db));
    const tries = samples.filter(({ name }) => name === 'credence_event_attempts_total');
    expect(tries).toHaveLength(301);
    // Those of other files of this process are among the 300.
    const other = tries.find(({ labels }) => labels === 'outcome="other",code="other"');
    expect(other?.value).toBeGreaterThanOrEqual(700);
    expect(samples.filter(({ name }) => name === 'credence_events').length).toBeLessThan(200);
  });

  it('asks the database once in five seconds, however many ask', async () => {
    const other = createDb(database.url, 2);
    await renderMetrics(other);
    const asked = async () => {
      const { rows } = await sql(
        `SELECT xact_commit::int AS n FROM pg_stat_database WHERE datname = current_database()`,
      );
      return (rows[0] as { n: number }).n;
    };
    const texts = await Promise.all(Array.from({ length: 20 }, () => renderMetrics(other)));
    expect(new Set(texts.map((text) => /credence_realm_info\{.*/.exec(text)?.[0])).size).toBe(1);
    expect(poolOf(other).totalCount).toBeLessThanOrEqual(2);
    expect(await asked()).toBeGreaterThan(0);
    await closeDb(other);
  });

  it('says so when the database does not answer, and still tells of the process', async () => {
    const away = createDb('postgresql://nobody@127.0.0.1:1/none');
    const text = await renderMetrics(away);
    await closeDb(away);
    expect(text).toMatch(/^credence_database_up 0$/m);
    expect(text).toMatch(/^credence_process_resident_bytes \d+$/m);
    expect(text).not.toContain('credence_events{');
  });
});

describe('who is answered', () => {
  const token = 'a-token-of-24-characters';
  const ask = (
    authorization: string | null,
    address: string,
    rules: { token?: string; mode: 'demo' | 'production' },
  ) =>
    answerScrape(database.db, { authorization, address }, { token: undefined, ...rules }).then(
      ({ outcome }) => outcome,
    );

  it('whoever shows the token, from wherever', async () => {
    expect(await ask(`Bearer ${token}`, '203.0.113.1', { token, mode: 'production' })).toBe('answered');
    for (const wrong of [null, '', token, 'Bearer ', `Bearer ${token}x`, `bearer ${token}`])
      expect(await ask(wrong, '127.0.0.1', { token, mode: 'demo' })).toBe('refused');
  });

  it('without a token nobody in production, and this machine alone in the demo', async () => {
    expect(await ask(null, '127.0.0.1', { mode: 'production' })).toBe('hidden');
    expect(await ask(null, '203.0.113.1', { mode: 'demo' })).toBe('hidden');
    expect(await ask(null, '127.0.0.1', { mode: 'demo' })).toBe('answered');
  });

  it('a worker answers on its own port, by the same rules', async () => {
    const server = await serveMetrics(database.db, 0, { token, mode: 'production' });
    const get = (path: string, headers: Record<string, string> = {}) =>
      fetch(`http://127.0.0.1:${server.port}${path}`, { headers });
    const authorization = `Bearer ${token}`;
    const statuses = [
      (await get('/metrics', { authorization })).status,
      (await get('/metrics')).status,
      (await get('/', { authorization })).status,
    ];
    server.close();
    expect(statuses).toEqual([200, 401, 404]);
  });
});
