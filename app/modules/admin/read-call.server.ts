import { type Db } from '~/platform/db.server';

import { isId } from './filters.server';
import { REALM_REF } from './realms.server';
import { type CallView } from './shared';

/** One write to Stripe with what was sent; undefined when there is none with this id. */
export async function readCall(db: Db, id: string): Promise<CallView | undefined> {
  if (!isId(id)) return undefined;
  const found = await db.stripeCall.findUnique({
    where: { id },
    select: {
      id: true,
      realmId: true,
      kind: true,
      purpose: true,
      attempt: true,
      key: true,
      body: true,
      state: true,
      sends: true,
      objectId: true,
      httpStatus: true,
      requestId: true,
      errorCode: true,
      errorMessage: true,
      firstSentAt: true,
      lastSentAt: true,
      dueAt: true,
      absentAt: true,
      endedAt: true,
      createdAt: true,
    },
  });
  if (found === null) return undefined;
  const { realmId, key, body, dueAt, ...call } = found;
  const [realm, payment, customer] = await Promise.all([
    db.realm.findUniqueOrThrow({
      where: { id: realmId },
      select: REALM_REF,
    }),
    db.payment.findUnique({ where: { id: call.purpose }, select: { id: true, customerId: true } }),
    db.customer.findUnique({ where: { id: call.purpose }, select: { id: true } }),
  ]);
  return {
    ...call,
    realm,
    idempotencyKey: key,
    body: JSON.stringify(body),
    dueAt: call.state === 'open' ? dueAt : null,
    paymentId: payment?.id ?? null,
    customerId: customer?.id ?? payment?.customerId ?? null,
  };
}
