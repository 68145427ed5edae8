import { monitorEventLoopDelay } from 'node:perf_hooks';

import { type Db, poolOf } from '~/platform/db.server';
import { log } from '~/platform/log.server';
import { ownMetrics } from '~/platform/metrics.server';
import { METRICS, type Metric, type MetricName, type OwnGaugeName } from '~/platform/metrics-table';
import { seconds } from '~/platform/time';

import { type Fact, readFacts } from './facts.server';

interface Read {
  facts: Promise<Fact[]>;
  at: number;
}

/** Kept on globalThis because `remix dev` imports the build anew on each change. */
const globals = globalThis as {
  credenceFacts?: WeakMap<Db, Read>;
  credenceLag?: ReturnType<typeof monitorEventLoopDelay>;
};

/** However often it is scraped, the database is asked once in so long by each process. */
const KEPT_FOR = seconds(5);

/** The facts of the database, at most five seconds old. One read serves all that ask while it runs. */
export async function recentFacts(db: Db): Promise<{ facts: Fact[]; ageMs: number }> {
  const kept = (globals.credenceFacts ??= new WeakMap<Db, Read>());
  let read = kept.get(db);
  if (read === undefined || Date.now() - read.at >= KEPT_FOR) {
    read = { facts: readFacts(db), at: Date.now() };
    kept.set(db, read);
  }
  const { at } = read;
  return { facts: await read.facts, ageMs: Date.now() - at };
}

/** All metrics in Prometheus’ text format. A database that does not answer leaves those of the process, and says so. */
export async function renderMetrics(db: Db): Promise<string> {
  const read = await recentFacts(db).catch((error: unknown) => {
    log.warn('facts not read', { error: String(error) });
    return undefined;
  });
  const own: OwnFact[] = [
    { name: 'credence_database_up', labels: {}, value: read === undefined ? 0 : 1 },
    ...(read === undefined
      ? []
      : [{ name: 'credence_facts_age_seconds' as const, labels: {}, value: read.ageMs / 1000 }]),
    ...processFacts(db),
  ];
  return `${asText([...(read?.facts ?? []), ...own])}${await ownMetrics()}`;
}

interface OwnFact {
  name: OwnGaugeName;
  labels: Readonly<Record<string, string>>;
  value: number;
}

function processFacts(db: Db): OwnFact[] {
  const pool = poolOf(db);
  const state = (word: string, value: number): OwnFact => ({
    ...{ name: 'credence_database_pool', labels: { state: word }, value },
  });
  return [
    ...lagFacts(),
    state('in_use', pool.totalCount - pool.idleCount),
    state('idle', pool.idleCount),
    state('waiting', pool.waitingCount),
    { name: 'credence_process_resident_bytes', labels: {}, value: process.memoryUsage.rss() },
    {
      ...{ name: 'credence_process_start_time_seconds', labels: {} },
      value: Math.round(Date.now() / 1000 - process.uptime()),
    },
  ];
}

const RESOLUTION = 10;

/** Since the last scrape; what the timer itself takes is left out. */
function lagFacts(): OwnFact[] {
  const isNew = globals.credenceLag === undefined;
  const lag = (globals.credenceLag ??= monitorEventLoopDelay({ resolution: RESOLUTION }));
  if (isNew) lag.enable();
  const facts = ([50, 99] as const).map((percent): OwnFact => ({
    ...{
      name: 'credence_event_loop_lag_seconds',
      labels: { quantile: `0.${percent}`.replace('0.50', '0.5') },
    },
    value: Math.max(0, lag.percentile(percent) / 1e9 - RESOLUTION / 1000),
  }));
  lag.reset();
  return facts;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };
const escape = (text: string) => text.replace(/[\\"\n]/g, (one) => ESCAPES[one] ?? one);

/** In the order of the table; a metric without a number has no lines. */
function asText(facts: readonly (Fact | OwnFact)[]): string {
  const names = Object.keys(METRICS) as MetricName[];
  return names
    .map((name) => {
      const own = facts.filter((fact) => fact.name === name);
      if (own.length === 0) return '';
      const { help, type }: Metric = METRICS[name];
      const lines = own.map(({ labels, value }) => `${name}${labelsText(name, labels)} ${value}`);
      return `# HELP ${name} ${help.replaceAll('\\', '\\\\')}\n# TYPE ${name} ${type}\n${lines.join('\n')}\n`;
    })
    .join('');
}

function labelsText(name: MetricName, labels: Readonly<Record<string, string>>): string {
  const order: readonly string[] = METRICS[name].labels;
  const pairs = order.map((label) => `${label}="${escape(labels[label] ?? '')}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
