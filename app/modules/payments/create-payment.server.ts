import { type Tx } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

import { type Prisma } from '../../../prisma/generated/client';

/** A new payment row with the first line of its history. An id that stands already breaks `payment_pkey`. */
export async function createPayment(
  tx: Tx,
  data: Omit<Prisma.PaymentUncheckedCreateInput, 'id'> & { id?: string | undefined },
  why: { reason: string; cause: string },
): Promise<string> {
  const { id, state } = await tx.payment.create({
    data: { ...data, id: data.id ?? newId('pay') },
    select: { id: true, state: true },
  });
  await tx.paymentChange.create({ data: { paymentId: id, n: 1, to: state, ...why }, select: { n: true } });
  return id;
}
