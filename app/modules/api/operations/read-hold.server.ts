import * as z from 'zod';

import { readHold } from '~/modules/ledger/index.server';

import { findCustomer, named } from '../customers.server';
import { nothing, readOperation } from '../operation.server';
import { plain } from '../plain';
import { answer, problem } from '../reply.server';
import { holdAnswer } from '../answer-schemas.server';
import { idOf } from '../request-schemas.server';

export const readHoldOperation = readOperation({
  id: 'readHold',
  path: '/holds/{id}',
  summary: 'A hold as it stands',
  description: 'Past its time it is expired, that very instant.',
  scope: 'holds:write',
  params: z.strictObject({ id: idOf('hld', 'a hold') }),
  query: nothing,
  answer: holdAnswer,
  refusals: ['not_found'],
  run: async ({ db, client: { book }, params: { id } }) => {
    const hold = await readHold(db, { book, holdId: id });
    if (hold === undefined) return problem('not_found', `This book has no hold ${id}.`);
    const customer = await findCustomer(db, hold.customerId);
    if (customer.outcome === 'problem') return customer;
    return answer({
      object: 'hold' as const,
      id,
      book,
      ...named(customer),
      state: hold.state,
      amount: plain(hold.amount),
      captured: plain(hold.captured),
      expires_at: hold.expiresAt.toISOString(),
      created_at: hold.createdAt.toISOString(),
    });
  },
});
