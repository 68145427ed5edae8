import { rejectApproval, type RejectInput, type RejectOutcome } from '~/modules/approvals/index.server';
import { type Db, inTransaction } from '~/platform/db.server';

/** Nobody lets it be recorded, or its requester takes it back. Nothing is kept for it, so nothing is freed. */
export const rejectOffline = (db: Db, input: RejectInput): Promise<RejectOutcome> =>
  inTransaction(db, 'reject offline', (tx) => rejectApproval(tx, input));
