import { type Tx } from '~/platform/db.server';

import { type LockedPayment } from './lock-payment.server';
import { isSwitched, type Proof } from './settlement-rules';
import { type SettlementRule } from './shared';

/** By which rule a payment settled: the rule itself fired, its patience was over, or Stripe was asked. */
export interface Settled {
  rule: SettlementRule;
  by: 'rule' | 'patience' | 'look';
}

export interface ToldProofs {
  proofs: readonly Proof[];
  /** Stripe was asked; otherwise events told. */
  isLook: boolean;
  at: Date;
  /** Set when the payment settles with it. */
  settled?: Settled | undefined;
}

const TIMES = { provenAt: true, intentAt: true, sessionAt: true, lookedAt: true } as const;

/**
 * Keeps when each proof was first told of a payment that is not settled yet. Whoever calls holds the payment's lock.
 * @returns when the first of all was told
 */
export async function keepFirstProofs(
  tx: Tx,
  { id: paymentId, realmId }: LockedPayment,
  told: ToldProofs,
): Promise<Date> {
  const { at, settled } = told;
  const ending = settled && { rule: settled.rule, settledBy: settled.by, settledAt: at };
  const news = newsOf(told);
  const { count } = await tx.settlementProof.createMany({
    data: [{ paymentId, realmId, provenAt: at, ...news, ...ending }],
    skipDuplicates: true,
  });
  if (count === 1) return at;
  const where = { paymentId };
  const known = await tx.settlementProof.findUniqueOrThrow({ where, select: TIMES });
  await tx.settlementProof.update({
    where,
    data: {
      ...news,
      ...(known.intentAt === null ? {} : { intentAt: known.intentAt }),
      ...(known.sessionAt === null ? {} : { sessionAt: known.sessionAt }),
      ...(known.lookedAt === null ? {} : { lookedAt: known.lookedAt }),
      ...ending,
    },
    select: { paymentId: true },
  });
  return known.provenAt;
}

/** What is told of a payment that is paid: by it another rule would have settled later. One without a row gets none. */
export async function keepLateProofs(
  tx: Tx,
  { id: paymentId, kind }: LockedPayment,
  told: ToldProofs,
): Promise<void> {
  if (!isSwitched(kind)) return;
  const { intentAt, sessionAt } = newsOf(told);
  if (intentAt)
    await tx.settlementProof.updateMany({ where: { paymentId, intentAt: null }, data: { intentAt } });
  if (sessionAt)
    await tx.settlementProof.updateMany({ where: { paymentId, sessionAt: null }, data: { sessionAt } });
}

interface News {
  intentAt?: Date;
  sessionAt?: Date;
  lookedAt?: Date;
  isFree?: boolean;
}

function newsOf({ proofs, isLook, at }: ToldProofs): News {
  if (isLook) return { lookedAt: at };
  const isFree = proofs.includes('free_session');
  return {
    ...(proofs.includes('intent') ? { intentAt: at } : {}),
    ...(isFree || proofs.includes('session') ? { sessionAt: at } : {}),
    ...(isFree ? { isFree } : {}),
  };
}
