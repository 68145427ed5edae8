import { type Db, inTransaction } from '~/platform/db.server';

import { owesOf } from './dispute-freeze.server';
import { lockPayment } from './lock-payment.server';
import { settleMoneyBack } from './settle-money-back.server';

const PAGE = 200;

/**
 * Ends the freezes of disputes whose credits turned out to be there: a hold was released, which no act of this room heard
 * of. All other ends of a freeze come with the act that brings them.
 * @returns how many payments were brought to their levels anew
 */
export async function endFreezes(db: Db): Promise<number> {
  let ended = 0;
  for (let after = ''; ;) {
    const standing = await db.walletFreeze.findMany({
      where: { thawedAt: null, cause: { startsWith: 'mbk_', gt: after } },
      orderBy: { cause: 'asc' },
      take: PAGE,
      select: { cause: true },
    });
    const last = standing.at(-1);
    if (last === undefined) return ended;
    after = last.cause;
    for (const paymentId of await notOwing(
      db,
      standing.map(({ cause }) => cause),
    )) {
      await settleAgain(db, paymentId);
      ended += 1;
    }
  }
}

async function notOwing(db: Db, disputes: string[]): Promise<string[]> {
  const rows = await db.moneyBack.findMany({
    where: { id: { in: disputes } },
    take: PAGE,
    select: {
      paymentId: true,
      payment: {
        select: { claim: { select: { shortfall: true, tDebt: true, owed: true, repaid: true } } },
      },
    },
  });
  const free = rows.filter(({ payment }) => payment.claim === null || !owesOf(payment.claim));
  return [...new Set(free.map(({ paymentId }) => paymentId))];
}

function settleAgain(db: Db, paymentId: string): Promise<unknown> {
  return inTransaction(db, 'end freeze', async (tx) => {
    const payment = await lockPayment(tx, paymentId);
    if (!payment) throw new Error(`Payment ${paymentId} vanished.`);
    const { mode } = await tx.realm.findUniqueOrThrow({
      where: { id: payment.realmId },
      select: { mode: true },
    });
    return settleMoneyBack(tx, payment, { book: mode, cause: 'payments.thaw', at: new Date() });
  });
}
