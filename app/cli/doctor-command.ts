import { parseArgs } from 'node:util';
import { examine } from '../modules/health/index.server';
import {
  type DoctorReport,
  FAMILIES,
  FAMILY_LABEL,
  type Finding,
  type Severity,
  SEVERITY_LABEL,
} from '../modules/health/shared';
import { stripeSettings } from '../modules/stripe/index.server';
import { closeDb, createDb } from '../platform/db.server';
import { loadEnv } from '../platform/env.server';

/** 0: no fault. 1: a fault. An EnvError or anything else that is thrown: it could not look, 2. */
export type DoctorExit = 0 | 1;

/**
 * `doctor`: looks at everything that Credence needs and says what is wrong and how to put it right. `--json` prints a
 * `DoctorReport`; `--offline` asks the database alone.
 * @throws EnvError when the environment is not readable
 */
export async function doctorCommand(
  args: string[],
  say: (sentence: string) => void,
  isColoured: boolean,
): Promise<DoctorExit> {
  const options = { json: { type: 'boolean' }, offline: { type: 'boolean' } } as const;
  const { values } = parseArgs({ args, options });
  const env = loadEnv(process.env);
  const db = createDb(env.DATABASE_URL, 5);
  try {
    const isOffline = values.offline ?? false;
    const report = await examine({ db, env, settings: stripeSettings(), isOffline });
    say(values.json === true ? JSON.stringify(report, null, 2) : tellReport(report, isColoured));
    return report.counts.fault > 0 ? 1 : 0;
  } finally {
    await closeDb(db);
  }
}

const COLOUR: Record<Severity, number> = { fault: 31, warning: 33, ok: 32, skipped: 90 };
const MARK: Record<Severity, string> = { fault: '✗', warning: '!', ok: '✓', skipped: '–' };

/** Families with what is wrong in them; what is fine or was not checked is a number. */
export function tellReport(report: DoctorReport, isColoured: boolean): string {
  const paint = (severity: Severity, text: string) =>
    isColoured ? `\u001b[${String(COLOUR[severity])}m${text}\u001b[0m` : text;
  const lines = FAMILIES.flatMap((family) => {
    const all = report.findings.filter((finding) => finding.family === family);
    const wrong = all.filter(({ severity }) => severity === 'fault' || severity === 'warning');
    const head = wrong.length > 0 ? '' : paint(worstOf(all), `${MARK[worstOf(all)]} `);
    return [
      `${head}${FAMILY_LABEL[family]}: ${restOf(all)}`,
      ...wrong.flatMap((one) => tellFinding(one, paint)),
    ];
  });
  const { realm, counts } = report;
  const whose =
    realm === null ? 'an account that is new here' : `${realm.name} (${realm.account}, ${realm.mode})`;
  const total = `${countOf(counts.fault, 'fault')}, ${countOf(counts.warning, 'warning')}`;
  const worst = counts.fault > 0 ? 'fault' : counts.warning > 0 ? 'warning' : 'ok';
  return [`Examined for ${whose}.`, '', ...lines, '', paint(worst, `${total}.`)].join('\n');
}

function tellFinding(
  { code, severity, said, fix }: Finding,
  paint: (severity: Severity, text: string) => string,
): string[] {
  return [`  ${paint(severity, `${MARK[severity]} ${code}`)}  ${said}`, `      → ${fix}`];
}

const worstOf = (all: readonly Finding[]): Severity =>
  all.some(({ severity }) => severity === 'ok') ? 'ok' : 'skipped';

function restOf(all: readonly Finding[]): string {
  const parts = (['ok', 'skipped'] as const).flatMap((severity) => {
    const n = all.filter((finding) => finding.severity === severity).length;
    return n === 0 ? [] : [`${String(n)} ${SEVERITY_LABEL[severity].toLowerCase()}`];
  });
  return parts.join(', ');
}

const countOf = (n: number, what: string) => `${String(n)} ${what}${n === 1 ? '' : 's'}`;
