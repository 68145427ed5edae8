import { type Db } from '~/platform/db.server';

import {
  type CustomerPaymentDetail,
  type CustomerPaymentPage,
  type CustomerPaymentView,
  type PaymentBackState,
  type PaymentBackView,
  type PaymentDocument,
} from './shared';

/** A payment only rises: it has at most one change per rank. */
const MAX_CHANGES = 20;
/** Far above what goes back of one payment, and above how often one of them moves. */
const MAX_BACKS = 50;
const MAX_BACK_CHANGES = 20;

const view = {
  id: true,
  kind: true,
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
  moneyBacks: {
    orderBy: { createdAt: 'asc' },
    take: MAX_BACKS,
    select: { id: true, kind: true, status: true, level: true, amount: true, taken: true, updatedAt: true },
  },
} as const;

/** A customer's payment in one book: former realms of it sold some of them. */
interface PaymentKey {
  book: 'test' | 'live';
  customerId: string;
  paymentId: string;
}

const whereOf = ({ paymentId, book, customerId }: PaymentKey) => ({
  id: paymentId,
  realm: { mode: book },
  customerId,
});

/** What is between Stripe and us, and has no sentence for the cardholder. */
const OF_NO_BANK = new Set(['refused', 'resource_missing', 'canceled']);

/** One payment of this customer; undefined for anybody else's, exactly as for one that does not exist. */
export async function readCustomerPayment(
  db: Db,
  key: PaymentKey,
): Promise<CustomerPaymentDetail | undefined> {
  const row = await db.payment.findFirst({
    where: whereOf(key),
    select: {
      ...view,
      failureCode: true,
      failure: true,
      changes: { orderBy: { n: 'asc' }, take: MAX_CHANGES, select: { to: true, at: true } },
      moneyBacks: {
        ...view.moneyBacks,
        select: {
          ...view.moneyBacks.select,
          changes: {
            orderBy: { n: 'asc' },
            take: MAX_BACK_CHANGES,
            select: { n: true, to: true, level: true, taken: true, at: true },
          },
        },
      },
    },
  });
  if (row === null) return undefined;
  const { changes, failureCode, failure, ...payment } = row;
  const backChanges = payment.moneyBacks.flatMap(stepsOf);
  backChanges.sort((a, b) => a.at.getTime() - b.at.getTime());
  const isOfBank = failureCode !== null && !OF_NO_BANK.has(failureCode);
  return { ...toView(payment), changes, backChanges, failure: isOfBank ? failure : null };
}

type BackChange = Pick<BackRow, 'level' | 'taken'> & { n: number; to: string; at: Date };

/** Where a customer would say that something has changed. */
function stepsOf({ changes, ...back }: BackRow & { changes: readonly BackChange[] }): PaymentBackView[] {
  const seen = changes.flatMap(({ n, to: status, at: updatedAt, level, taken }) =>
    toBack({ ...back, id: `${back.id}.${n}`, status, level, taken, updatedAt }),
  );
  return seen.filter(({ state, amount }, n) => {
    const before = seen[n - 1];
    return before === undefined || before.state !== state || before.amount !== amount;
  });
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

/** The customer's payments in this book, whichever of its realms sold them, newest first; pages stay whole while payments are added. */
export async function listCustomerPayments(
  db: Db,
  input: { book: 'test' | 'live'; customerId: string; place: PaymentPlace; take: number },
): Promise<CustomerPaymentPage> {
  const { place, take } = input;
  const goesUp = place.from === 'newer';
  // The cursor row's own time is compared inside the database: a Date would drop its microseconds.
  const rows = await db.payment.findMany({
    where: { realm: { mode: input.book }, customerId: input.customerId },
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

interface BackRow {
  id: string;
  kind: 'refund' | 'dispute';
  status: string;
  level: 'none' | 'pending' | 'gone';
  amount: bigint;
  taken: bigint;
  updatedAt: Date;
}

interface PaymentRow extends Omit<
  CustomerPaymentView,
  'packName' | 'hasReceipt' | 'hasInvoice' | 'hadPage' | 'backs' | 'isTopUp'
> {
  kind: 'pack' | 'plan' | 'topup' | 'offline';
  receiptUrl: string | null;
  invoiceUrl: string | null;
  stripeSession: string | null;
  version: { name: string } | null;
  moneyBacks: BackRow[];
}

function toView({
  kind,
  version,
  receiptUrl,
  invoiceUrl,
  stripeSession,
  moneyBacks,
  ...row
}: PaymentRow): CustomerPaymentView {
  const canStillBePaid = row.state === 'open';
  return {
    ...row,
    isTopUp: kind === 'topup',
    sessionUrl: canStillBePaid ? row.sessionUrl : null,
    packName: version?.name ?? 'Credits',
    hasReceipt: receiptUrl !== null,
    hasInvoice: invoiceUrl !== null,
    hadPage: stripeSession !== null,
    backs: moneyBacks.flatMap(toBack),
  };
}

function toBack(row: BackRow): PaymentBackView[] {
  const state = row.kind === 'refund' ? refundState(row) : disputeState(row);
  const amount = row.level === 'none' ? row.amount : row.taken;
  return state === undefined ? [] : [{ id: row.id, state, amount, at: row.updatedAt }];
}

const REFUND_STATE = { pending: 'refund_coming', gone: 'refunded' } as const;

/** What staff only thought of is no matter of the customer's. */
function refundState({ level, status }: BackRow): PaymentBackState | undefined {
  if (level !== 'none') return REFUND_STATE[level];
  return status === 'failed' || status === 'canceled' ? 'refund_failed' : undefined;
}

/** A bank that only asks takes nothing: nobody needs to know. */
function disputeState({ level, status }: BackRow): PaymentBackState | undefined {
  if (level !== 'none') return status === 'lost' ? 'charged_back' : 'disputed';
  return status === 'won' ? 'dispute_over' : undefined;
}

/** What this customer paid in last in this book; undefined before the first, and for nobody. */
export async function readLastCurrency(
  db: Db,
  { book, customerId }: { book: 'test' | 'live'; customerId: string | undefined },
): Promise<string | undefined> {
  if (customerId === undefined) return undefined;
  const latest = await db.payment.findFirst({
    where: { realm: { mode: book }, customerId, state: 'paid' },
    orderBy: { createdAt: 'desc' },
    select: { currency: true },
  });
  return latest?.currency;
}
