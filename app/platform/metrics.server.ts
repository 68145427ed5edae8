import { Counter, Histogram, Registry } from 'prom-client';

import { type CounterName, type HistogramName, type LabelsOf, type Metric, METRICS } from './metrics-table';

interface Own {
  registry: Registry;
  counters: Map<CounterName, Counter>;
  histograms: Map<HistogramName, Histogram>;
  /** Label sets that a metric has, so that no flood of values makes a scrape endless. */
  seen: Map<string, Set<string>>;
}

/** Kept on globalThis because `remix dev` imports the build anew on each change. */
const globals = globalThis as { credenceMetrics?: Own };

/** More label sets than this are counted together: no metric of ours has as many by itself. */
const MOST_SETS = 300;
const OTHER = 'other';

function own(): Own {
  globals.credenceMetrics ??= {
    registry: new Registry(),
    counters: new Map(),
    histograms: new Map(),
    seen: new Map(),
  };
  return globals.credenceMetrics;
}

/** Counts what this process did once, or `by` times. */
export function count<Name extends CounterName>(name: Name, labels: LabelsOf<Name>, by = 1): void {
  counterOf(name).inc(bounded(name, labels), by);
}

/** Notes how long something took in this process, in seconds. */
export function observe<Name extends HistogramName>(
  name: Name,
  labels: LabelsOf<Name>,
  seconds: number,
): void {
  histogramOf(name).observe(bounded(name, labels), Math.max(0, seconds));
}

/** What was counted and noted, in Prometheus’ text format. */
export async function ownMetrics(): Promise<string> {
  const text = await own().registry.metrics();
  return text.trim() === '' ? '' : `${text.trim()}\n`;
}

function counterOf(name: CounterName): Counter {
  const { counters, registry } = own();
  const known = counters.get(name);
  if (known !== undefined) return known;
  const { help, labels } = METRICS[name];
  const made = new Counter({ name, help, labelNames: [...labels], registers: [registry] });
  counters.set(name, made);
  return made;
}

function histogramOf(name: HistogramName): Histogram {
  const { histograms, registry } = own();
  const known = histograms.get(name);
  if (known !== undefined) return known;
  const { help, labels, buckets }: Metric = METRICS[name];
  const made = new Histogram({
    ...{ name, help, labelNames: [...labels], registers: [registry] },
    ...(buckets === undefined ? {} : { buckets: [...buckets] }),
  });
  histograms.set(name, made);
  return made;
}

function bounded(name: string, labels: Readonly<Record<string, string>>): Record<string, string> {
  const { seen } = own();
  const sets = seen.get(name) ?? new Set<string>();
  seen.set(name, sets);
  const set = JSON.stringify(labels);
  if (sets.has(set)) return labels;
  if (sets.size < MOST_SETS) {
    sets.add(set);
    return labels;
  }
  return Object.fromEntries(Object.keys(labels).map((label) => [label, OTHER]));
}
