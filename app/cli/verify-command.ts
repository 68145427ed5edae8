import { verifyAudit } from '../modules/audit/index.server';
import { verifyLedger } from '../modules/ledger/index.server';
import { closeDb, createDb } from '../platform/db.server';
import { withDatabase } from './database';
import { OperatorError } from './operator-error';

/**
 * `verify`: recomputes every wallet's chain, the projections and the audit's chain, and names the first broken row of each.
 * @throws OperatorError listing what is broken
 */
export async function verifyCommand(say: (sentence: string) => void): Promise<void> {
  const faults = await withDatabase(async (url) => {
    const db = createDb(url, 2);
    try {
      const wallets = await verifyLedger(db);
      const audit = await verifyAudit(db);
      return [
        ...wallets.map(({ walletId, entrySeq, fault }) => `Wallet ${walletId}, entry ${entrySeq}: ${fault}.`),
        ...(audit.outcome === 'broken' ? [`Audit row ${audit.seq}: ${audit.fault}.`] : []),
      ];
    } finally {
      await closeDb(db);
    }
  });
  if (faults.length > 0) throw new OperatorError(faults.join('\n'));
  say('Ledger and audit are intact.');
}
