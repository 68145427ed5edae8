import { type RealmView } from '~/modules/stripe/shared';
import { eventBody } from '~/modules/stripe/testing/deliveries';
import { type Db, inTransaction } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

import { createPayment } from '../create-payment.server';
import { type SentEvent } from './driven-inbox';
import { type StripeObject } from './stripe-shelf';

/** How a sale goes at Stripe. */
export type LifeEnd =
  'paid' | 'declined_then_paid' | 'paid_late' | 'refused_late' | 'free' | 'expired' | 'abandoned';

export interface LifeInput {
  end: LifeEnd;
  /** What was sold, in cents, and how much of it a promotion and tax change. */
  amount: number;
  quantity?: number;
  discount?: number;
  tax?: number;
  /** How a session without anything to pay spells it. */
  zeroStatus?: 'paid' | 'no_payment_required';
  /** What the session asks for instead of what was sold. */
  wrong?: 'subtotal' | 'currency';
  /** Another PaymentIntent of the same sale that succeeded too, in cents. */
  second?: number;
}

/** A sale that stands open here, everything that Stripe says of it in Stripe's order, and how its objects end. */
export interface Life {
  paymentId: string;
  customerId: string;
  ids: { session: string; intent: string; charge: string; invoice: string; second: string };
  events: SentEvent[];
  objects: StripeObject[];
}

export async function liveOnce(db: Db, realm: RealmView, input: LifeInput): Promise<Life> {
  const sale = await openSale(db, realm, input);
  const { moments, objects } = momentsOf(sale, input);
  const events = moments.map(([type, object]) => ({ type, ...eventBody({ type, object }) }));
  return { paymentId: sale.paymentId, customerId: sale.customerId, ids: sale.ids, events, objects };
}

interface Sale {
  paymentId: string;
  customerId: string;
  stripeCustomer: string;
  metadata: Record<string, string>;
  ids: Life['ids'];
}

async function openSale(db: Db, realm: RealmView, { amount, quantity = 1 }: LifeInput): Promise<Sale> {
  const customerId = newId('cst');
  const unique = customerId.slice(4);
  const stripeCustomer = `cus_${unique}`;
  const session = `cs_test_${unique}`;
  await db.customer.create({ data: { id: customerId, email: `${unique}@example.test` } });
  await db.stripeCustomer.create({ data: { customerId, realmId: realm.id, stripeId: stripeCustomer } });
  const sold = {
    ...{ realmId: realm.id, customerId, kind: 'pack' as const, quantity, credits: BigInt(quantity) * 100n },
    ...{ currency: 'usd', amountSubtotal: BigInt(amount), state: 'open' as const, stripeSession: session },
  };
  const paymentId = await inTransaction(db, 'sell', (tx) =>
    createPayment(tx, sold, { reason: 'chose a pack', cause: `customer:${customerId}` }),
  );
  return {
    paymentId,
    customerId,
    stripeCustomer,
    metadata: {
      credence_id: paymentId,
      credence_payment: paymentId,
      credence_customer: customerId,
      credence_realm: realm.id,
    },
    ids: {
      session,
      intent: `pi_${unique}`,
      charge: `ch_${unique}`,
      invoice: `in_${unique}`,
      second: `pi_second_${unique}`,
    },
  };
}

type Moment = [type: string, object: StripeObject];

