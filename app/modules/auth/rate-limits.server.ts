import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';

import { type Db, poolOf } from '~/platform/db.server';
import { hours, minutes, seconds } from '~/platform/time';

/** How often each act may be done. The counters stand in the database: every web process counts on the same ones. */
const LIMITS = {
  /** One account from one network. */
  log_in_account: { points: 10, duration: minutes(15) },
  /** One account from everywhere: many networks together guess no faster. Wide, for it also shuts its owner out. */
  log_in_account_anywhere: { points: 100, duration: hours(1) },
  log_in_address: { points: 60, duration: minutes(15) },
  sign_up_address: { points: 20, duration: hours(1) },
  mail_address: { points: 20, duration: hours(1) },
  mail_user: { points: 5, duration: hours(1) },
  /** Apart from the mails that an owner asks for: strangers must not use those up. */
  sign_up_taken_user: { points: 2, duration: hours(24) },
  checkout_customer: { points: 20, duration: minutes(30) },
  checkout_address: { points: 40, duration: minutes(30) },
  password_user: { points: 10, duration: minutes(15) },
  /** Codes of a two-step log-in, which come after a right password: shutting its owner out takes that too. */
  code_user: { points: 5, duration: minutes(15) },
  code_user_day: { points: 30, duration: hours(24) },
  store_link_address: { points: 100, duration: minutes(15) },
} as const;

export type Limit = keyof typeof LIMITS;

export type LimitOutcome =
  | { outcome: 'allowed' }
  /** 429 with Retry-After. */
  | { outcome: 'limited'; retryAfterSeconds: number };

const limiters = new WeakMap<Db, Map<Limit, RateLimiterPostgres>>();

function limiterOf(db: Db, limit: Limit): RateLimiterPostgres {
  const known = limiters.get(db) ?? new Map<Limit, RateLimiterPostgres>();
  limiters.set(db, known);
  const made = known.get(limit) ?? make(db, limit, known.size === 0);
  known.set(limit, made);
  return made;
}

function make(db: Db, limit: Limit, sweeps: boolean): RateLimiterPostgres {
  const options = {
    keyPrefix: limit,
    points: LIMITS[limit].points,
    duration: LIMITS[limit].duration / seconds(1),
  };
  return new RateLimiterPostgres({
    ...options,
    storeClient: poolOf(db),
    storeType: 'pool',
    tableName: 'rate_limit',
    tableCreated: true,
    // One sweep clears the expired rows of all limits.
    clearExpiredByTimeout: sweeps,
    // Counts in this process alone for as long as the database does not answer.
    insuranceLimiter: new RateLimiterMemory(options),
  });
}

/** Counts one try, before it is made: tries that run at once are counted too. */
export async function countTry(db: Db, limit: Limit, subject: string): Promise<LimitOutcome> {
  try {
    await limiterOf(db, limit).consume(keyOf(subject));
    return { outcome: 'allowed' };
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    return {
      outcome: 'limited',
      retryAfterSeconds: Math.max(1, Math.ceil(refusal.msBeforeNext / seconds(1))),
    };
  }
}

/** Forgets the tries of someone who has proven who they are. */
export async function forgetTries(db: Db, limit: Limit, subject: string): Promise<void> {
  await limiterOf(db, limit).delete(keyOf(subject));
}

/** Addresses of people stand in the table only as hashes. */
const keyOf = (subject: string): string => createHash('sha256').update(subject).digest('base64url');

/** One household, one counter: an IPv6 customer holds a whole /64. */
export function networkOf(ip: string): string {
  if (!isIPv6(ip)) return ip;
  const [head = '', tail] = ip.split('%', 1)[0]?.split('::') ?? [];
  const left = head.split(':').filter((group) => group !== '');
  const right = (tail ?? '').split(':').filter((group) => group !== '');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
