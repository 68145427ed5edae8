import type Stripe from 'stripe';

import { type Db } from '../../../../app/platform/db.server';
import { days, fromUnix } from '../../../../app/platform/time';
import { type PlanShop } from '../plan-shop';
import { type RecordedLife } from './recorded-life';
import { type MustTopUps, readTopUps, topUpsAfter } from './reckoning-of-top-ups';

/**
 * What must stand here at the end of a life, told from the sandbox's objects alone. Nothing of the app is asked but which
 * price is which item; every rule of money is said anew.
 */
export interface MustEnd {
  payments: MustPayment[];
  subscriptions: { stripeId: string; status: string; isEnding: boolean }[];
  orders: { id: string; state: 'linked' }[];
  topUps: MustTopUps;
}

export interface MustPayment {
  session: string | null;
  invoice: string | null;
  intent: string | null;
  /** Our row, where Stripe's object alone names it. */
  row: string | null;
  state: 'open' | 'processing' | 'expired' | 'failed' | 'paid';
  /** Sold, and what is left to it once all money-back is counted: gone, and gone or perhaps. */
  credits: bigint;
  gone: bigint;
  all: bigint;
  /** The part of what has gone that disputes took. */
  byDispute: bigint;
  paid: bigint | null;
  /** Until when credits of a plan live. */
  expiresAt: Date | null;
  backs: MustBack[];
}

export interface MustBack {
  stripeId: string;
  kind: 'refund' | 'dispute';
  status: string;
  level: 'none' | 'pending' | 'gone';
  amount: bigint;
  taken: bigint;
  /** Our row, when our staff asked for it. */
  row: string | null;
}

/** Credits that the items of the test's shop sell, and for how many further periods a plan's live. */
const WORTH: Record<string, { credits: bigint; months: number }> = {
  starter: { credits: 500n, months: 0 },
  team: { credits: 2_500n, months: 0 },
  basic: { credits: 1_000n, months: 0 },
  plus: { credits: 3_000n, months: 1 },
  tried: { credits: 1_000n, months: 0 },
};
const TRIAL_CREDITS = 100n;
const GRACE_DAYS = 3;
const MANY = { limit: 100 };
const NONE = { data: [] };

export async function openReckoning(
  db: Db,
  shop: PlanShop,
): Promise<(life: RecordedLife) => Promise<MustEnd>> {
  const { stripe } = shop;
  const prices = await db.stripePrice.findMany({
    where: { realmId: shop.realm.id },
    select: {
      stripeId: true,
      price: { select: { version: { select: { item: { select: { code: true } } } } } },
    },
  });
  const codeOf = new Map(prices.map(({ stripeId, price }) => [stripeId, price.version.item.code]));
  const worthOf = (price: string) => {
    const worth = WORTH[codeOf.get(price) ?? ''];
    if (!worth) throw new Error(`${price} is not of this shop.`);
    return worth;
  };

  const backsOf = async (intent: string): Promise<MustBack[]> => {
    const refunds = await stripe.refunds.list({ payment_intent: intent, ...MANY });
    const disputes = await stripe.disputes.list({ payment_intent: intent, ...MANY });
    return [...refunds.data.map(refundOf), ...disputes.data.map(disputeOf)];
  };

  const soldByPage = async (paymentId: string): Promise<MustPayment> => {
    const session = await stripe.checkout.sessions.retrieve(await shop.sessionOf(paymentId), {
      expand: ['payment_intent', 'line_items'],
    });
    const intent = typeof session.payment_intent === 'string' ? null : session.payment_intent;
    const isPaid = session.status === 'complete' && session.payment_status !== 'unpaid';
    const sold = session.line_items?.data.map(({ price }) => worthOf(price?.id ?? '').credits) ?? [];
    const backs = intent === null ? [] : await backsOf(intent.id);
    return {
      ...{
        session: session.id,
        invoice: null,
        row: null,
        intent: intent?.id ?? null,
        expiresAt: null,
        backs,
      },
      ...{ state: stateOf(session, intent), paid: isPaid ? BigInt(session.amount_total ?? 0) : null },
      ...entitled({ credits: sum(sold), paid: isPaid ? BigInt(session.amount_total ?? 0) : 0n, backs }),
    };
  };

  const soldByInvoice = async (invoice: Stripe.Invoice): Promise<MustPayment> => {
    const [line] = invoice.lines.data;
    const price = line?.pricing?.price_details?.price;
    if (line === undefined || typeof price !== 'string') throw new Error(`${invoice.id} sold no plan.`);
    const { credits, months } = worthOf(price);
    const [by] = invoice.payments?.data ?? [];
    const intent = typeof by?.payment.payment_intent === 'string' ? by.payment.payment_intent : null;
    const backs = intent === null ? [] : await backsOf(intent);
    const paid = BigInt(invoice.amount_paid);
    return {
      ...{ session: null, invoice: invoice.id ?? '', row: null, intent, state: 'paid', paid, backs },
      expiresAt: new Date(monthsLater(fromUnix(line.period.end), months).getTime() + days(GRACE_DAYS)),
      ...entitled({ credits: paid === 0n ? TRIAL_CREDITS : credits, paid, backs }),
    };
  };

  /** Charged without a page: by our metadata a sale, and what it brings by the pack that it names. */
  const soldByCard = async (intent: Stripe.PaymentIntent): Promise<MustPayment> => {
    const { credence_payment: row = '', credence_pack: pack = '' } = intent.metadata;
    const isPaid = intent.status === 'succeeded';
    const paid = BigInt(intent.amount_received);
    const backs = await backsOf(intent.id);
    return {
      ...{ session: null, invoice: null, row, intent: intent.id, expiresAt: null, backs },
      ...{ state: isPaid ? ('paid' as const) : ('failed' as const), paid: isPaid ? paid : null },
      ...entitled({ credits: WORTH[pack]?.credits ?? 0n, paid, backs }),
    };
  };

  return async (life) => {
    const { stripeCustomer: customer } = life.customer;
    const seen = await readTopUps(stripe, life);
    const [packs, invoices, subscriptions] = await Promise.all([
      Promise.all(life.sales.map(soldByPage)),
      life.orders.length === 0
        ? NONE
        : stripe.invoices.list({ customer, status: 'paid', expand: ['data.payments'], ...MANY }),
      life.orders.length === 0 ? NONE : stripe.subscriptions.list({ customer, status: 'all', ...MANY }),
    ]);
    const ofPlans = invoices.data.filter(({ parent }) => parent?.subscription_details);
    const topUps = await Promise.all(seen.intents.map(soldByCard));
    const payments = [...packs, ...(await Promise.all(ofPlans.map(soldByInvoice))), ...topUps];
    return {
      ...{ payments, topUps: topUpsAfter(life, seen, payments) },
      subscriptions: subscriptions.data.map((one) => ({
        ...{ stripeId: one.id, status: one.status },
        isEnding: one.cancel_at !== null || one.ended_at !== null,
      })),
      orders: life.orders.map((id) => ({ id, state: 'linked' })),
    };
  };
}

