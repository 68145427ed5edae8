import { type Keep } from '~/modules/stripe/index.server';
import { type Db } from '~/platform/db.server';

import { type Incident } from './incident-file';
import { type Scope } from './find-scope.server';
import { safeNumber } from './safe-number';

const MANY = 2000;
type Act = Incident['acts'][number];

export interface ActsOf {
  realmId: string;
  book: 'test' | 'live';
  /** When it began: what stood in wallets then, was there before. */
  since: Date;
}

/** What we did beside the events: looks at Stripe, refunds by staff, and all that moved the wallets meanwhile. */
export async function tellActs(db: Db, of: ActsOf, scope: Scope, keep: Keep): Promise<Act[]> {
  const acts = [...(await looksOf(db, scope, keep)), ...(await refundsOf(db, of.realmId, scope, keep))];
  acts.push(...(await movesOf(db, of, scope, keep)));
  return acts.sort((one, other) => one.atMs - other.atMs);
}

const moved = (at: Date, { shiftSeconds }: Keep): number => at.getTime() + shiftSeconds * 1000;

/** By what a payment that is not moved by an event was looked at. */
const LOOKS = ['return:', 'check:', 'call:', 'recheck:', 'worker:'];

async function looksOf(db: Db, { payments }: Scope, keep: Keep): Promise<Act[]> {
  const changes = await db.paymentChange.findMany({
    where: { paymentId: { in: payments }, n: { gt: 1 }, NOT: { cause: { startsWith: 'event:' } } },
    orderBy: [{ at: 'asc' }, { paymentId: 'asc' }, { n: 'asc' }],
    take: MANY,
  });
  return changes.flatMap(({ paymentId, cause, at, to, reason }): Act[] => {
    if (to === 'open') return [];
    const atMs = moved(at, keep);
    if (LOOKS.some((begins) => cause.startsWith(begins)))
      return [{ atMs, act: 'look', payment: keep.names.id(paymentId) }];
    return [{ atMs, act: 'unplayed', what: wordOf(reason), subject: keep.names.id(paymentId) }];
  });
}

const wordOf = (reason: string): string => (/^[a-z_ ]{1,60}$/.test(reason) ? reason : 'moved by hand');

async function refundsOf(db: Db, realmId: string, { payments }: Scope, keep: Keep): Promise<Act[]> {
  const rows = await db.moneyBack.findMany({
    where: { realmId, kind: 'refund', paymentId: { in: payments }, requestKey: { not: null } },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: MANY,
  });
  return rows.map(({ id, paymentId, amount, createdAt, status }): Act => {
    const atMs = moved(createdAt, keep);
    const row = keep.names.id(id);
    const isSent = status !== 'awaiting_approval' && status !== 'rejected';
    return isSent
      ? { atMs, act: 'refund', row, payment: keep.names.id(paymentId), amount: safeNumber(amount) }
      : { atMs, act: 'unplayed', what: `a refund that is ${status}`, subject: row };
  });
}

async function movesOf(db: Db, { book, since }: ActsOf, scope: Scope, keep: Keep): Promise<Act[]> {
  const own = new Set(scope.payments);
  const { id: named } = keep.names;
  const transfers = await db.transfer.findMany({
    where: { bookId: book, recordedAt: { gte: since }, wallet: { customerId: { in: scope.customers } } },
    include: { wallet: { select: { customerId: true } }, entries: { include: { lot: true } } },
    orderBy: [{ recordedAt: 'asc' }, { id: 'asc' }],
    take: MANY,
  });
  return transfers.flatMap(({ id, kind, amount, paymentId, holdId, recordedAt, wallet, entries }): Act[] => {
    const atMs = moved(recordedAt, keep);
    const customer = named(wallet.customerId);
    if (paymentId !== null && own.has(paymentId)) return [];
    const credits = safeNumber(amount);
    const hold = named(holdId ?? id);
    switch (kind) {
      case 'spend':
        return [{ atMs, act: 'spend', customer, amount: credits }];
      case 'hold':
        return [{ atMs, act: 'hold', customer, hold, amount: credits }];
      case 'capture':
        return [{ atMs, act: 'capture', hold, amount: credits }];
      case 'release':
        return [{ atMs, act: 'release', hold }];
      case 'grant':
        return entries.flatMap(({ lot }) =>
          lot === null ? [] : [{ atMs, act: 'grant' as const, customer, lot: lotOf(lot, lot.granted, keep) }],
        );
      // What follows by itself from what is played.
      case 'claim':
      case 'repay':
        return [];
      case 'expire':
      case 'reverse':
      case 'adjust':
        return [{ atMs, act: 'unplayed', what: `a transfer: ${kind}`, subject: customer }];
    }
  });
}

interface LotRow {
  kind: Incident['before']['customers'][number]['lots'][number]['kind'];
  priority: number;
  expiresAt: Date;
}

/** A date that the database calls infinity is one that no clock reaches. */
const lotOf = ({ kind, priority, expiresAt }: LotRow, amount: bigint, keep: Keep) => ({
  ...{ kind, priority, amount: safeNumber(amount) },
  expiresMs:
    Number.isFinite(expiresAt.getTime()) && expiresAt.getUTCFullYear() < 9999 ? moved(expiresAt, keep) : null,
});

/** Whoever is in it, with the credits that they had before it began. */
export async function tellCustomers(
  db: Db,
  { realmId, book, since }: ActsOf,
  scope: Scope,
  keep: Keep,
): Promise<Incident['before']['customers']> {
  const customers = await db.customer.findMany({
    where: { id: { in: scope.customers } },
    select: {
      id: true,
      stripeCustomers: { where: { realmId }, select: { stripeId: true } },
      wallets: {
        where: { bookId: book },
        select: { lots: { where: { createdAt: { lt: since } }, take: MANY } },
      },
    },
    orderBy: { id: 'asc' },
    take: MANY,
  });
  return Promise.all(
    customers.map(async ({ id, stripeCustomers, wallets }) => {
      const lots = wallets.flatMap((wallet) => wallet.lots);
      const stood = await Promise.all(
        lots.map(async (lot) => ({ lot, available: await stoodAt(db, lot.id, since) })),
      );
      return {
        id: keep.names.id(id),
        stripeIds: stripeCustomers.map(({ stripeId }) => keep.names.id(stripeId)),
        lots: stood.flatMap(({ lot, available }) => (available > 0n ? [lotOf(lot, available, keep)] : [])),
      };
    }),
  );
}

async function stoodAt(db: Db, lotId: string, since: Date): Promise<bigint> {
  const last = await db.entry.findFirst({
    where: { lotId, recordedAt: { lt: since } },
    orderBy: [{ recordedAt: 'desc' }, { seq: 'desc' }],
    select: { lotAvailableAfter: true },
  });
  return last?.lotAvailableAfter ?? 0n;
}
