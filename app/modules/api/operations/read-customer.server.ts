import * as z from 'zod';

import { listSpendableLots, readBalance } from '~/modules/ledger/index.server';
import { inSnapshot } from '~/platform/db.server';

import { balanceBody } from '../balance-body.server';
import { findCustomer, named } from '../customers.server';
import { nothing, readOperation } from '../operation.server';
import { isoOrNull, plain } from '../plain';
import { answer } from '../reply.server';
import { customerAnswer } from '../answer-schemas.server';
import { customerRef } from '../request-schemas.server';

const MOST_LOTS = 100;

export const readCustomerOperation = readOperation({
  id: 'readCustomer',
  path: '/customers/{id}',
  summary: 'A customer with what they can spend',
  description: 'Who they are, their balance in the book of your key, and the credits that it is made of.',
  scope: 'customers:read',
  params: z.strictObject({ id: customerRef }),
  query: nothing,
  answer: customerAnswer,
  refusals: ['not_found'],
  run: async ({ db, client: { book }, params, now }) => {
    const customer = await findCustomer(db, params.id);
    if (customer.outcome === 'problem') return customer;
    const of = { book, customerId: customer.customerId };
    const { person, balance, lots } = await inSnapshot(db, 'read customer', async (tx) => ({
      person: await tx.customer.findUniqueOrThrow({
        where: { id: of.customerId },
        select: { id: true, email: true, name: true, createdAt: true },
      }),
      balance: await readBalance(tx, of),
      lots: await listSpendableLots(tx, { ...of, take: MOST_LOTS }),
    }));
    return answer({
      object: 'customer' as const,
      id: person.id,
      external_id: customer.externalId,
      email: person.email,
      name: person.name,
      created_at: person.createdAt.toISOString(),
      balance: balanceBody(balance, { book, ...named(customer), as_of: now.toISOString() }),
      lots: lots.map((lot) => ({
        id: lot.id,
        kind: lot.kind,
        granted: plain(lot.granted),
        left: plain(lot.left),
        expires_at: isoOrNull(lot.expiresAt),
        payment: lot.paymentId,
      })),
    });
  },
});
