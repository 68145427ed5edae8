import { freeze, thaw } from '~/modules/ledger/index.server';
import { type FactContext } from '~/modules/stripe/shared';
import { type Tx } from '~/platform/db.server';

import { readMoneyBackPolicy } from './money-back-policy.server';

/** Far above what one customer disputes. */
const MAX_DISPUTES = 100;

const VIEW = { id: true, level: true, paymentId: true, realmId: true } as const;
type DisputeRow = { id: string; level: 'none' | 'pending' | 'gone'; paymentId: string; realmId: string };

interface Owner {
  customerId: string;
  book: FactContext['book'];
  actor: string;
}

/**
 * Freezes the wallet for each lost or running dispute whose credits were spent and are owed, and ends the freeze of each
 * other: it was won or reinstated, a later grant repaid the debt, or a hold gave the credits back. Called while the
 * caller's transaction holds the wallet: claims change under its lock alone.
 */
export async function keepFreezesOfPayment(tx: Tx, paymentId: string, owner: Owner): Promise<void> {
  const disputes = await tx.moneyBack.findMany({
    where: { paymentId, kind: 'dispute' },
    take: MAX_DISPUTES,
    select: VIEW,
  });
  await keepFreezes(tx, disputes, owner);
}

/** After a grant: ends the freezes whose debt it repaid. */
export async function thawRepaid(tx: Tx, owner: Owner): Promise<void> {
  const disputes = await tx.moneyBack.findMany({
    where: {
      kind: 'dispute',
      level: 'gone',
      payment: { customerId: owner.customerId, realm: { mode: owner.book } },
    },
    take: MAX_DISPUTES,
    select: VIEW,
  });
  await keepFreezes(tx, disputes, owner);
}

async function keepFreezes(
  tx: Tx,
  disputes: DisputeRow[],
  { book, customerId, actor }: Owner,
): Promise<void> {
  for (const dispute of disputes) {
    const owes = dispute.level === 'gone' && (await isOwed(tx, dispute));
    const set = owes ? freeze : thaw;
    await set(tx, { book, customerId, cause: dispute.id, actor });
  }
}

/**
 * Whether credits of a disputed payment are owed or still may be: while a hold keeps some of them, it shows only at its
 * end whether they were spent.
 */
async function isOwed(tx: Tx, dispute: DisputeRow): Promise<boolean> {
  const policy = await readMoneyBackPolicy(tx, dispute.realmId);
  if (policy.dispute === 'absorb') return false;
  const claim = await tx.claim.findUnique({
    where: { paymentId: dispute.paymentId },
    select: { shortfall: true, tDebt: true, owed: true, repaid: true },
  });
  return claim !== null && owesOf(claim);
}

/** Credits of a payment that were spent and are owed, or may be, and that no later grant has repaid. */
export function owesOf(claim: { shortfall: bigint; tDebt: bigint; owed: bigint; repaid: bigint }): boolean {
  const { shortfall, tDebt, owed, repaid } = claim;
  const mayBeOwed = shortfall < tDebt ? shortfall : tDebt;
  return (mayBeOwed > owed ? mayBeOwed : owed) > repaid;
}
