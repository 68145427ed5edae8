import * as z from 'zod';

import { assertNever } from '~/platform/assert-never';

import { actBody } from '../balance-body.server';
import { findCustomer } from '../customers.server';
import { GRANT_KINDS, grantByClient } from '../grant-by-client.server';
import { nothing, writeOperation } from '../operation.server';
import { isoOrNull, plain } from '../plain';
import { keyReused } from '../refusals.server';
import { answer, invalidRequest, problem } from '../reply.server';
import { grantAnswer } from '../answer-schemas.server';
import { credits, customerRef, instant, reason } from '../request-schemas.server';

export const createGrantOperation = writeOperation({
  id: 'createGrant',
  path: '/grants',
  summary: 'Give credits that nobody pays for',
  description:
    'A bonus, a trial or a referral, within the limits of API grants. It repays what the customer owes first. Credits that were paid for come by Stripe and never this way.',
  scope: 'grants:write',
  params: nothing,
  body: z
    .strictObject({
      customer: customerRef,
      amount: credits,
      kind: z.enum(GRANT_KINDS).meta({ description: 'Why they are given.' }),
      reason: reason.optional().meta({
        description: 'Your own words, which the customer reads behind the kind, as in "Bonus: welcome".',
        example: 'welcome',
      }),
      expires_at: instant.optional().meta({
        description:
          'When what is left of them is gone: in the future, within ten years. Never, when left out.',
        example: '2027-01-01T00:00:00Z',
      }),
    })
    .meta({ id: 'NewGrant' }),
  answer: grantAnswer,
  refusals: ['grant_limit_exceeded', 'not_found'],
  run: async ({ db, client: { book, clientId }, body, act: { key }, now }) => {
    const customer = await findCustomer(db, body.customer);
    if (customer.outcome === 'problem') return customer;
    const { kind, expires_at: expiresAt = null } = body;
    const done = await grantByClient(db, {
      ...{ clientId, book, customerId: customer.customerId, key, kind, expiresAt, now },
      amount: BigInt(body.amount),
      ...(body.reason !== undefined && { reason: body.reason }),
    });
    switch (done.outcome) {
      case 'granted':
      case 'replayed': {
        const granted = { ...actBody(done, book, customer), kind, lot: done.lotId };
        return answer(
          { object: 'grant' as const, ...granted, expires_at: isoOrNull(expiresAt) },
          done.outcome === 'replayed',
        );
      }
      case 'above_limit':
        return problem(
          'grant_limit_exceeded',
          `${done.used} of ${done.limit} credits are used, and ${body.amount} are asked for.`,
          { bound: done.bound, limit: plain(done.limit), used: plain(done.used) },
        );
      case 'expiry_out_of_range':
        return invalidRequest([{ at: 'body.expires_at', message: 'It is in the future, within ten years.' }]);
      case 'key_reused':
        return keyReused();
      default:
        return assertNever(done);
    }
  },
});
