import * as z from 'zod';

import { refOfId } from '~/modules/stripe/index.server';
import { type Db } from '~/platform/db.server';

import { keep, type Suspect } from './confirm.server';
import { type Difference } from './difference';
import { missingAtStripe } from './judge-sale';
import { type OurPayment, readPayments } from './load-ours.server';
import { compare, readLook } from './look.server';
import { type Reconciler } from './reconciler';
import { keepStep, renewLease, type TakenPart } from './run-rows.server';
import { settle, type Walking } from './walk-part.server';

const PAGE = 100;

/**
 * The other way round: payments of ours that have credits, and that no list of this run showed to be paid. What the lists
 * showed is not asked for again; of the rest each is read.
 * @returns false when another worker has it now
 * @throws StripeError when Stripe does not answer in all of the pacer's tries
 */
export async function walkPayments(deps: Reconciler, part: TakenPart, walking: Walking): Promise<boolean> {
  let { after } = part;
  for (;;) {
    const ids = await readUnshown(deps.db, deps.realm.id, { ...part, after });
    const suspects: Suspect[] = [];
    const missing: Difference[] = [];
    for (const payment of await readPayments(deps.db, deps.realm.id, { ids, links: [] })) {
      if (!(await renewLease(deps.db, part))) return false;
      const looked = await lookAt(deps, payment);
      if (looked.at === 'missing') missing.push(looked.difference);
      else suspects.push(...looked.suspects);
    }
    const settled = await settle(deps, part, suspects, walking);
    if (settled === undefined) return false;
    const differing = settled + (await keepAll(missing));
    after = ids.at(-1) ?? after;
    const isDone = ids.length < PAGE;
    const counts = { differing, seen: ids.length, ours: ids.length };
    if (!(await keepStep(deps.db, part, { from: part.from, end: part.end, after, isDone, ...counts })))
      return false;
    walking.onPage({ kind: part.kind, seen: ids.length, differing });
    if (isDone) return true;
  }

  async function keepAll(differences: readonly Difference[]): Promise<number> {
    let kept = 0;
    for (const difference of differences)
      if ((await keep(deps, part.runId, difference)).raised !== 'dismissed') kept += 1;
    return kept;
  }
}

type Looked = { at: 'missing'; difference: Difference } | { at: 'found'; suspects: Suspect[] };

/** What settled it, or what it was to be paid by. */
async function lookAt(deps: Reconciler, payment: OurPayment): Promise<Looked> {
  const id = payment.moneyObject ?? payment.session ?? payment.intent ?? undefined;
  const ref = id === undefined ? undefined : refOfId(id);
  const look = ref === undefined ? undefined : await readLook(deps, ref);
  if (look === undefined) return { at: 'missing', difference: missingAtStripe(payment, ref) };
  const judged = await compare(deps, [look]);
  return {
    at: 'found',
    suspects: judged.flatMap(({ difference }) =>
      difference === undefined ? [] : [{ difference, parentOurs: look.parentOurs }],
    ),
  };
}

const idRows = z.array(z.object({ id: z.string() })).transform((rows) => rows.map(({ id }) => id));

async function readUnshown(
  db: Db,
  realmId: string,
  { runId, from, before, after }: TakenPart,
): Promise<string[]> {
  const rows = await db.$queryRaw`
    SELECT p.id FROM payment p
    WHERE p.realm = ${realmId} AND p.kind <> 'offline' AND p.created_at >= ${from} AND p.created_at < ${before}
      AND (p.created_at, p.id) > (SELECT a.created_at, a.id FROM payment a WHERE a.id = ${after ?? null}
        UNION ALL SELECT '-infinity'::timestamptz, '' WHERE ${after ?? null}::text IS NULL)
      AND (p.state = 'paid' OR EXISTS (SELECT FROM lot l WHERE l.payment = p.id))
      AND NOT EXISTS (SELECT FROM reconcile_shown s WHERE s.run = ${runId} AND s.payment = p.id)
    ORDER BY p.created_at, p.id LIMIT ${PAGE}`;
  return idRows.parse(rows);
}
