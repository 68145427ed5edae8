import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';

import { ALERT_KINDS } from '~/modules/alerts/shared';
import { loadEnv } from '~/platform/env.server';
import { METRICS, type Metric } from '~/platform/metrics-table';

import { metricsPage } from './write-metrics';

const read = (file: string) => readFileSync(path.join(import.meta.dirname, file), 'utf8');
const metrics = new Map(Object.entries<Metric>(METRICS));
const isKnown = (name: string) =>
  metrics.has(name) ||
  (/_(bucket|sum|count)$/.test(name) &&
    metrics.get(name.replace(/_(bucket|sum|count)$/, ''))?.type === 'histogram');

/** What a query names: metrics, and the labels that it compares or groups by. */
const namesIn = (query: string) => [...query.matchAll(/\bcredence_\w+/g)].flatMap(([name]) => name);
const unknownIn = (queries: readonly string[]) => queries.flatMap(namesIn).filter((name) => !isKnown(name));
const labels = new Set(
  [...metrics.values()].flatMap((metric) => [...metric.labels]).concat('le', 'instance', 'job'),
);
const unknownLabels = (queries: readonly string[]) =>
  queries.flatMap((query) =>
    [...query.matchAll(/[{,]\s*(\w+)\s*(?:=~|!~|!=|=)"/g), ...query.matchAll(/\bby \(([^)]*)\)/g)]
      .flatMap(([, found = '']) => found.split(',').map((label) => label.trim()))
      .filter((label) => !labels.has(label)),
  );

describe('the table of metrics', () => {
  it('is what the page says', async () => {
    await expect(metricsPage()).toMatchFileSnapshot(path.join(import.meta.dirname, 'metrics.md'));
  });

  it('follows the conventions of Prometheus', () => {
    for (const [name, { type, unit, buckets, help }] of metrics) {
      expect(name.endsWith('_total'), name).toBe(type === 'counter');
      if (unit === 'seconds' || unit === 'bytes') expect(name).toMatch(new RegExp(`_${unit}$`));
      expect(buckets !== undefined, name).toBe(type === 'histogram');
      expect(help, name).toMatch(/\.$/);
    }
  });
});

const rules = z.object({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string(),
          expr: z.string(),
          for: z.string().regex(/^\d+[smh]$/),
          labels: z.strictObject({ severity: z.enum(['critical', 'warning']) }),
          annotations: z.strictObject({ summary: z.string(), description: z.string() }),
        }),
      ),
    }),
  ),
});

describe('the rules of Prometheus', () => {
  // JSON is YAML: Prometheus reads it by `rule_files`, and no parser of YAML is needed here.
  const all = rules.parse(JSON.parse(read('prometheus-rules.json'))).groups.flatMap((group) => group.rules);

  it('name metrics and labels of the table, each once', () => {
    const queries = all.map(({ expr }) => expr);
    expect(unknownIn(queries)).toEqual([]);
    expect(unknownLabels(queries)).toEqual([]);
    expect(new Set(all.map(({ alert }) => alert)).size).toBe(all.length);
    expect(all.every(({ expr }) => namesIn(expr).length > 0)).toBe(true);
  });

  it('watch what only somebody outside can: that nothing answers, and that no worker lives', () => {
    const expressions = all.map(({ expr }) => expr).join('\n');
    expect(expressions).toContain('absent(credence_workers_live)');
    expect(expressions).toContain('max(credence_workers_live) < 1');
    expect(expressions).toContain('credence_alerts{');
  });

  it('tell of the alerts by kinds that there are', () => {
    for (const { expr } of all)
      for (const [, kind] of expr.matchAll(/kind="(\w+)"/g))
        expect(ALERT_KINDS as readonly string[]).toContain(kind);
  });
});

const dashboard = z.object({
  title: z.string(),
  uid: z.string(),
  schemaVersion: z.number(),
  panels: z.array(
    z.object({
      id: z.number(),
      title: z.string(),
      type: z.enum(['stat', 'timeseries', 'table']),
      gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
      targets: z.array(z.object({ refId: z.string(), expr: z.string() })).min(1),
    }),
  ),
});

it('the dashboard names metrics of the table, and its panels do not lie upon each other', () => {
  const { panels } = dashboard.parse(JSON.parse(read('grafana-dashboard.json')));
  const queries = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  expect(unknownIn(queries)).toEqual([]);
  expect(unknownLabels(queries)).toEqual([]);
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, n) => `${x + (n % w)},${y + Math.floor(n / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
  expect(panels[0]?.targets[0]?.expr).toContain('credence_oldest_unprocessed_paid_event_age_seconds');
});

describe('the image', () => {
  const said = read('../../Dockerfile').matchAll(/^ENV (.*)$/gm);
  const ofImage = Object.fromEntries(
    [...said].flatMap(([, pairs = '']) =>
      pairs.split(' ').map((pair) => pair.split('=') as [string, string]),
    ),
  );
  const given = {
    ...ofImage,
    DATABASE_URL: 'postgresql://u:p@localhost:5432/credence',
    APP_URL: 'https://credits.acme.test',
    STRIPE_SECRET_KEY: 'sk_test_4eC39HqLyjWDarjtT1zdp7dc',
    STRIPE_WEBHOOK_SECRETS: 'whsec_abcdefgh1234',
    SMTP_URL: 'smtps://mail.acme.test',
    ENCRYPTION_KEYS: 'k7Jq2vX9mB4tR8wZ1nC5yH3pL6sD0fGa',
  };

  it('runs in production, and refuses the demo, whose passwords are published, until it is told to allow it', () => {
    expect(loadEnv(given)).toMatchObject({ CREDENCE_MODE: 'production', NODE_ENV: 'production' });
    const demo = { ...given, CREDENCE_MODE: 'demo' };
    expect(() => loadEnv(demo)).toThrow('accounts with published passwords, which this container refuses');
    expect(loadEnv({ ...demo, CREDENCE_DEMO: 'allowed' }).CREDENCE_MODE).toBe('demo');
  });

  it('is run by compose.yaml with the same two words, unless .env says otherwise', () => {
    const compose = read('../../compose.yaml');
    for (const name of ['CREDENCE_MODE', 'CREDENCE_DEMO'])
      expect(compose).toContain(`    ${name}: \${${name}:-${ofImage[name]}}\n`);
  });
});

it('compose.yaml sets by itself what the image says and .env.example leaves blank', () => {
  const root = (file: string) => read(path.join('../..', file));
  const ofImage = [...root('Dockerfile').matchAll(/^ENV (.*)$/gm)].flatMap(([, pairs = '']) =>
    pairs.split(' ').map((pair) => pair.split('=')[0] ?? ''),
  );
  expect(ofImage).toContain('NODE_ENV');
  for (const name of ofImage.filter((each) => root('.env.example').includes(`\n${each}=\n`)))
    expect(root('compose.yaml'), name).toMatch(new RegExp(`^ {4}${name}: \\S`, 'm'));
});
