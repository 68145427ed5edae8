import { type Db } from '~/platform/db.server';
import { days } from '~/platform/time';

import { OPEN_KINDS, type OpenCount, type OpenInRealm, type OpenKind } from './shared';

/** In which a bank decides nothing more. */
const CLOSED_DISPUTES = ['won', 'lost', 'warning_closed', 'prevented'];
const GOES_ON = ['incomplete', 'trialing', 'active', 'past_due', 'unpaid', 'paused'] as const;
/** How long a cardholder's bank may take a payment back. */
const DISPUTABLE_FOR = days(120);

/**
 * What of one realm is still under way, and until when banks may take back what was paid there: its key is needed as
 * long as either stands. Counts are exact, each by an index of its own.
 */
export async function whatIsOpen(
  db: Db,
  { id: realmId, mode }: { id: string; mode: 'test' | 'live' },
  now: Date,
): Promise<OpenInRealm> {
  const open = await Promise.all(
    OPEN_KINDS.map(async (kind) => ({ kind, ...(await COUNTERS[kind](db, realmId)) })),
  );
  const last = await db.payment.findFirst({
    where: { realmId, state: 'paid', stripeIntent: { not: null }, paidAt: { not: null } },
    orderBy: { paidAt: 'desc' },
    select: { paidAt: true },
  });
  const until = last?.paidAt ? new Date(last.paidAt.getTime() + DISPUTABLE_FOR) : undefined;
  const disputableUntil = mode === 'live' && until !== undefined && until > now ? until : null;
  const total = open.reduce((sum, { count }) => sum + count, 0);
  const [oldest] = open.flatMap((one) => one.oldest ?? []).sort((a, b) => a.getTime() - b.getTime());
  return {
    open,
    total,
    oldest: oldest ?? null,
    disputableUntil,
    key: total > 0 ? 'needed' : disputableUntil === null ? 'removable' : 'wanted',
  };
}

type Counter = (db: Db, realmId: string) => Promise<Omit<OpenCount, 'kind'>>;

const COUNTERS: Record<OpenKind, Counter> = {
  payments: async (db, realmId) =>
    toCount(
      await db.payment.aggregate({
        where: { realmId, state: { in: ['created', 'open', 'processing', 'review'] } },
        ...CREATED,
      }),
    ),
  orders: async (db, realmId) =>
    toCount(
      await db.subscriptionOrder.aggregate({
        where: { realmId, state: { in: ['created', 'open'] } },
        ...CREATED,
      }),
    ),
  refunds: async (db, realmId) =>
    toCount(
      await db.moneyBack.aggregate({
        where: { realmId, kind: 'refund', OR: [{ level: 'pending' }, { status: 'awaiting_approval' }] },
        ...CREATED,
      }),
    ),
  disputes: async (db, realmId) =>
    toCount(
      await db.moneyBack.aggregate({
        where: { realmId, kind: 'dispute', status: { notIn: CLOSED_DISPUTES } },
        ...CREATED,
      }),
    ),
  subscriptions: async (db, realmId) =>
    toCount(
      await db.subscription.aggregate({ where: { realmId, status: { in: [...GOES_ON] } }, ...CREATED }),
    ),
  events: async (db, realmId) => {
    const { _count: count, _min } = await db.event.aggregate({
      where: { realmId, status: { in: ['queued', 'waiting', 'quarantined', 'dead'] } },
      _count: true,
      _min: { receivedAt: true },
    });
    return { count, oldest: _min.receivedAt };
  },
  calls: async (db, realmId) =>
    toCount(await db.stripeCall.aggregate({ where: { realmId, state: 'open' }, ...CREATED })),
};

const CREATED = { _count: true, _min: { createdAt: true } } as const;

const toCount = ({
  _count,
  _min,
}: {
  _count: number;
  _min: { createdAt: Date | null };
}): Omit<OpenCount, 'kind'> => ({
  count: _count,
  oldest: _min.createdAt,
});
