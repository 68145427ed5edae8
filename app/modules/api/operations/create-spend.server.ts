import * as z from 'zod';

import { spend } from '~/modules/ledger/index.server';
import { assertNever } from '~/platform/assert-never';

import { actBody } from '../balance-body.server';
import { findCustomer } from '../customers.server';
import { nothing, writeOperation } from '../operation.server';
import { frozen, insufficient, keyReused } from '../refusals.server';
import { answer } from '../reply.server';
import { spendAnswer } from '../answer-schemas.server';
import { credits, customerRef, reason } from '../request-schemas.server';

export const createSpendOperation = writeOperation({
  id: 'createSpend',
  path: '/spends',
  summary: 'Spend credits',
  description:
    'All or nothing, in the order in which credits burn. For work of unknown size, hold credits first.',
  scope: 'spends:write',
  params: nothing,
  body: z
    .strictObject({ customer: customerRef, amount: credits, reason: reason.optional() })
    .meta({ id: 'NewSpend' }),
  answer: spendAnswer,
  refusals: ['insufficient_credits', 'wallet_frozen', 'not_found'],
  run: async ({ db, client: { book }, body, act: { key, actor } }) => {
    const customer = await findCustomer(db, body.customer);
    if (customer.outcome === 'problem') return customer;
    const amount = BigInt(body.amount);
    const done = await spend(db, {
      ...{ book, customerId: customer.customerId, key, actor, amount },
      ...(body.reason !== undefined && { reason: body.reason }),
    });
    switch (done.outcome) {
      case 'spent':
      case 'replayed':
        return answer(
          { object: 'spend' as const, ...actBody(done, book, customer) },
          done.outcome === 'replayed',
        );
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
