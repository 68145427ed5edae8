import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

import { minutes, seconds } from '~/platform/time';

export interface RateVerdict {
  isOver: boolean;
  /** As the header fields of the same names say it. */
  headers: Readonly<Record<string, string>>;
}

const WINDOW = minutes(1) / seconds(1);

const limiters = new Map<number, RateLimiterMemory>();

/** Counts one request of a client against what it may ask of this process in a minute. */
export async function limitRate(clientId: string, perMinute: number): Promise<RateVerdict> {
  const limiter = limiters.get(perMinute) ?? new RateLimiterMemory({ points: perMinute, duration: WINDOW });
  limiters.set(perMinute, limiter);
  try {
    const counted = await limiter.consume(clientId);
    return { isOver: false, headers: headersOf(perMinute, counted) };
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    const headers = headersOf(perMinute, refused);
    return { isOver: true, headers: { ...headers, 'Retry-After': headers['RateLimit-Reset'] } };
  }
}

const headersOf = (perMinute: number, { remainingPoints, msBeforeNext }: RateLimiterRes) => ({
  'RateLimit-Limit': String(perMinute),
  'RateLimit-Remaining': String(Math.max(0, remainingPoints)),
  'RateLimit-Reset': String(Math.max(1, Math.ceil(msBeforeNext / seconds(1)))),
});
