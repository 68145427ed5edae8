import {
  type ChargeFact,
  type FactContext,
  type IntentFact,
  type InvoiceFact,
  type SessionFact,
} from '~/modules/stripe/shared';
import { type Db, inTransaction } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

import { createPayment } from '../create-payment.server';

/** One open sale of 1,000 credits for $10.00 and everything that Stripe can say about it. For tests. */
export interface TestSale {
  paymentId: string;
  customerId: string;
  context: FactContext;
  session: SessionFact;
  intent: IntentFact;
  charge: ChargeFact;
  invoice: InvoiceFact;
}

export async function makeSale(db: Db): Promise<TestSale> {
  const unique = newId('pay').slice(4);
  const realmId = newId('rlm');
  const customerId = newId('cst');
  await db.realm.create({
    data: { id: realmId, account: `acct_${unique}`, mode: 'test', name: 'Test', sells: false },
  });
  await db.customer.create({ data: { id: customerId, email: `${unique}@example.test` } });
  await db.stripeCustomer.create({ data: { customerId, realmId, stripeId: `cus_${unique}` } });
  const sold = {
    realmId,
    customerId,
    kind: 'pack',
    credits: 1000n,
    currency: 'usd',
    amountSubtotal: 1000n,
  } as const;
  const paymentId = await inTransaction(db, 'sell', (tx) =>
    createPayment(
      tx,
      { ...sold, state: 'open', stripeSession: `cs_${unique}` },
      { reason: 'chose a pack', cause: 'test' },
    ),
  );
  const ours = { realm: realmId, payment: paymentId, customer: customerId };
  const stripeCustomer = `cus_${unique}`;
  return {
    paymentId,
    customerId,
    context: {
      realmId,
      book: 'test',
      cause: 'event:evt_1',
      at: new Date('2026-11-21T10:00:00Z'),
      evidence: [],
    },
    session: {
      kind: 'session',
      id: `cs_${unique}`,
      ours,
      mode: 'payment',
      status: 'complete',
      paymentStatus: 'paid',
      amountSubtotal: 1000n,
      amountDiscount: 0n,
      amountTax: 0n,
      amountTotal: 1000n,
      currency: 'usd',
      intentId: `pi_${unique}`,
      invoiceId: `in_${unique}`,
      subscriptionId: undefined,
      setupIntentId: undefined,
      stripeCustomer,
    },
    intent: {
      kind: 'intent',
      id: `pi_${unique}`,
      ours,
      status: 'succeeded',
      amount: 1000n,
      amountReceived: 1000n,
      currency: 'usd',
      chargeId: `ch_${unique}`,
      stripeCustomer,
      lastError: undefined,
      errorCode: undefined,
    },
    charge: {
      kind: 'charge',
      id: `ch_${unique}`,
      ours,
      status: 'succeeded',
      intentId: `pi_${unique}`,
      amount: 1000n,
      currency: 'usd',
      receiptUrl: 'https://pay.stripe.com/receipts/1',
      card: 'visa •••• 4242',
      failure: undefined,
      stripeCustomer,
    },
    invoice: {
      kind: 'invoice',
      id: `in_${unique}`,
      ours,
      status: 'paid',
      subscriptionId: undefined,
      invoiceUrl: 'https://invoice.stripe.com/i/1',
      pdfUrl: undefined,
      stripeCustomer,
      plan: undefined,
    },
  };
}
