import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { exportIncident, type ExportOutcome, findIncidentRealm } from '../modules/incidents/index.server';
import { currentRealm, settingsOf } from '../modules/stripe/index.server';
import { noKeyWords } from '../console/no-key-words';
import { assertNever } from '../platform/assert-never';
import { db } from '../platform/db.server';
import { OperatorError } from './operator-error';
import { closeRooms } from './prepare-data';
import { projectRoot } from './project';

const USAGE = `Usage: incident export PAYMENT|CUSTOMER|EVENT… [--from TIME] [--to TIME] [--start-at TIME] --out FILE --reason TEXT
       incident replay FILE [--accept]`;

type Say = (sentence: string) => void;

/**
 * `incident`: writes what happened to a payment or a customer as a file that names nobody, and plays such a file on an
 * empty database.
 * @throws OperatorError when the words fit neither, nothing was found, or a replay ends otherwise than recorded
 */
export async function incidentCommand(words: string[], say: Say): Promise<void> {
  const string = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    ...{ args: words, allowPositionals: true },
    options: {
      ...{ from: string, to: string, 'start-at': string, out: string, reason: string },
      accept: { type: 'boolean' },
    },
  });
  const [act, ...names] = positionals;
  if (act === 'export') return exportTo(names, values, say);
  const [file, ...more] = names;
  if (act !== 'replay' || file === undefined || more.length > 0) throw new OperatorError(USAGE);
  return replay(file, values.accept ?? false);
}

interface ExportWords {
  from?: string | undefined;
  to?: string | undefined;
  'start-at'?: string | undefined;
  out?: string | undefined;
  reason?: string | undefined;
}

async function exportTo(about: string[], words: ExportWords, say: Say): Promise<void> {
  const { out, reason = '' } = words;
  if (about.length === 0 || out === undefined) throw new OperatorError(USAGE);
  if (reason.trim() === '')
    throw new OperatorError(`--reason must say why: it is kept in the audit.\n${USAGE}`);
  const span = { from: instant(words.from), to: instant(words.to), startAt: instant(words['start-at']) };
  const act = { ...span, about, actor: 'cli', reason: 'exported_by_operator', comment: reason };
  const told = await exportHere(act).finally(closeRooms);
  switch (told.outcome) {
    case 'exported':
      await writeFile(out, `${JSON.stringify(told.file, null, 1)}\n`);
      say(`${out}: ${told.events} events without names.`);
      for (const { what, why } of told.file.incident.omitted) say(`left out   ${what}: ${why}`);
      for (const one of told.file.incident.acts)
        if (one.act === 'unplayed') say(`not played ${one.what} (${one.subject})`);
      return;
    case 'unknown':
      throw new OperatorError(`Nothing goes by the name ${told.name} in this realm.`);
    case 'no_events':
      throw new OperatorError('Stripe has said nothing of it, or what it said is redacted.');
    case 'too_much':
      throw new OperatorError(
        `It has more than ${told.events - 1} events: name one payment, or a span by --from and --to.`,
      );
    default:
      assertNever(told);
  }
}

async function exportHere(act: Omit<Parameters<typeof exportIncident>[2], 'realm'>): Promise<ExportOutcome> {
  const realm = await findIncidentRealm(db(), { about: act.about, here: await currentRealm() });
  const key = await settingsOf(realm.id);
  if (key.outcome === 'no_key') throw new OperatorError(noKeyWords(realm));
  return exportIncident(db(), key.settings, { ...act, realm });
}

function instant(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) throw new OperatorError(`"${text}" is no time: 2026-11-22T08:00:00Z is.`);
  return at;
}

/** By the tests, which a container for production does not have. */
async function replay(file: string, accept: boolean): Promise<void> {
  const runner = path.join(projectRoot, 'node_modules/vitest/vitest.mjs');
  const test = 'e2e/money/incidents.db.test.ts';
  if (!existsSync(runner) || !existsSync(path.join(projectRoot, test)))
    throw new OperatorError(
      'A replay needs the project with its development packages: run it in a checkout.',
    );
  if (!existsSync(file)) throw new OperatorError(`There is no file ${file}.`);
  const child = spawn(process.execPath, [runner, 'run', '--project', 'integration', test], {
    cwd: projectRoot,
    env: { ...process.env, INCIDENT: path.resolve(file), ...(accept ? { INCIDENT_ACCEPT: '1' } : {}) },
    stdio: 'inherit',
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new OperatorError('The replay does not end as it was recorded.');
}
