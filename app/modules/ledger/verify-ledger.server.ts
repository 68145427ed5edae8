import * as z from 'zod';

import { type Db, type Tx } from '~/platform/db.server';

import { type LedgerFault } from './shared';

const faults = z.array(z.object({ walletId: z.string(), entrySeq: z.bigint(), fault: z.string() }));

/**
 * Recomputes the chains of the wallets from `from` to `to` (by id; all when left out), and compares wallets and lots with
 * their entries. Empty means intact; else the first broken entry of each broken wallet.
 */
export async function verifyLedger(
  db: Db | Tx,
  range: { from?: string; to?: string } = {},
): Promise<LedgerFault[]> {
  const result = await db.$queryRaw`
    SELECT wallet_id AS "walletId", entry_seq AS "entrySeq", fault
    FROM ledger_verify(${range.from ?? null}::text, ${range.to ?? null}::text)`;
  return faults.parse(result);
}
