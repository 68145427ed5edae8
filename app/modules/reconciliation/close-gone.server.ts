import { appendAudit } from '~/modules/audit/index.server';
import { lockFinding, moveFinding, touchFinding } from '~/modules/findings/index.server';
import { inTransaction } from '~/platform/db.server';

import { eachFinding } from './each-finding.server';
import { lookAgain } from './look-again.server';
import { type Reconciler } from './reconciler';

/** More than a team has open at once; those that were looked at longest ago come first. */
const MOST = 500;
const ACTOR = 'system';

/**
 * Looks at what is open once more: a late event, a check or a person may have put it right meanwhile, and a repair that was
 * cut off is brought to its end.
 * @returns how many are gone
 */
export async function closeGone(deps: Reconciler): Promise<number> {
  const { db, realm } = deps;
  const open = await db.finding.findMany({
    where: { realmId: realm.id, state: { in: ['open', 'repairing'] }, objectId: { not: null } },
    orderBy: [{ seenAt: 'asc' }, { id: 'asc' }],
    take: MOST,
    select: { id: true, kind: true, subject: true, object: true, objectId: true },
  });
  return eachFinding(open, async (finding) => {
    const again = await lookAgain(deps, finding);
    const isClosed = await inTransaction(db, 'close finding', async (tx) => {
      const locked = await lockFinding(tx, { id: finding.id, realmId: realm.id });
      if (locked === undefined) return false;
      if (again.seen !== 'gone') {
        if (locked.state === 'repairing') await moveFinding(tx, finding.id, { to: 'open' });
        else await touchFinding(tx, finding.id);
        return false;
      }
      const moved = await moveFinding(tx, finding.id, { to: 'repaired', actor: ACTOR, after: again.after });
      if (moved)
        await appendAudit(tx, {
          ...{ actor: ACTOR, act: 'finding.gone', subject: finding.id, realmId: realm.id },
          before: { state: locked.state },
          after: { state: 'repaired' },
        });
      return moved;
    });
    return isClosed ? 'done' : 'left';
  });
}