function momentsOf(sale: Sale, input: LifeInput): { moments: Moment[]; objects: StripeObject[] } {
  const { ids, metadata, stripeCustomer: customer } = sale;
  const { amount, discount = 0, tax = 0, wrong } = input;
  const currency = wrong === 'currency' ? 'eur' : 'usd';
  const subtotal = wrong === 'subtotal' ? amount + 7 : amount;
  const total = input.end === 'free' ? 0 : subtotal - discount + tax;
  const taken = input.end === 'free' ? subtotal : discount;

  const session = (status: string, paymentStatus: string): StripeObject => ({
    ...{ id: ids.session, object: 'checkout.session', mode: 'payment', metadata, customer, currency },
    ...{ status, payment_status: paymentStatus, amount_subtotal: subtotal, amount_total: total },
    total_details: { amount_discount: taken, amount_tax: tax, amount_shipping: 0 },
    payment_intent: status === 'complete' && total > 0 ? ids.intent : null,
    invoice: status === 'complete' && paymentStatus !== 'unpaid' ? ids.invoice : null,
  });
  const intent = (status: string, change: object = {}): StripeObject => ({
    ...{ id: ids.intent, object: 'payment_intent', metadata, customer, currency, amount: total, status },
    amount_received: status === 'succeeded' ? total : 0,
    latest_charge: status === 'succeeded' ? ids.charge : null,
    last_payment_error: status === 'requires_payment_method' ? { message: 'Your card was declined.' } : null,
    ...change,
  });
  const charge = (status: string, change: object = {}): StripeObject => ({
    ...{
      id: ids.charge,
      object: 'charge',
      metadata,
      currency,
      amount: total,
      status,
      payment_intent: ids.intent,
    },
    receipt_url: null,
    payment_method_details: { card: { brand: 'visa', last4: '4242' } },
    ...change,
  });
  const invoice: StripeObject = {
    ...{ id: ids.invoice, object: 'invoice', metadata, customer, status: 'paid', parent: null },
    ...{ hosted_invoice_url: 'https://invoice.stripe.com/i/1', invoice_pdf: null },
  };
  const receipt = { receipt_url: 'https://pay.stripe.com/receipts/1' };

  const billed: Moment[] = [
    ['invoice.paid', invoice],
    ['invoice.payment_succeeded', invoice],
  ];
  const succeeded: Moment[] = [
    ['charge.succeeded', charge('succeeded')],
    ['payment_intent.succeeded', intent('succeeded')],
  ];
  const settled: Moment[] = [['charge.updated', charge('succeeded', receipt)], ...billed];
  const declined: Moment[] = [
    ['charge.failed', charge('failed', { id: `${ids.charge}_declined` })],
    ['payment_intent.payment_failed', intent('requires_payment_method')],
  ];
  const completed: Moment = ['checkout.session.completed', session('complete', 'paid')];
  const pending: Moment[] = [
    ['payment_intent.processing', intent('processing')],
    ['checkout.session.completed', session('complete', 'unpaid')],
  ];
  const free = session('complete', input.zeroStatus ?? 'no_payment_required');
  const endings: Record<LifeEnd, { moments: Moment[]; session: StripeObject }> = {
    paid: { moments: [...succeeded, completed, ...settled], session: completed[1] },
    declined_then_paid: {
      moments: [...declined, ...succeeded, completed, ...settled],
      session: completed[1],
    },
    paid_late: {
      moments: [
        ...pending,
        ...succeeded,
        ['checkout.session.async_payment_succeeded', session('complete', 'paid')],
        ...settled,
      ],
      session: completed[1],
    },
    refused_late: {
      moments: [
        ...pending,
        ...declined,
        ['checkout.session.async_payment_failed', session('complete', 'unpaid')],
      ],
      session: session('complete', 'unpaid'),
    },
    free: { moments: [['checkout.session.completed', free], ...billed], session: free },
    expired: {
      moments: [
        ['checkout.session.expired', session('expired', 'unpaid')],
        ['payment_intent.canceled', intent('canceled')],
      ],
      session: session('expired', 'unpaid'),
    },
    abandoned: { moments: [], session: session('open', 'unpaid') },
  };
  const { moments, session: last } = endings[input.end];
  const second: Moment[] =
    input.second === undefined
      ? []
      : [
          [
            'payment_intent.succeeded',
            intent('succeeded', {
              ...{ id: ids.second, amount: input.second, amount_received: input.second },
              ...{ currency: 'usd', latest_charge: `${ids.charge}_second` },
            }),
          ],
        ];
  return { moments: [...moments, ...second], objects: [last, invoice] };
}
