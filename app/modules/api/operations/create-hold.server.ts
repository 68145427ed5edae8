import * as z from 'zod';

import { hold } from '~/modules/ledger/index.server';
import { assertNever } from '~/platform/assert-never';
import { days, seconds } from '~/platform/time';

import { actBody } from '../balance-body.server';
import { findCustomer } from '../customers.server';
import { nothing, writeOperation } from '../operation.server';
import { frozen, insufficient, keyReused } from '../refusals.server';
import { answer } from '../reply.server';
import { newHoldAnswer } from '../answer-schemas.server';
import { credits, customerRef, reason } from '../request-schemas.server';

const LONGEST = days(7) / seconds(1);

export const createHoldOperation = writeOperation({
  id: 'createHold',
  path: '/holds',
  summary: 'Set credits aside',
  description:
    'All or nothing, until they are captured or released or the time is over. While they are held they do not expire.',
  scope: 'holds:write',
  params: nothing,
  body: z
    .strictObject({
      customer: customerRef,
      amount: credits,
      expires_in: z
        .int('A whole number of seconds.')
        .min(1, 'At least one second.')
        .max(LONGEST, 'At most seven days.')
        .optional()
        .meta({
          description: 'Seconds; an hour when left out, at most seven days. A hold cannot be renewed.',
          example: 900,
        }),
      reason: reason.optional(),
    })
    .meta({ id: 'NewHoldOrder' }),
  answer: newHoldAnswer,
  refusals: ['insufficient_credits', 'wallet_frozen', 'not_found'],
  run: async ({ db, client: { book }, body, act: { key, actor } }) => {
    const customer = await findCustomer(db, body.customer);
    if (customer.outcome === 'problem') return customer;
    const amount = BigInt(body.amount);
    const done = await hold(db, {
      ...{ book, customerId: customer.customerId, key, actor, amount },
      ...(body.expires_in !== undefined && { expiresIn: seconds(body.expires_in) }),
      ...(body.reason !== undefined && { reason: body.reason }),
    });
    switch (done.outcome) {
      case 'held':
      case 'replayed': {
        const { holdId: id, expiresAt } = done;
        const made = {
          ...actBody(done, book, customer),
          id,
          captured: 0 as const,
          expires_at: expiresAt.toISOString(),
        };
        return answer({ object: 'hold' as const, ...made, state: 'active' }, done.outcome === 'replayed');
      }
      case 'insufficient':
        return insufficient(done.available, amount);
      case 'frozen':
        return frozen();
      case 'key_reused':
        return keyReused();
      default:
        return assertNever(done);
    }
  },
});
