import { readPaymentEntries } from '~/modules/ledger/index.server';
import { type Db } from '~/platform/db.server';

import { isId } from './filters.server';
import { REALM_REF } from './realms.server';
import { type DisputeView } from './shared';
import { readActEntries, readBackEntries } from './timeline-acts.server';
import { inOrder, transfersOf } from './timeline.server';

/** More steps than a dispute takes. */
const MOST = 200;

/** A dispute with its levels over time and what it does to the credits; undefined when there is none of this id. */
export async function readDispute(db: Db, id: string): Promise<DisputeView | undefined> {
  if (!isId(id)) return undefined;
  const found = await db.moneyBack.findFirst({
    where: { id, kind: 'dispute' },
    select: {
      ...{ id: true, stripeId: true, status: true, level: true, amount: true, taken: true, currency: true },
      ...{ reason: true, dueBy: true, createdAt: true },
      payment: {
        select: {
          ...{ id: true, state: true, amountPaid: true, stripeIntent: true, stripeCharge: true },
          realm: { select: REALM_REF },
          customer: { select: { id: true, email: true, name: true } },
          claim: { select: { granted: true, shortfall: true, owed: true, repaid: true } },
        },
      },
    },
  });
  if (found === null) return undefined;
  const { payment, ...dispute } = found;
  const { realm, customer, claim, ...sale } = payment;
  const [backs, acts, lines, lots, freeze] = await Promise.all([
    readBackEntries(db, { paymentIds: [sale.id], take: MOST }),
    readActEntries(db, { subjects: [id], take: MOST }),
    readPaymentEntries(db, sale.id),
    db.lot.aggregate({ where: { paymentId: sale.id }, _sum: { revoked: true, claimed: true } }),
    db.walletFreeze.findFirst({
      where: { cause: id },
      orderBy: { n: 'desc' },
      select: { frozenAt: true, thawedAt: true, thawedBy: true },
    }),
  ]);
  return {
    ...dispute,
    ...{ realm, customer, freeze },
    payment: sale,
    claim:
      claim === null
        ? null
        : {
            granted: claim.granted,
            taken: (lots._sum.revoked ?? 0n) + (lots._sum.claimed ?? 0n),
            shortfall: claim.shortfall,
            owed: claim.owed - claim.repaid,
          },
    timeline: inOrder([
      ...backs.filter(({ moneyBackId }) => moneyBackId === id),
      ...acts,
      ...transfersOf(lines).filter(({ transfer }) => transfer === 'claim' || transfer === 'repay'),
    ]),
  };
}
