import { type InvoiceFact, type SubscriptionFact } from '~/modules/stripe/shared';

import { AGREED, differing, FOREIGN, inUnits, inWords, type Judged } from './difference';
import { type OurPayment } from './load-ours.server';
import { paidWithoutLot } from './judge-sale';
import { type Ours } from './ours';

/** A plan's invoice. A paid one is a payment of its own, unless it sold nothing: that is weighed with the catalogue. */
export function judgeInvoice(invoice: InvoiceFact, ours: Ours): Judged {
  const { plan, subscriptionId } = invoice;
  if (plan === undefined || subscriptionId === undefined) return FOREIGN;
  if (ours.isOfOther(plan.ours.realm)) return FOREIGN;
  const intents = (plan.payments ?? []).map(({ intentId }) => intentId);
  // By its money last: a person may have given that to somebody before the invoice was heard of.
  const payment =
    ours.payment(invoice.id, 'invoice', 'moneyObject') ??
    intents.map((intentId) => ours.payment(intentId, 'moneyObject')).find((one) => one !== undefined);
  const subscription = ours.subscription(subscriptionId);
  const customerId =
    payment?.customerId ??
    subscription?.customerId ??
    plan.ours.customer ??
    ours.customer(invoice.stripeCustomer);
  if (customerId === undefined) return FOREIGN;
  const isPaid = invoice.status === 'paid';
  const about = [invoice.id, subscriptionId, ...intents];
  const seen = {
    ref: { object: 'invoice', id: invoice.id } as const,
    ...{ about, customerId, paymentId: payment?.id },
    evidence: [
      inWords('Invoice', invoice.status ?? 'no state', payment?.state ?? null),
      inUnits('Paid', plan.currency, isPaid ? plan.amountPaid : null, payment?.amountPaid ?? null),
      inUnits('Credits', 'credits', isPaid ? (payment?.credits ?? null) : 0n, payment?.granted ?? 0n),
    ],
  };
  if (!isPaid) {
    if (payment?.state !== 'paid') return AGREED;
    const detail = `${payment.id} has ${payment.granted} credits, and ${invoice.id} is ${invoice.status ?? 'none'} at Stripe`;
    const { id: subject, granted: credits } = payment;
    return differing({ ...seen, kind: 'granted_not_paid', subject, detail, credits, isProven: false });
  }
  if (payment === undefined || isBelowReview(payment))
    return differing({
      ...{ ...seen, kind: 'renewal_not_granted', subject: invoice.id, credits: payment?.credits ?? 0n },
      ...{ detail: `${invoice.id} of ${subscriptionId} is paid, and brought no credits`, isProven: true },
    });
  if (payment.state !== 'paid') return AGREED;
  if (payment.granted === 0n && payment.credits > 0n) return differing(paidWithoutLot(payment));
  const shown = { isOurs: true, shown: [payment.id], difference: undefined };
  if (payment.amountPaid === plan.amountPaid && payment.currency === plan.currency) return shown;
  const detail = `${invoice.id} is of ${plan.amountPaid} ${plan.currency}, ${payment.id} of ${payment.amountPaid ?? 0n} ${payment.currency}`;
  return {
    ...shown,
    difference: {
      ...{ ...seen, kind: 'amount_differs', subject: payment.id, detail, credits: 0n, isProven: false },
    },
  };
}

const isBelowReview = ({ state }: OurPayment): boolean => state !== 'paid' && state !== 'review';

/** How a plan stands: a row is what the read of it that began last showed, so any difference is a read that is missing. */
export function judgeSubscription(fact: SubscriptionFact, ours: Ours): Judged {
  if (ours.isOfOther(fact.ours.realm)) return FOREIGN;
  const row = ours.subscription(fact.id);
  const customerId =
    row?.customerId ??
    (fact.ours.realm === undefined ? undefined : fact.ours.customer) ??
    ours.customer(fact.stripeCustomer);
  if (customerId === undefined) return FOREIGN;
  const lines = [
    inWords('Status', fact.status, row?.status ?? null),
    inWords('Price', fact.stripePrice, row?.price ?? null),
    inWords('Period ends', inTime(fact.periodEnd), inTime(row?.periodEnd)),
    inWords('Ends by itself', inTime(fact.endsAt), inTime(row?.endsAt)),
    inWords('Ended', inTime(fact.endedAt), inTime(row?.endedAt)),
  ];
  const evidence = lines.filter(({ stripe, ours: own }) => stripe !== own);
  if (evidence.length === 0) return AGREED;
  return differing({
    ...{ kind: 'subscription_state_differs', subject: fact.id, about: [fact.id], customerId, evidence },
    detail: `${fact.id} is ${fact.status} at Stripe and ${row?.status ?? 'unknown'} here`,
    ref: { object: 'subscription', id: fact.id },
    ...{ paymentId: undefined, credits: 0n, isProven: false },
  });
}

const inTime = (at: Date | null | undefined): string | null => at?.toISOString() ?? null;
