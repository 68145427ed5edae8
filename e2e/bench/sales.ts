import type pg from 'pg';

import { type Message } from './send-for';
import { eventText, REST, signed } from './signed-events';
import { REALM, SECRET } from './variant';

/** Open payments of 1,000 credits for $10.00, each of a customer of its own. */
export interface Sale {
  n: number;
  customerId: string;
}

const CREDITS = 1_000;
const MINOR = 1_000;

export async function openSales(client: pg.Client, first: number, count: number): Promise<Sale[]> {
  const range = [first, first + count - 1];
  await client.query(
    `INSERT INTO customer (id, email) SELECT 'cst_bench' || n, 'bench' || n || '@example.test' FROM generate_series($1::int, $2::int) n`,
    range,
  );
  await client.query(
    `INSERT INTO payment (id, realm, customer, kind, state, credits, currency, amount_subtotal, stripe_session, session_url, updated_at)
    SELECT 'pay_bench' || n, '${REALM}', 'cst_bench' || n, 'pack', 'open', ${CREDITS}, 'usd', ${MINOR}, 'cs_bench' || n, 'https://example.test', now()
    FROM generate_series($1::int, $2::int) n`,
    range,
  );
  await client.query(
    `INSERT INTO payment_change (payment, n, "to", reason, cause)
    SELECT 'pay_bench' || n, 1, 'open', 'opened by the bench', 'bench' FROM generate_series($1::int, $2::int) n`,
    range,
  );
  await client.query('ANALYZE customer, payment, payment_change');
  return Array.from({ length: count }, (_, index) => ({
    n: first + index,
    customerId: `cst_bench${first + index}`,
  }));
}

/** What Stripe sends when a session is paid: the first of these settles, and an invoice follows later. */
export interface SaleEvents {
  atOnce: Message[];
  /** Of the event that tells which session the invoice is of. */
  sessionEventId: string;
  later: Message;
}

export function eventsOf({ n, customerId }: Sale): SaleEvents {
  const metadata = {
    credence_realm: REALM,
    credence_payment: `pay_bench${n}`,
    credence_customer: customerId,
  };
  const idOf = (kind: string) => `${kind}_bench${n}`;
  const [sessionId, intentId, chargeId, invoiceId] = [idOf('cs'), idOf('pi'), idOf('ch'), idOf('in')];
  const shared = { metadata, currency: 'usd', customer: `cus_bench${n}`, livemode: false, rest: REST };
  const intent = {
    ...shared,
    id: intentId,
    object: 'payment_intent',
    status: 'succeeded',
    amount: MINOR,
    amount_received: MINOR,
    latest_charge: chargeId,
    last_payment_error: null,
  };
  const charge = {
    ...shared,
    id: chargeId,
    object: 'charge',
    status: 'succeeded',
    payment_intent: intentId,
    amount: MINOR,
    receipt_url: `https://pay.stripe.com/receipts/${n}`,
    failure_message: null,
    payment_method_details: { type: 'card', card: { brand: 'visa', last4: '4242' } },
  };
  const session = {
    ...shared,
    id: sessionId,
    object: 'checkout.session',
    mode: 'payment',
    status: 'complete',
    payment_status: 'paid',
    amount_subtotal: MINOR,
    amount_total: MINOR,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    payment_intent: intentId,
    invoice: invoiceId,
  };
  const invoice = {
    ...shared,
    id: invoiceId,
    object: 'invoice',
    status: 'paid',
    parent: null,
    hosted_invoice_url: `https://invoice.stripe.com/i/${n}`,
    invoice_pdf: null,
  };
  const sign = (type: string, object: { id: string }) =>
    signed(SECRET, eventText({ id: `evt_${object.id}`, type, object }));
  return {
    atOnce: [
      sign('payment_intent.succeeded', intent),
      sign('charge.succeeded', charge),
      sign('checkout.session.completed', session),
    ],
    sessionEventId: `evt_${sessionId}`,
    later: sign('invoice.paid', invoice),
  };
}
