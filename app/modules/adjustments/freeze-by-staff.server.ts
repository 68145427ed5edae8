import { isOwner } from '~/modules/approvals/index.server';
import { appendAudit } from '~/modules/audit/index.server';
import { freeze, thaw } from '~/modules/ledger/index.server';
import { type Book } from '~/modules/ledger/shared';
import { type Db, inTransaction, type Tx } from '~/platform/db.server';

import { type FreezeReason, type ThawReason } from './shared';

interface ByStaff<Reason> {
  book: Book;
  customerId: string;
  /** A user's id. */
  actor: string;
  reason: Reason;
  comment: string;
}

export type FreezeByStaffOutcome =
  /** It stands, or stood under this key already. `cause` names it. */
  { outcome: 'frozen'; cause: string } | { outcome: 'own_wallet' } | { outcome: 'unknown_customer' };

/** The act's own id stands for the freeze: one dialog is one freeze. */
const CAUSE = 'act_';
const causeOf = (key: string): string => `${CAUSE}${key.replaceAll('-', '')}`;

/** Stops a wallet from being spent and held from until staff thaw it; whatever else froze it stays. Grants and refunds go on. */
export function freezeByStaff(
  db: Db,
  input: ByStaff<FreezeReason> & { key: string },
): Promise<FreezeByStaffOutcome> {
  const { book, customerId, actor, reason, comment } = input;
  const cause = causeOf(input.key);
  return inTransaction(db, 'freeze by staff', async (tx) => {
    if ((await tx.customer.count({ where: { id: customerId } })) === 0)
      return { outcome: 'unknown_customer' };
    if (await isOwner(tx, customerId, actor)) return { outcome: 'own_wallet' };
    await lockWallet(tx, input);
    if ((await findFreeze(tx, input, cause)) !== null) return { outcome: 'frozen', cause };
    const { outcome } = await freeze(tx, { book, customerId, cause, actor: `staff:${actor}` });
    // A wallet that did not exist had no lock to wait at: its twin made it and froze it.
    if (outcome === 'unchanged') return { outcome: 'frozen', cause };
    await appendAudit(tx, {
      ...{ actor, act: 'wallet.frozen', subject: customerId, reason, comment, after: { book, cause } },
    });
    return { outcome: 'frozen', cause };
  });
}

export type ThawByStaffOutcome =
  /** This freeze is over. `isFrozen`: another one stands. */
  | { outcome: 'thawed'; isFrozen: boolean }
  /** A dispute's freeze ends by itself, with its debt or its dispute. */
  | { outcome: 'not_by_staff' }
  | { outcome: 'own_wallet' }
  | { outcome: 'not_found' };

/** Ends one freeze that staff set. Asked again it answers alike. */
export function thawByStaff(
  db: Db,
  input: ByStaff<ThawReason> & { cause: string },
): Promise<ThawByStaffOutcome> {
  const { book, customerId, cause, actor, reason, comment } = input;
  return inTransaction(db, 'thaw by staff', async (tx) => {
    if (!cause.startsWith(CAUSE)) return { outcome: 'not_by_staff' };
    if (await isOwner(tx, customerId, actor)) return { outcome: 'own_wallet' };
    await lockWallet(tx, input);
    if ((await findFreeze(tx, input, cause)) === null) return { outcome: 'not_found' };
    const { outcome } = await thaw(tx, { book, customerId, cause, actor: `staff:${actor}` });
    const wallet = await tx.wallet.findUniqueOrThrow({
      where: { bookId_customerId: { bookId: book, customerId } },
      select: { frozenAt: true },
    });
    if (outcome === 'thawed')
      await appendAudit(tx, {
        ...{ actor, act: 'wallet.thawed', subject: customerId, reason, comment, before: { book, cause } },
      });
    return { outcome: 'thawed', isFrozen: wallet.frozenAt !== null };
  });
}

const lockWallet = (tx: Tx, { book, customerId }: { book: Book; customerId: string }) => tx.$queryRaw`
  SELECT id FROM wallet WHERE book = ${book}::mode AND customer = ${customerId} FOR NO KEY UPDATE`;

const findFreeze = (tx: Tx, { book, customerId }: { book: Book; customerId: string }, cause: string) =>
  tx.walletFreeze.findFirst({
    where: { cause, wallet: { bookId: book, customerId } },
    select: { n: true },
  });
