import { verifyAudit } from '../modules/audit/index.server';
import { closeDb, createDb } from '../platform/db.server';
import { withDatabase } from './database';
import { OperatorError } from './operator-error';
import { walkLedger } from './walk-ledger';

/**
 * `verify`: recomputes every wallet's chain, the projections and the audit's chain, and names the first broken row of each.
 * @throws OperatorError listing what is broken
 */
export async function verifyCommand(say: (sentence: string) => void): Promise<void> {
  const faults = await withDatabase(async (url) => {
    const db = createDb(url, 2);
    try {
      const { faults: ofLedger } = await walkLedger(db, {}, say);
      const audit = await verifyAudit(db);
      return [
        ...ofLedger,
        ...(audit.outcome === 'broken' ? [`Audit row ${audit.seq}: ${audit.fault}.`] : []),
      ];
    } finally {
      await closeDb(db);
    }
  });
  if (faults.length > 0) throw new OperatorError(faults.join('\n'));
  say('Ledger and audit are intact.');
}
