import path from 'node:path';

import { findRealmQuietly, lookAtAccount, type StripeSettings } from '~/modules/stripe/index.server';
import { type Db } from '~/platform/db.server';
import { type Env } from '~/platform/env.server';
import { parseUrl } from '~/platform/parse-url';

import { ADDRESS_CHECKS } from './checks/address.server';
import { DATABASE_CHECKS } from './checks/database.server';
import { ENDPOINT_CHECKS } from './checks/endpoint.server';
import { PRICE_CHECKS } from './checks/prices.server';
import { REALM_CHECKS } from './checks/realms.server';
import { SECRET_CHECKS } from './checks/secrets.server';
import { STRIPE_CHECKS } from './checks/stripe.server';
import { WORK_CHECKS } from './checks/work.server';
import { type CodeEntry, DOCTOR_CODES, type DoctorCode } from './doctor-codes';
import { maskAll } from './mask';
import { type Check, type Found, type Patient } from './patient.server';
import { type DoctorReport, FAMILIES, type Finding, SEVERITIES } from './shared';

export const ALL_CHECKS: readonly Check[] = [
  ...DATABASE_CHECKS,
  ...STRIPE_CHECKS,
  ...ENDPOINT_CHECKS,
  ...ADDRESS_CHECKS,
  ...SECRET_CHECKS,
  ...PRICE_CHECKS,
  ...REALM_CHECKS,
  ...WORK_CHECKS,
];

const OLDEST_POSTGRES = 180_000;
const SETUP_APPLY = 'stripe setup --apply';

export interface Examination {
  db: Db;
  env: Env;
  settings: StripeSettings;
  /** Asks the database alone. */
  isOffline?: boolean;
  /** Before web and worker run. */
  isStarting?: boolean;
  /** `server_version_num` of the oldest Postgres that will do. */
  oldestPostgres?: number;
  migrationsFolder?: string;
}

/** Looks at everything and changes nothing. Each code of the table is in the report at least once. */
export async function examine(examination: Examination): Promise<DoctorReport> {
  const { db, env, settings, isOffline = false, isStarting = false } = examination;
  const now = new Date();
  const startedAt = performance.now();
  const look = isOffline ? undefined : await lookAtAccount(settings);
  const account = look?.account.outcome === 'read' ? look.account.value.id : undefined;
  const found = await databaseFault(db, () => findRealmQuietly(db, settings, account));
  const patient: Patient = {
    ...{ db, env, settings, now, isStarting, look },
    realm: typeof found === 'object' ? found.realm : undefined,
    migrationsFolder: examination.migrationsFolder ?? path.resolve('prisma/migrations'),
    oldestPostgres: examination.oldestPostgres ?? OLDEST_POSTGRES,
  };
  const raw = typeof found === 'string' ? withoutDatabase(found) : await runAll(patient);
  const findings = inOrder(raw.map((finding) => forMode(masked(finding, env), settings)));
  return {
    at: now.toISOString(),
    ms: Math.round(performance.now() - startedAt),
    realm: patient.realm ?? null,
    counts: countsOf(findings),
    findings,
  };
}

/** What the first question to the database says, or in words why nothing can be asked of it. */
async function databaseFault<T>(db: Db, ask: () => Promise<T>): Promise<{ realm: T } | string> {
  try {
    await db.$queryRaw`SELECT 1`;
  } catch (error) {
    return wordsOf(error);
  }
  try {
    return { realm: await ask() };
  } catch (error) {
    return `it has not the tables that are needed (npm run credence -- migrate): ${wordsOf(error)}`;
  }
}

function withoutDatabase(reason: string): Finding[] {
  const fault = toFinding({ code: 'database_unreachable', said: `The database cannot be asked: ${reason}` });
  const others = ALL_CHECKS.flatMap(({ codes }) => codes);
  return [fault, ...others.map((code) => skipped(code, 'the database does not answer'))];
}

async function runAll(patient: Patient): Promise<Finding[]> {
  const answers = await Promise.all(ALL_CHECKS.map(runCheck(patient)));
  return [holding('database_unreachable'), ...answers.flat()];
}

const runCheck =
  (patient: Patient) =>
  async ({ codes, run }: Check): Promise<Finding[]> => {
    try {
      const checked = await run(patient);
      if (!Array.isArray(checked)) return codes.map((code) => skipped(code, checked.skipped));
      const hit = new Set(checked.map(({ code }) => code));
      return [...checked.map(toFinding), ...codes.filter((code) => !hit.has(code)).map(holding)];
    } catch (error) {
      // One check that cannot look must not keep the others from being told.
      return codes.map((code) => skipped(code, `it could not be looked at: ${wordsOf(error)}`));
    }
  };

const entryOf = (code: DoctorCode): CodeEntry => DOCTOR_CODES[code];

function toFinding({ code, subject = '', said }: Found): Finding {
  const { family, severity, stopsStart, fix } = entryOf(code);
  return { code, family, severity, subject, said, fix: fix.replaceAll('{subject}', subject), stopsStart };
}

function holding(code: DoctorCode): Finding {
  const { family, holds } = entryOf(code);
  return { code, family, severity: 'ok', subject: '', said: `${holds}.`, fix: '', stopsStart: false };
}

function skipped(code: DoctorCode, why: string): Finding {
  const { family } = entryOf(code);
  return {
    code,
    family,
    severity: 'skipped',
    subject: '',
    said: `Not checked: ${why}.`,
    fix: '',
    stopsStart: false,
  };
}

/** Messages of Stripe, Postgres and mail servers repeat what they were given. */
function masked(finding: Finding, env: Env): Finding {
  const secrets = [env.STRIPE_SECRET_KEY, ...env.STRIPE_WEBHOOK_SECRETS, ...env.ENCRYPTION_KEYS];
  for (const address of [env.DATABASE_URL, env.SMTP_URL ?? '']) {
    const password = parseUrl(address)?.password ?? '';
    secrets.push(password, ...decoded(password));
  }
  const { subject, said, fix } = finding;
  return {
    ...finding,
    subject: maskAll(subject, secrets),
    said: maskAll(said, secrets),
    fix: maskAll(fix, secrets),
  };
}

function decoded(password: string): string[] {
  try {
    return [decodeURIComponent(password)];
  } catch {
    // A % that stands for itself.
    return [];
  }
}

/** With a live key, setup is asked for the live account. */
const forMode = (finding: Finding, { secretKey }: StripeSettings): Finding =>
  /_live_/.test(secretKey)
    ? { ...finding, fix: finding.fix.replaceAll(SETUP_APPLY, `${SETUP_APPLY} --live`) }
    : finding;

/** By family, the worst first. */
const inOrder = (findings: Finding[]): Finding[] =>
  [...findings].sort(
    (a, b) =>
      FAMILIES.indexOf(a.family) - FAMILIES.indexOf(b.family) ||
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity),
  );

function countsOf(findings: readonly Finding[]): DoctorReport['counts'] {
  const counts = { fault: 0, warning: 0, ok: 0, skipped: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message.trim() : String(error));
