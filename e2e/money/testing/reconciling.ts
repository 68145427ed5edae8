import { reconcile, type Reconciler } from '../../../app/modules/reconciliation/index.server';
import { type Db } from '../../../app/platform/db.server';
import { days, minutes } from '../../../app/platform/time';
import { reconcilerOf } from '../../../app/worker/reconciler.server';
import { type Shop } from './sandbox-shop';

/** No event is on its way any more, by this clock. */
export const later = () => new Date(Date.now() + minutes(10));

/** Of two runs at once both ask for the same span: a run of another one takes the first one's place. */
const SINCE = new Date(Date.now() - days(2));

/** A reconciler of a shop's realm that does not spare the sandbox, and to which all is long past. */
export const reconcilerAt = (
  db: Db,
  { settings, realm }: Pick<Shop, 'settings' | 'realm'>,
  now: () => Date = later,
): Reconciler => reconcilerOf(db, { realm, settings }, { now, perSecond: 10_000 });

/** One run over all that ever was; what it found and what stands of it. */
export async function run(deps: Reconciler, over: Partial<Parameters<typeof reconcile>[1]> = {}) {
  const span = { from: SINCE, actor: 'cli', waits: true };
  const outcome = await reconcile(deps, { plan: 'asked', ...span, ...over });
  return { outcome, standing: await standing(deps) };
}

async function standing({ db, realm }: Reconciler) {
  const rows = await db.finding.findMany({
    where: { realmId: realm.id, state: { in: ['open', 'repairing'] } },
    orderBy: [{ kind: 'asc' }, { subject: 'asc' }],
    select: { id: true, kind: true, subject: true },
  });
  return rows.map(({ kind, subject }) => `${kind} ${subject}`);
}
