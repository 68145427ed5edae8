import * as z from 'zod';

import { type Tx } from '~/platform/db.server';
import { days } from '~/platform/time';

import { type ActingRole, type LimitBound, type StaffActKind } from './shared';

/** An act as the limits see it. */
export interface LimitedAct {
  book: 'test' | 'live';
  act: StaffActKind;
  /** A user's id, or `api:<client>` in the role `api`. */
  actor: string;
  role: ActingRole;
  /** Null where no customer is known. */
  customerId: string | null;
  /** `credits`, or a lower-case currency. */
  unit: string;
  /** Credits, or the currency's smallest unit; above zero. */
  amount: bigint;
}

export interface LimitVerdict {
  outcome: 'within' | 'above';
  /** The bound that leaves the least room. */
  bound: LimitBound;
  limit: bigint;
  /** What counts against it already. */
  used: bigint;
}

const WINDOW = days(1);

const limitRows = z.array(
  z.object({
    role: z.string(),
    perAct: z.bigint(),
    actorDay: z.bigint(),
    customerDay: z.bigint(),
    now: z.date(),
  }),
);

const NOTHING_ALONE = { perAct: 0n, actorDay: 0n, customerDay: 0n };

/**
 * Whether one person or one client of the API may do this alone: by this act, and by all of its kind within the last 24
 * hours, of the actor and to the customer. People's acts of one kind, book and unit wait here for each other until their
 * transactions end, so that acts which run at once see each other; so do those of the API. Neither uses up the other's
 * room. Called after the locks of payments and before those of wallets.
 * @throws RangeError when the amount is not above zero
 */
export async function checkLimit(tx: Tx, act: LimitedAct): Promise<LimitVerdict> {
  if (act.amount <= 0n) throw new RangeError(`An act counts above zero, and this is ${act.amount}.`);
  const isApi = act.role === 'api';
  const rows = await tx.$queryRaw`
    SELECT role::text, per_act AS "perAct", actor_day AS "actorDay", customer_day AS "customerDay", clock_timestamp() AS now
    FROM staff_limit
    WHERE book = ${act.book}::mode AND act = ${act.act}::staff_act_kind AND unit = ${act.unit} AND (role = 'api') = ${isApi}
    ORDER BY role FOR NO KEY UPDATE`;
  const limits = limitRows.parse(rows);
  const own = limits.find(({ role }) => role === act.role);
  const { perAct, actorDay, customerDay } = own ?? NOTHING_ALONE;
  const since = new Date((own?.now ?? new Date()).getTime() - WINDOW);
  const alike = {
    ...{ book: act.book, act: act.act, unit: act.unit, approvalId: null, at: { gt: since } },
    role: isApi ? ('api' as const) : { not: 'api' as const },
  };
  const bounds = [
    { bound: 'per_act', limit: perAct, used: 0n },
    { bound: 'actor_day', limit: actorDay, used: await sumOf(tx, { ...alike, actor: act.actor }) },
    ...(act.customerId === null
      ? []
      : [
          {
            bound: 'customer_day',
            limit: customerDay,
            used: await sumOf(tx, { ...alike, customerId: act.customerId }),
          } as const,
        ]),
  ] as const;
  const tightest = bounds.reduce((least, one) =>
    one.limit - one.used < least.limit - least.used ? one : least,
  );
  const isWithin = act.amount <= tightest.limit - tightest.used;
  return { outcome: isWithin ? 'within' : 'above', ...tightest };
}

interface Alike {
  book: 'test' | 'live';
  act: StaffActKind;
  unit: string;
  approvalId: null;
  at: { gt: Date };
  role: 'api' | { not: 'api' };
  actor?: string;
  customerId?: string;
}

async function sumOf(tx: Tx, where: Alike): Promise<bigint> {
  const { _sum } = await tx.staffAct.aggregate({ where, _sum: { amount: true } });
  return _sum.amount ?? 0n;
}
