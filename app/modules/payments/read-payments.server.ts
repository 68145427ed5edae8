import { type Db } from '~/platform/db.server';

import {
  type CustomerPaymentDetail,
  type CustomerPaymentPage,
  type CustomerPaymentView,
  type PaymentDocument,
} from './shared';

/** A payment only rises: it has at most one change per rank. */
const MAX_CHANGES = 20;

const view = {
  id: true,
  state: true,
  credits: true,
  amountSubtotal: true,
  amountDiscount: true,
  amountTax: true,
  amountPaid: true,
  currency: true,
  card: true,
  receiptUrl: true,
  invoiceUrl: true,
  stripeSession: true,
  sessionUrl: true,
  secondOfId: true,
  createdAt: true,
  expiresAt: true,
  paidAt: true,
  version: { select: { name: true } },
} as const;

interface PaymentKey {
  realmId: string;
  customerId: string;
  paymentId: string;
}

const whereOf = ({ paymentId, realmId, customerId }: PaymentKey) => ({ id: paymentId, realmId, customerId });

/** One payment of this customer; undefined for anybody else's, exactly as for one that does not exist. */
export async function readCustomerPayment(
  db: Db,
  key: PaymentKey,
): Promise<CustomerPaymentDetail | undefined> {
  const row = await db.payment.findFirst({
    where: whereOf(key),
    select: {
      ...view,
      changes: { orderBy: { n: 'asc' }, take: MAX_CHANGES, select: { to: true, at: true } },
    },
  });
  if (row === null) return undefined;
  const { changes, ...payment } = row;
  return { ...toView(payment), changes };
}

/** Whether a session id, which came in an address, names the payment's own session. */
export async function isSessionOf(db: Db, key: PaymentKey, sessionId: string): Promise<boolean> {
  const count = await db.payment.count({ where: { ...whereOf(key), stripeSession: sessionId } });
  return count > 0;
}

/** Where Stripe keeps the receipt or the invoice; undefined while there is none, and for anybody else's payment. */
export async function findDocument(
  db: Db,
  key: PaymentKey,
  document: PaymentDocument,
): Promise<string | undefined> {
  const row = await db.payment.findFirst({
    where: whereOf(key),
    select: { receiptUrl: true, invoiceUrl: true },
  });
  const url = document === 'receipt' ? row?.receiptUrl : row?.invoiceUrl;
  return url ?? undefined;
}

/** Where a page of payments lies: from the newest, or beside a payment already shown. */
export type PaymentPlace = { from: 'newest' } | { from: 'older' | 'newer'; id: string };

/** The customer's payments in this realm, newest first; pages stay whole while payments are added. */
export async function listCustomerPayments(
  db: Db,
  input: { realmId: string; customerId: string; place: PaymentPlace; take: number },
): Promise<CustomerPaymentPage> {
  const { place, take } = input;
  const goesUp = place.from === 'newer';
  // The cursor row's own time is compared inside the database: a Date would drop its microseconds.
  const rows = await db.payment.findMany({
    where: { realmId: input.realmId, customerId: input.customerId },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    ...(place.from === 'newest' ? {} : { cursor: { id: place.id }, skip: 1 }),
    take: goesUp ? -(take + 1) : take + 1,
    select: view,
  });
  const hasMore = rows.length > take;
  const page = goesUp ? rows.slice(-take) : rows.slice(0, take);
  return {
    payments: page.map(toView),
    older: goesUp || hasMore ? page.at(-1)?.id : undefined,
    newer: place.from === 'older' || (goesUp && hasMore) ? page.at(0)?.id : undefined,
  };
}

interface PaymentRow extends Omit<CustomerPaymentView, 'packName' | 'hasReceipt' | 'hasInvoice' | 'hadPage'> {
  receiptUrl: string | null;
  invoiceUrl: string | null;
  stripeSession: string | null;
  version: { name: string } | null;
}

function toView({ version, receiptUrl, invoiceUrl, stripeSession, ...row }: PaymentRow): CustomerPaymentView {
  const canStillBePaid = row.state === 'open';
  return {
    ...row,
    sessionUrl: canStillBePaid ? row.sessionUrl : null,
    packName: version?.name ?? 'Credits',
    hasReceipt: receiptUrl !== null,
    hasInvoice: invoiceUrl !== null,
    hadPage: stripeSession !== null,
  };
}
