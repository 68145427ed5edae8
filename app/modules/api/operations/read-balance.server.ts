import * as z from 'zod';

import { readBalance } from '~/modules/ledger/index.server';

import { findCustomer, named } from '../customers.server';
import { balanceBody } from '../balance-body.server';
import { nothing, readOperation } from '../operation.server';
import { answer } from '../reply.server';
import { balanceAnswer } from '../answer-schemas.server';
import { customerRef, instant } from '../request-schemas.server';

export const readBalanceOperation = readOperation({
  id: 'readBalance',
  path: '/balance',
  summary: 'What a customer can spend',
  description:
    'This instant, or as it was answered at an earlier one. At a later one: what today’s credits and holds will leave.',
  scope: 'balance:read',
  params: nothing,
  query: z.strictObject({
    customer: customerRef,
    at: instant
      .optional()
      .meta({ description: 'An instant; now when left out.', example: '2026-11-21T18:00:00Z' }),
  }),
  answer: balanceAnswer,
  refusals: ['not_found'],
  run: async ({ db, client: { book }, query, now }) => {
    const customer = await findCustomer(db, query.customer);
    if (customer.outcome === 'problem') return customer;
    const { at } = query;
    const balance = await readBalance(db, { book, customerId: customer.customerId, ...(at && { at }) });
    return answer(balanceBody(balance, { book, ...named(customer), as_of: (at ?? now).toISOString() }));
  },
});
