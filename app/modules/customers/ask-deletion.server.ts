import { appendAudit } from '~/modules/audit/index.server';
import { closeCustomer } from '~/modules/auth/index.server';
import { addJob } from '~/modules/jobs/index.server';
import { freeze } from '~/modules/ledger/index.server';
import { assertNever } from '~/platform/assert-never';
import { type Db, inTransaction, type Tx } from '~/platform/db.server';
import { isUniqueViolation } from '~/platform/db-errors.server';
import { newId } from '~/platform/ids.server';
import { log } from '~/platform/log.server';
import { hours } from '~/platform/time';

import { confirmationOf } from './preview-deletion.server';
import { type DeletionReason } from './shared';

/** For so long it can be called off, and nothing is done that could not be undone. */
const GRACE = hours(1);

export interface AskDeletionInput {
  customerId: string;
  /** What makes two clicks one. */
  key: string;
  actor: string;
  reason: DeletionReason;
  comment: string;
  /** The customer's e-mail as it was typed. */
  confirmation: string;
  now: Date;
}

export type AskDeletionOutcome =
  | { outcome: 'asked'; deletionId: string; beginsAt: Date }
  /** By this very request, which was sent twice. */
  | { outcome: 'repeated'; deletionId: string; beginsAt: Date }
  | { outcome: 'unknown_customer' }
  /** Another request stands, or it was carried out. */
  | { outcome: 'already_asked' }
  /** What was typed is not who they are. */
  | { outcome: 'not_confirmed' };

/**
 * Asks for a customer's deletion. At once they are logged out and in no more, buy nothing, and their wallets are frozen;
 * the rest begins when the hour is over in which it can be called off.
 */
export async function askDeletion(db: Db, input: AskDeletionInput): Promise<AskDeletionOutcome> {
  try {
    return await inTransaction(db, 'ask deletion', (tx) => ask(tx, input));
  } catch (error) {
    if (!isUniqueViolation(error, 'customer_deletion_key_key')) throw error;
    return inTransaction(db, 'ask deletion again', (tx) => ask(tx, input));
  }
}

/** What became of the same request before. */
async function findSame(
  tx: Tx,
  { key, customerId }: AskDeletionInput,
): Promise<AskDeletionOutcome | undefined> {
  const same = await tx.customerDeletion.findUnique({
    where: { key },
    select: { id: true, beginsAt: true, customerId: true },
  });
  if (same === null) return undefined;
  return same.customerId === customerId
    ? { outcome: 'repeated', deletionId: same.id, beginsAt: same.beginsAt }
    : { outcome: 'already_asked' };
}

async function ask(tx: Tx, input: AskDeletionInput): Promise<AskDeletionOutcome> {
  const { customerId, key, actor, reason, comment, now } = input;
  const same = await findSame(tx, input);
  if (same !== undefined) return same;
  const customer = await tx.customer.findUnique({
    where: { id: customerId },
    select: { id: true, email: true, externalId: true },
  });
  if (customer === null) return { outcome: 'unknown_customer' };
  if (confirmationOf(customer).toLowerCase() !== input.confirmation.trim().toLowerCase())
    return { outcome: 'not_confirmed' };
  const closed = await closeCustomer(tx, { customerId, now });
  switch (closed.outcome) {
    case 'closed':
      break;
    case 'already_closed':
      // A twin may have been waited for.
      return (await findSame(tx, input)) ?? { outcome: 'already_asked' };
    case 'unknown_customer':
      return closed;
    default:
      return assertNever(closed);
  }
  const deletionId = newId('del');
  const beginsAt = new Date(now.getTime() + GRACE);
  await tx.customerDeletion.create({
    data: { id: deletionId, customerId, key, actor, reason, beginsAt },
    select: { id: true },
  });
  const wallets = await tx.wallet.findMany({
    where: { customerId },
    select: { bookId: true },
    orderBy: { id: 'asc' },
    take: 10,
  });
  for (const { bookId: book } of wallets) await freeze(tx, { book, customerId, cause: deletionId, actor });
  await addJob(
    tx,
    'customers.delete',
    { deletionId },
    { key: `customers.delete:${deletionId}`, runAt: beginsAt },
  );
  await appendAudit(tx, {
    ...{ actor, act: 'customer.deletion_asked', subject: customerId, reason, comment },
    after: { deletion: deletionId, beginsAt },
  });
  log.info('deletion asked', { customer: customerId, deletion: deletionId });
  return { outcome: 'asked', deletionId, beginsAt };
}
