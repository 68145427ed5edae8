import * as z from 'zod';

import { named } from '../customers.server';
import { nothing, readOperation } from '../operation.server';
import { isoOrNull, plain, plainOrNull } from '../plain';
import { answer, problem } from '../reply.server';
import { paymentAnswer } from '../answer-schemas.server';
import { idOf } from '../request-schemas.server';

/** Far above what goes back of one payment. */
const MOST_BACKS = 100;

export const readPaymentOperation = readOperation({
  id: 'readPayment',
  path: '/payments/{id}',
  summary: 'A payment as it stands',
  description: 'What was sold to whom, what was paid, and what has gone back.',
  scope: 'payments:read',
  params: z.strictObject({ id: idOf('pay', 'a payment') }),
  query: nothing,
  answer: paymentAnswer,
  refusals: ['not_found'],
  run: async ({ db, client: { book }, params: { id } }) => {
    const payment = await db.payment.findFirst({
      where: { id, realm: { mode: book } },
      select: {
        kind: true,
        state: true,
        credits: true,
        currency: true,
        amountSubtotal: true,
        amountDiscount: true,
        amountTax: true,
        amountPaid: true,
        createdAt: true,
        paidAt: true,
        customer: { select: { id: true, externalId: true } },
        moneyBacks: { take: MOST_BACKS, select: { kind: true, level: true, taken: true } },
      },
    });
    if (payment === null) return problem('not_found', `This book has no payment ${id}.`);
    const { customer, moneyBacks } = payment;
    const refunded = moneyBacks.filter(({ kind, level }) => kind === 'refund' && level === 'gone');
    const disputed = moneyBacks.filter(({ kind, level }) => kind === 'dispute' && level !== 'none');
    return answer({
      object: 'payment' as const,
      id,
      book,
      ...named({ customerId: customer.id, externalId: customer.externalId }),
      kind: payment.kind,
      state: payment.state,
      credits: plain(payment.credits),
      currency: payment.currency,
      amount_subtotal: plain(payment.amountSubtotal),
      amount_discount: plainOrNull(payment.amountDiscount),
      amount_tax: plainOrNull(payment.amountTax),
      amount_paid: plainOrNull(payment.amountPaid),
      amount_refunded: sumOf(refunded),
      amount_disputed: sumOf(disputed),
      created_at: payment.createdAt.toISOString(),
      paid_at: isoOrNull(payment.paidAt),
    });
  },
});

const sumOf = (backs: readonly { taken: bigint }[]) =>
  plain(backs.reduce((sum, { taken }) => sum + taken, 0n));