function stateOf(
  session: Stripe.Checkout.Session,
  intent: Stripe.PaymentIntent | null,
): MustPayment['state'] {
  if (session.status === 'open') return 'open';
  if (session.status === 'expired') return 'expired';
  if (session.payment_status !== 'unpaid') return 'paid';
  return intent?.status === 'processing' ? 'processing' : 'failed';
}

function refundOf(refund: Stripe.Refund): MustBack {
  const status = refund.status === 'requires_action' ? 'pending' : (refund.status ?? 'pending');
  const level = status === 'succeeded' ? 'gone' : status === 'pending' ? 'pending' : 'none';
  const amount = BigInt(refund.amount);
  const row = refund.metadata?.['credence_id'] ?? null;
  return {
    stripeId: refund.id,
    kind: 'refund',
    status,
    level,
    amount,
    taken: level === 'none' ? 0n : amount,
    row,
  };
}

function disputeOf({ id, status, amount: disputed, balance_transactions: moves }: Stripe.Dispute): MustBack {
  const amount = BigInt(disputed);
  const withdrawn = -sum(moves.map((move) => BigInt(move.amount)));
  const isHarmless = status === 'won' || status === 'prevented' || status.startsWith('warning');
  const level = isHarmless ? 'none' : withdrawn > 0n ? 'gone' : moves.length === 0 ? 'pending' : 'none';
  const taken = { none: 0n, gone: withdrawn, pending: amount }[level];
  return { stripeId: id, kind: 'dispute', status, level, amount, taken, row: null };
}

/** T = ⌊granted × min(paid, gone) ÷ paid⌋, and A the same with what is pending added; of what has gone, refunds come first. */
function entitled({ credits, paid, backs }: { credits: bigint; paid: bigint; backs: readonly MustBack[] }) {
  const share = (money: bigint): bigint =>
    paid === 0n ? 0n : (credits * (money < paid ? money : paid)) / paid;
  const taken = (isMeant: (back: MustBack) => boolean): bigint =>
    sum(backs.filter(isMeant).map((back) => back.taken));
  const gone = share(taken(({ level }) => level === 'gone'));
  const refunded = share(taken(({ level, kind }) => level === 'gone' && kind === 'refund'));
  return { credits, gone, all: share(taken(({ level }) => level !== 'none')), byDispute: gone - refunded };
}

export const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, one) => total + one, 0n);

/** The same day of a later month, or its last. */
function monthsLater(at: Date, months: number): Date {
  const end = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months + 1, 0)).getUTCDate();
  const day = Math.min(at.getUTCDate(), end);
  const later = new Date(at);
  later.setUTCMonth(at.getUTCMonth() + months, day);
  return later;
}
