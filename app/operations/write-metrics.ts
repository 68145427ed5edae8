import { METRICS, type Metric } from '../platform/metrics-table';

const SCOPE = { database: 'installation', process: 'process' } as const;

/** The page of every metric, as `metrics.md` holds it. */
export function metricsPage(): string {
  const rows = Object.entries<Metric>(METRICS).map(
    ([name, { type, unit, labels, of, help }]) =>
      `| \`${name}\` | ${type} | ${unit} | ${labels.map((label) => `\`${label}\``).join(' ')} | ${SCOPE[of]} | ${help} |`,
  );
  return `# Metrics

Made from \`app/platform/metrics-table.ts\`, to which a test compares it. \`npx vitest run --project unit app/operations -u\` writes it anew.

Every process answers \`GET /metrics\`: a web process on its own port, a worker on \`METRICS_PORT\` if that is set. With \`METRICS_TOKEN\`
a scraper shows it as its bearer token; without one production answers 404, and demo and test mode answer this machine alone.

What is of the **installation** is read from the database, at most every five seconds by each process, and is the same from all of
them: take \`max\` over instances, never \`sum\`. What is of a **process** is its own: take \`sum\`, or \`max\` for lag. Labels name realms
(\`rlm_…\`), books, states, codes and patterns of routes, never a person or a row. A metric has at most 300 sets of labels in one process;
what goes beyond is counted under \`other\`.

| name | type | unit | labels | of | what |
|---|---|---|---|---|---|
${rows.join('\n')}
`;
}
