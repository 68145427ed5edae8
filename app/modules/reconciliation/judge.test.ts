import { expect, it } from 'vitest';

import { disputeRank } from '~/modules/disputes/index.server';
import { type DisputeFact, type InvoiceFact } from '~/modules/stripe/shared';

import { judgeObject } from './judge';
import { type OurMoneyBack, type OurPayment } from './load-ours.server';
import { Ours } from './ours';

const payment: OurPayment = {
  ...{ id: 'pay_1', customerId: 'cst_1', kind: 'pack', state: 'paid', credits: 2500n, currency: 'usd' },
  ...{ amountPaid: 2000n, moneyObject: 'pi_1', session: null, intent: 'pi_1', charge: null, invoice: null },
  granted: 2500n,
};
const oursOf = (payments: OurPayment[], backs: OurMoneyBack[] = []) =>
  new Ours({ realmId: 'rlm_1', payments, backs, subscriptions: [], customers: new Map() });

const dispute: DisputeFact = {
  ...{ kind: 'dispute', id: 'dp_1', ours: {}, status: 'needs_response', amount: 1500n, currency: 'usd' },
  ...{ intentId: 'pi_1', chargeId: 'ch_1', reason: 'fraudulent', withdrawn: 1500n, movements: 2 },
  ...{ submissions: 0, dueBy: undefined },
};
const known: OurMoneyBack = {
  ...{ id: 'dsp_1', kind: 'dispute', stripeId: 'dp_1', paymentId: 'pay_1', status: 'needs_response' },
  ...{ rank: disputeRank({ ...dispute, movements: 1 }), level: 'gone', amount: 2000n, taken: 1500n },
};
const kindOf = (back: OurMoneyBack, fact: DisputeFact) => {
  const { difference } = judgeObject({ fact, parentOurs: undefined }, oursOf([payment], [back]));
  return difference && { kind: difference.kind, isProven: difference.isProven };
};

it('a change of a dispute that was missed is repairable whatever its amount; what we know otherwise is a person’s', () => {
  expect(kindOf(known, dispute)).toEqual({ kind: 'disputed_not_held', isProven: false });
  const current = { ...known, rank: disputeRank(dispute) };
  expect(kindOf(current, dispute)).toEqual({ kind: 'amount_differs', isProven: false });
});

it('a dispute is proven when it is over', () => {
  const won: DisputeFact = { ...dispute, status: 'won', withdrawn: 0n, movements: 3 };
  expect(kindOf(known, won)).toEqual({ kind: 'dispute_ended_not_settled', isProven: true });
});

it('a paid payment of a plan without its credits is found', () => {
  const invoice: InvoiceFact = {
    ...{ kind: 'invoice', id: 'in_1', ours: {}, status: 'paid', subscriptionId: 'sub_1' },
    ...{ invoiceUrl: undefined, pdfUrl: undefined, stripeCustomer: 'cus_1' },
    plan: {
      ...{ ours: {}, billingReason: 'subscription_cycle', currency: 'usd', subtotal: 2000n, discount: 0n },
      ...{ tax: 0n, total: 2000n, amountPaid: 2000n, amountDue: 2000n, attempts: 1 },
      ...{ nextAttemptAt: undefined, trouble: undefined, lines: [], hasMoreLines: false },
      payments: undefined,
    },
  };
  const plan: OurPayment = { ...payment, kind: 'plan', moneyObject: 'in_1', invoice: 'in_1' };
  const judge = (granted: bigint) =>
    judgeObject({ fact: invoice, parentOurs: undefined }, oursOf([{ ...plan, granted }])).difference;
  expect(judge(2500n)).toBeUndefined();
  expect(judge(0n)).toMatchObject({ kind: 'paid_not_granted', subject: 'pay_1', isProven: false });
});
