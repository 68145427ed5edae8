import { parseArgs } from 'node:util';
import { findingWords } from '../modules/findings/shared';
import {
  listStanding,
  PATIENCE,
  readRun,
  reconcile,
  type RunTally,
} from '../modules/reconciliation/index.server';
import { LISTED_KINDS, PART_LABEL } from '../modules/reconciliation/shared';
import { heldRealms } from '../modules/stripe/index.server';
import { db } from '../platform/db.server';
import { days, seconds, utcDay } from '../platform/time';
import { reconcilerOf } from '../worker/reconciler.server';
import { OperatorError } from './operator-error';
import { closeRooms } from './prepare-data';

type Say = (sentence: string) => void;

const USAGE = `Usage: reconcile [--from DAY] [--to DAY] [--kind ${LISTED_KINDS.join('|')}]… [--repair --reason TEXT] [--json]`;
const string = { type: 'string' } as const;

/** As many days as are looked at when none is named, today included. */
const DAYS = 3;
const SAID_EVERY = seconds(5);

/**
 * `reconcile`: compares what Stripe's objects say with our rows, and repairs what is proven when told to. Cut off and asked
 * again within the hour, it goes on where it stood. The environment of this process names the database and the
 * accounts: each whose key is held is compared.
 * @throws OperatorError when the words fit nothing, and when findings stand: the exit code is 1
 */
export async function reconcileCommand(args: string[], say: Say): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      ...{ from: string, to: string, reason: string, kind: { ...string, multiple: true } },
      ...{ repair: { type: 'boolean' }, json: { type: 'boolean' } },
    },
  });
  const kinds = kindsOf(values.kind);
  const from = dayOf(values.from) ?? new Date(`${utcDay(new Date(Date.now() - days(DAYS - 1)))}T00:00:00Z`);
  const to = dayOf(values.to);
  const before = to === undefined ? undefined : new Date(to.getTime() + days(1));
  const oldEnough = Date.now() - PATIENCE;
  if (from.getTime() >= Math.min(before?.getTime() ?? oldEnough, oldEnough))
    throw new OperatorError(
      `--from must be before --to and some minutes ago: what is younger is on its way.\n${USAGE}`,
    );
  const reason = values.reason?.trim() ?? '';
  if (values.repair === true && reason === '')
    throw new OperatorError(`--repair asks for --reason: it is kept in the audit.\n${USAGE}`);
  const asked = {
    ...({ plan: 'asked', actor: 'cli', waits: true } as const),
    ...{ from, kinds },
    ...(before === undefined ? {} : { before }),
    ...(reason === '' ? {} : { reason }),
    ...(values.repair === true ? { repairs: { reason: 'asked_by_operator', comment: reason } } : {}),
  };
  const isJson = values.json === true;
  try {
    const reports: Report[] = [];
    for (const held of await heldRealms()) {
      const tell = isJson ? () => undefined : say;
      const said = { onPage: progress(tell), onWait: sayingOnce(tell, WAITS) };
      const outcome = await reconcile(reconcilerOf(db(), held), { ...asked, ...said });
      reports.push({
        realm: held.realm.name,
        run: await readRun(db(), outcome.runId),
        standing: await listStanding(db(), held.realm.id),
        repaired: outcome.outcome === 'done' ? outcome.repaired : 0,
      });
    }
    if (isJson) say(inJson(reports));
    else for (const report of reports) sayReport(report, say);
    const standing = reports.reduce((sum, report) => sum + report.standing.length, 0);
    if (standing > 0)
      throw new OperatorError(`${String(standing)} findings stand. They are shown at /admin/reconciliation.`);
  } finally {
    await closeRooms();
  }
}

function kindsOf(asked: string[] | undefined) {
  if (asked === undefined) return LISTED_KINDS;
  return asked.map((word) => {
    const kind = LISTED_KINDS.find((known) => known === word);
    if (kind === undefined) throw new OperatorError(`Unknown kind: ${word}\n${USAGE}`);
    return kind;
  });
}

function dayOf(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const at = new Date(`${text}T00:00:00Z`);
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(at.getTime()) || utcDay(at) !== text)
    throw new OperatorError(`${text} is no day such as 2026-11-21.\n${USAGE}`);
  return at;
}

const WAITS =
  'Another process compares what is left. It is waited for; where it was killed, up to five minutes, and then this one goes on.';

function sayingOnce(say: Say, sentence: string): () => void {
  let isSaid = false;
  return () => {
    if (!isSaid) say(sentence);
    isSaid = true;
  };
}

/** Says how far it is, every few seconds. */
function progress(say: Say): (page: { kind: string; seen: number; differing: number }) => void {
  let [seen, differing, saidAt] = [0, 0, Date.now()];
  return (page) => {
    seen += page.seen;
    differing += page.differing;
    if (Date.now() - saidAt < SAID_EVERY) return;
    saidAt = Date.now();
    say(`${String(seen)} objects looked at, ${String(differing)} differ; now at ${page.kind}.`);
  };
}

interface Report {
  realm: string;
  run: RunTally;
  standing: Awaited<ReturnType<typeof listStanding>>;
  repaired: number;
}

const inJson = (reports: readonly Report[]): string =>
  JSON.stringify(reports, (_key, value: unknown) => (typeof value === 'bigint' ? Number(value) : value), 2);

function sayReport({ realm, run, standing, repaired }: Report, say: Say): void {
  say(`${realm}, ${run.id}: ${run.from.toISOString()} to ${run.before.toISOString()}`);
  for (const { kind, seen, ours, differing } of run.parts)
    say(
      `  ${PART_LABEL[kind].padEnd(36)}${String(seen).padStart(8)} looked at, ${String(ours)} ours, ${String(differing)} differ`,
    );
  if (repaired > 0) say(`${String(repaired)} repaired: Stripe and our rows agree on them now.`);
  for (const { id, kind, detail } of standing)
    say(`${(findingWords(kind)?.label ?? kind).padEnd(28)}${id}  ${detail}`);
  if (standing.length === 0) say('Nothing differs.');
}
