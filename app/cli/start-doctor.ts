import { examine, isDoctorCode } from '../modules/health/index.server';
import { type DoctorReport } from '../modules/health/shared';
import { stripeSettings } from '../modules/stripe/index.server';
import { closeDb, createDb } from '../platform/db.server';
import { loadEnv } from '../platform/env.server';
import { OperatorError } from './operator-error';

/**
 * Has the doctor look before a production start. `ignored` holds codes, separated by commas, that only warn this time.
 * @throws OperatorError listing the faults that would lose money or let nothing work
 */
export async function askDoctor(ignored: string | undefined, say: (sentence: string) => void): Promise<void> {
  const codes = parseCodes(ignored);
  const env = loadEnv(process.env);
  const db = createDb(env.DATABASE_URL, 5);
  const report = await examine({ db, env, settings: stripeSettings(), isStarting: true }).finally(() =>
    closeDb(db),
  );
  refuseFaults(report, codes, say);
}

/** Says what is wrong; @throws OperatorError for what a start refuses */
export function refuseFaults(
  { findings }: DoctorReport,
  ignored: readonly string[],
  say: (sentence: string) => void,
): void {
  const wrong = findings.filter(({ severity }) => severity === 'fault' || severity === 'warning');
  const stopping = wrong.filter(({ stopsStart, code }) => stopsStart && !ignored.includes(code));
  for (const one of wrong) {
    if (stopping.includes(one)) continue;
    const isIgnored = one.stopsStart ? ' (ignored: it would stop the start)' : '';
    say(`Doctor, ${one.code}${isIgnored}: ${one.said} → ${one.fix}`);
  }
  if (stopping.length === 0) return;
  const lines = stopping.flatMap(({ code, said, fix }) => [`✗ ${code}  ${said}`, `    → ${fix}`]);
  const names = [...new Set(stopping.map(({ code }) => code))].join(',');
  throw new OperatorError(
    ['The doctor refuses the start:', ...lines, `To start all the same: --ignore-doctor ${names}`].join('\n'),
  );
}

function parseCodes(list: string | undefined): string[] {
  const codes = (list ?? '').split(',').flatMap((code) => (code.trim() === '' ? [] : [code.trim()]));
  const unknown = codes.filter((code) => !isDoctorCode(code));
  if (unknown.length > 0) throw new OperatorError(`The doctor knows no ${unknown.join(', ')}.`);
  return codes;
}
