import { type Db } from '~/platform/db.server';

import { isId } from './filters.server';
import { readTimeline } from './payment-timeline.server';
import { REALM_REF } from './realms.server';
import { type PaymentView } from './shared';

async function findPayment(db: Db, id: string) {
  return db.payment.findUnique({
    where: { id },
    select: {
      id: true,
      state: true,
      kind: true,
      currency: true,
      amountSubtotal: true,
      amountDiscount: true,
      amountTax: true,
      amountPaid: true,
      credits: true,
      quantity: true,
      card: true,
      reviewReason: true,
      secondOfId: true,
      receiptUrl: true,
      invoiceUrl: true,
      stripeSession: true,
      stripeIntent: true,
      stripeCharge: true,
      stripeInvoice: true,
      moneyObject: true,
      createdAt: true,
      expiresAt: true,
      paidAt: true,
      realmId: true,
      customerId: true,
      realm: { select: REALM_REF },
      moneyBacks: {
        orderBy: { createdAt: 'asc' },
        take: 50,
        select: {
          id: true,
          kind: true,
          stripeId: true,
          status: true,
          level: true,
          amount: true,
          currency: true,
          createdAt: true,
        },
      },
      customer: { select: { id: true, email: true, name: true } },
      version: { select: { name: true, n: true } },
      offline: { select: { channel: true, reference: true, approvalId: true } },
    },
  });
}

/** A payment's facts and its whole story; undefined when there is no such payment. */
export async function readPayment(db: Db, id: string): Promise<PaymentView | undefined> {
  if (!isId(id)) return undefined;
  const found = await findPayment(db, id);
  if (found === null) return undefined;
  const { realmId, customerId, version, ...payment } = found;
  const objects = [
    payment.stripeSession,
    payment.stripeIntent,
    payment.stripeCharge,
    payment.stripeInvoice,
    payment.moneyObject,
    ...payment.moneyBacks.map(({ stripeId }) => stripeId),
  ];
  const [stripeCustomer, lots, timeline] = await Promise.all([
    db.stripeCustomer.findUnique({
      where: { customerId_realmId: { customerId, realmId } },
      select: { stripeId: true },
    }),
    db.lot.findMany({ where: { paymentId: id }, take: 50, select: { id: true, walletId: true } }),
    readTimeline(db, {
      paymentId: id,
      realmId,
      objectIds: [...new Set(objects.filter((object) => object !== null))],
      moneyBackIds: payment.moneyBacks.map((back) => back.id),
      approvalIds: payment.offline === null ? [] : [payment.offline.approvalId],
    }),
  ]);
  return {
    ...payment,
    pack: version?.name ?? null,
    packVersion: version?.n ?? null,
    stripeCustomer: stripeCustomer?.stripeId ?? null,
    walletId: lots[0]?.walletId ?? null,
    lotIds: lots.map((lot) => lot.id),
    timeline: timeline.entries,
    isTimelineCut: timeline.isCut,
  };
}
