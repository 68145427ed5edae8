import { type Db } from '~/platform/db.server';

import { type CustomerPaymentView } from './shared';

const view = {
  id: true,
  state: true,
  credits: true,
  amountSubtotal: true,
  amountPaid: true,
  currency: true,
  card: true,
  receiptUrl: true,
  invoiceUrl: true,
  sessionUrl: true,
  createdAt: true,
  paidAt: true,
  version: { select: { name: true } },
  changes: { orderBy: { n: 'desc' }, take: 1, select: { reason: true } },
} as const;

/** One payment of this customer; undefined for anybody else's, exactly as for one that does not exist. */
export async function readCustomerPayment(
  db: Db,
  input: { realmId: string; customerId: string; paymentId: string },
): Promise<CustomerPaymentView | undefined> {
  const row = await db.payment.findFirst({
    where: { id: input.paymentId, realmId: input.realmId, customerId: input.customerId },
    select: view,
  });
  return row === null ? undefined : toView(row);
}

/** The customer's latest payments in this realm, newest first. */
export async function listCustomerPayments(
  db: Db,
  input: { realmId: string; customerId: string; take: number },
): Promise<CustomerPaymentView[]> {
  const rows = await db.payment.findMany({
    where: { realmId: input.realmId, customerId: input.customerId },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: input.take,
    select: view,
  });
  return rows.map(toView);
}

interface PaymentRow extends Omit<CustomerPaymentView, 'packName' | 'reason'> {
  version: { name: string } | null;
  changes: { reason: string }[];
}

function toView({ version, changes, ...row }: PaymentRow): CustomerPaymentView {
  const canStillBePaid = row.state === 'open';
  return {
    ...row,
    sessionUrl: canStillBePaid ? row.sessionUrl : null,
    packName: version?.name ?? 'Credits',
    reason: changes[0]?.reason ?? '',
  };
}
