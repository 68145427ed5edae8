import { type FactContext } from '~/modules/stripe/shared';
import { type Tx } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

import { askForReview } from './ask-for-review.server';
import { type LockedPayment } from './lock-payment.server';
import { settleMoneyBack } from './settle-money-back.server';

/** What is known of one refund or dispute. Amounts in the currency's smallest unit. */
export interface MoneyBackInput {
  kind: 'refund' | 'dispute';
  /** Absent while Stripe has not named it. */
  stripeId: string | undefined;
  /** The row of ours that it fulfils: a request of this room, or what our metadata names. */
  row: string | undefined;
  /** Whose money it is, where Stripe says so. */
  stripeIntent: string | undefined;
  status: string;
  /** Orders statuses of one refund or dispute, whatever order they come in. */
  rank: number;
  level: 'none' | 'pending' | 'gone';
  amount: bigint;
  /** How much of the amount counts at this level; 0 at `none`. */
  taken: bigint;
  currency: string;
  reason?: string | undefined;
  failure?: string | undefined;
  dueBy?: Date | undefined;
  /** A person asks for it: the row under its own id. */
  request?: MoneyBackRequest;
}

export interface MoneyBackRequest {
  id: string;
  /** What makes two requests one; unique per realm. */
  key: string;
  actor: string;
  comment: string;
}

export type KeptMoneyBack =
  /** It stands higher now, and the payment's credits with it. `before` is the level it stood at. */
  | { outcome: 'raised'; id: string; before: 'none' | 'pending' | 'gone' | undefined; effects: string[] }
  /** Exactly this was known. */
  | { outcome: 'duplicate'; id: string }
  /** More than this was known. */
  | { outcome: 'stale'; id: string; status: string }
  /** It is in another currency than the payment: a person must look. Nothing is kept. */
  | { outcome: 'other_currency' };

const VIEW = { id: true, stripeId: true, status: true, rank: true, level: true, taken: true } as const;

/**
 * Writes what is known of a refund or a dispute of a locked payment, once per object and only upwards by rank, and brings
 * the payment's credits to it in the same transaction. A refund that fulfils a request of ours takes its row, whichever of
 * the two is heard of first; a second one under the same request is money that went once more: it gets a row of its own.
 */
export async function keepMoneyBack(
  tx: Tx,
  payment: LockedPayment,
  input: MoneyBackInput,
  context: Pick<FactContext, 'book' | 'cause' | 'at'>,
): Promise<KeptMoneyBack> {
  if (input.currency !== payment.currency) return { outcome: 'other_currency' };
  const known = await findRow(tx, payment, input);
  if (known && known.rank >= input.rank) {
    return known.status === input.status
      ? { outcome: 'duplicate', id: known.id }
      : { outcome: 'stale', id: known.id, status: known.status };
  }
  const id = await write(tx, payment, { input, known });
  await noteChange(tx, id, { ...input, from: known?.status ?? null, cause: context.cause });
  await askForReview(tx, payment.customerId);
  const isMoved = (known?.level ?? 'none') !== input.level || (known?.taken ?? 0n) !== input.taken;
  const moved = isMoved ? await settleMoneyBack(tx, payment, context) : [];
  return { outcome: 'raised', id, before: known?.level, effects: [id, ...moved] };
}

/** Why a person asked for it stays beside what Stripe calls the reason. */
async function write(
  tx: Tx,
  payment: LockedPayment,
  { input, known }: { input: MoneyBackInput; known: { id: string } | null },
): Promise<string> {
  const { kind, currency, status, rank, level, amount, taken } = input;
  const said = {
    ...{ status, rank, level, amount, taken },
    ...(input.stripeId === undefined ? {} : { stripeId: input.stripeId }),
    ...(input.failure === undefined ? {} : { failure: input.failure }),
    ...(input.dueBy === undefined ? {} : { dueBy: input.dueBy }),
  };
  if (known) {
    await tx.moneyBack.update({ where: { id: known.id }, data: said, select: { id: true } });
    return known.id;
  }
  const { request } = input;
  const { id } = await tx.moneyBack.create({
    data: {
      ...{ id: request?.id ?? newId('mbk'), paymentId: payment.id, realmId: payment.realmId, kind, currency },
      ...{ reason: input.reason ?? null, stripeIntent: input.stripeIntent ?? null, ...said },
      ...(request === undefined
        ? {}
        : { requestKey: request.key, actor: request.actor, comment: request.comment }),
    },
    select: { id: true },
  });
  return id;
}

/** By Stripe's id, or else the named row, if it waits for its object. All writers hold the payment's lock. */
async function findRow(tx: Tx, payment: LockedPayment, { stripeId, row, rank }: MoneyBackInput) {
  if (stripeId !== undefined) {
    const where = { realmId_stripeId: { realmId: payment.realmId, stripeId } };
    const known = await tx.moneyBack.findUnique({ where, select: VIEW });
    if (known) return known;
  }
  if (row === undefined) return null;
  const named = await tx.moneyBack.findFirst({ where: { id: row, paymentId: payment.id }, select: VIEW });
  if (stripeId === undefined || named === null) return named;
  return named.stripeId === null && named.rank < rank ? named : null;
}

/** One line of its history. */
export async function noteChange(
  tx: Tx,
  moneyBackId: string,
  change: {
    from: string | null;
    status: string;
    rank: number;
    level: 'none' | 'pending' | 'gone';
    taken: bigint;
    cause: string;
  },
): Promise<void> {
  const { from, status: to, rank, level, taken, cause } = change;
  const n = (await tx.moneyBackChange.count({ where: { moneyBackId } })) + 1;
  await tx.moneyBackChange.create({
    data: { moneyBackId, n, from, to, rank, level, taken, cause },
    select: { n: true },
  });
}
