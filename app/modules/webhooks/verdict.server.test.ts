import Stripe from 'stripe';
import * as z from 'zod';
import { describe, expect, it } from 'vitest';

import { days, minutes, seconds } from '~/platform/time';

import { classifyFault } from './classify-fault.server';
import { verdictOf, verdictOfFault } from './verdict.server';

const now = new Date('2026-11-21T10:00:00Z');
const triedFor = (age: number, tries = 1) => ({ tries, firstTryAt: new Date(now.getTime() - age), now });
const passing = { kind: 'passing', code: 'stripe_unreachable', detail: '503' } as const;
const unknown = { kind: 'unknown', code: 'unknown', detail: '?' } as const;

describe('what a fault makes of its event', () => {
  it('a passing one waits and is never dead before 72 hours, however many tries it took', () => {
    expect(verdictOfFault(passing, { ...triedFor(days(3) - 1, 60), unexplained: 9 })).toMatchObject({
      status: 'waiting',
    });
    expect(verdictOfFault(passing, { ...triedFor(days(3), 61), unexplained: 0 })).toMatchObject({
      status: 'dead',
      code: 'exhausted',
    });
  });

  it('poison is dead at the first try, with its code', () => {
    const poison = { kind: 'poison', code: 'schema', detail: 'x' } as const;
    expect(verdictOfFault(poison, { ...triedFor(0), unexplained: 1 })).toMatchObject({
      status: 'dead',
      code: 'schema',
    });
  });

  it('an unknown one is dead at the fifth unexplained try of ten minutes and waits before', () => {
    const tried = triedFor(minutes(3), 4);
    expect(verdictOfFault(unknown, { ...tried, unexplained: 4 })).toMatchObject({ status: 'waiting' });
    expect(verdictOfFault(unknown, { ...tried, unexplained: 5 })).toMatchObject({ status: 'dead' });
  });
});

describe('what a missing parent makes of its event', () => {
  const waits = { outcome: 'waits', waitsFor: 'pi_1' } as const;

  it('it waits by the schedule, and after ten seconds the parent is read', () => {
    expect(verdictOf(waits, triedFor(0, 1))).toEqual({
      status: 'waiting',
      delay: seconds(2),
      waitsFor: 'pi_1',
    });
    expect(verdictOf(waits, triedFor(seconds(12), 3))).toEqual({
      status: 'waiting',
      delay: seconds(30),
      waitsFor: 'pi_1',
      readParent: { object: 'payment_intent', id: 'pi_1' },
    });
  });

  it('what waits for so long and no longer comes again by then, however many tries it has behind it', () => {
    const delayOf = (forMs: number, tries: number) => {
      const verdict = verdictOf({ ...waits, forMs }, triedFor(seconds(1), tries));
      return verdict.status === 'waiting' ? verdict.delay : undefined;
    };
    expect(delayOf(seconds(10), 1)).toBe(seconds(2));
    expect(delayOf(seconds(8), 2)).toBe(seconds(8));
    expect(delayOf(seconds(10), 6)).toBe(seconds(10));
    expect(delayOf(1, 6)).toBe(1);
  });

  it('after 72 hours a person looks', () => {
    expect(verdictOf(waits, triedFor(days(3), 40))).toMatchObject({
      status: 'quarantined',
      code: 'parent_missing',
    });
  });
});

describe('sorting a fault', () => {
  const stripeError = (statusCode: number) =>
    Stripe.errors.StripeError.generate({ type: 'api_error', message: 'from Stripe', statusCode });
  const pgError = (code: string) => Object.assign(new Error('from Postgres'), { code });

  it.each([
    ['a deadlock', pgError('40P01'), 'passing'],
    ['a lost connection', pgError('ECONNRESET'), 'passing'],
    ['a database that shuts down', pgError('57P01'), 'passing'],
    ['Stripe at work on the same key', stripeError(409), 'passing'],
    ['too many calls of Stripe', stripeError(429), 'passing'],
    ['Stripe in trouble', stripeError(503), 'passing'],
    [
      'no answer of Stripe',
      new Stripe.errors.StripeConnectionError({ message: 'x', type: 'api_error' }),
      'passing',
    ],
    [
      'a key that Stripe refuses',
      new Stripe.errors.StripeAuthenticationError({
        message: 'x',
        type: 'invalid_request_error',
        statusCode: 401,
      }),
      'passing',
    ],
    ['a call that Stripe finds wrong', stripeError(400), 'unknown'],
    ['a CHECK', pgError('23514'), 'poison'],
    ['a state that would fall', pgError('23001'), 'poison'],
    ['a number out of range', pgError('22003'), 'poison'],
    ['a shape that is not as expected', z.string().safeParse(1).error, 'poison'],
    ['a twin row, which a race may have made', pgError('23505'), 'unknown'],
    ['a bug', new TypeError('x is not a function'), 'unknown'],
  ])('%s is sorted right', (_name, error, kind) => {
    expect(classifyFault(error).kind).toBe(kind);
  });
});
