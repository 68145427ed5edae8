import { describe, expect, it } from 'vitest';

import { asTold } from './facts.server';
import { type InvoiceFact, type SessionFact } from './shared';

const session = (paymentStatus: SessionFact['paymentStatus']): SessionFact => ({
  ...{ kind: 'session', id: 'cs_1', ours: {}, mode: 'payment', status: 'complete', paymentStatus },
  ...{ amountSubtotal: 500n, amountDiscount: 0n, amountTax: 0n, amountTotal: 500n, currency: 'eur' },
  ...{ intentId: 'pi_1', invoiceId: undefined, subscriptionId: undefined, setupIntentId: undefined },
  stripeCustomer: 'cus_1',
});

const invoice = (plan: InvoiceFact['plan']): InvoiceFact => ({
  ...{ kind: 'invoice', id: 'in_1', ours: {}, status: 'open', subscriptionId: 'sub_1', plan },
  ...{ invoiceUrl: undefined, pdfUrl: undefined, stripeCustomer: 'cus_1' },
});
const ofPlan: InvoiceFact['plan'] = {
  ...{ ours: {}, billingReason: 'subscription_cycle', currency: 'usd', subtotal: 1_000n, discount: 0n },
  ...{ tax: 0n, total: 1_000n, amountPaid: 0n, amountDue: 1_000n, attempts: 1, nextAttemptAt: undefined },
  ...{ trouble: 'payment_failed', lines: [], hasMoreLines: false, payments: undefined },
};

describe('what an event says by its type alone', () => {
  it('is that a delayed payment failed, as long as its session is unpaid', () => {
    const failed = 'checkout.session.async_payment_failed';
    expect(asTold(failed, session('unpaid'))).toEqual(session('failed'));
    expect(asTold(failed, session('paid'))).toEqual(session('paid'));
    expect(asTold('checkout.session.completed', session('unpaid'))).toEqual(session('unpaid'));
  });

  it('is that a bank asks its customer about a plan’s invoice', () => {
    const asks = 'invoice.payment_action_required';
    expect(asTold(asks, invoice(ofPlan))).toEqual(invoice({ ...ofPlan, trouble: 'action_required' }));
    expect(asTold(asks, invoice(undefined))).toEqual(invoice(undefined));
    expect(asTold('invoice.payment_failed', invoice(ofPlan))).toEqual(invoice(ofPlan));
  });
});
