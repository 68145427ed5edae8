import { disputeLevel, disputeRank } from '~/modules/disputes/index.server';
import { type FindingKind } from '~/modules/findings/shared';
import { REFUND_LEVEL, REFUND_RANK } from '~/modules/refunds/index.server';
import { type DisputeFact, type Ours as OurMetadata, type RefundFact } from '~/modules/stripe/shared';

import { AGREED, differing, FOREIGN, inUnits, inWords, type Judged } from './difference';
import { type OurMoneyBack, type OurPayment } from './load-ours.server';
import { type Ours } from './ours';

/** What Stripe's object says, in the words of `payments/keep-money-back`. */
interface Stands {
  rank: number;
  level: 'none' | 'pending' | 'gone';
  taken: bigint;
}

/** A refund, whoever made it. One that failed before it was ever known took nothing. */
export function judgeRefund(refund: RefundFact, parent: OurMetadata | undefined, ours: Ours): Judged {
  const level = REFUND_LEVEL[refund.status];
  const taken = level === 'none' ? 0n : refund.amount;
  const stands = { rank: REFUND_RANK[refund.status], level, taken };
  const kind = level === 'none' ? 'revoked_not_refunded' : 'refunded_not_revoked';
  return judge(refund, parent, ours, { stands, kind, isProven: refund.status !== 'pending' });
}

/** A dispute. One that is open must be known for its deadline, even when it takes nothing yet; proven is one that is over. */
export function judgeDispute(dispute: DisputeFact, parent: OurMetadata | undefined, ours: Ours): Judged {
  const stands = { rank: disputeRank(dispute), ...disputeLevel(dispute) };
  const isOver = /^(won|lost|prevented|warning_closed)$/.test(dispute.status);
  const isKnown = ours.moneyBack(dispute.id, dispute.ours.row) !== undefined;
  const kind = isOver && isKnown ? 'dispute_ended_not_settled' : 'disputed_not_held';
  return judge(dispute, parent, ours, { stands, kind, isProven: isOver });
}

function judge(
  fact: RefundFact | DisputeFact,
  parent: OurMetadata | undefined,
  ours: Ours,
  of: { stands: Stands; kind: FindingKind; isProven: boolean },
): Judged {
  if (ours.isOfOther(fact.ours.realm) || ours.isOfOther(parent?.realm)) return FOREIGN;
  const row = ours.moneyBack(fact.id, fact.ours.row);
  const payment =
    ours.payment(row?.paymentId, 'id') ??
    ours.payment(fact.intentId, 'moneyObject', 'intent') ??
    ours.payment(fact.chargeId, 'charge') ??
    ours.payment(parent?.payment, 'id');
  if (payment === undefined) return parent?.payment === undefined ? FOREIGN : AGREED;
  if (row?.stripeId === fact.id && row.amount !== fact.amount && row.rank >= of.stands.rank)
    return differing(difference(fact, { ...of, kind: 'amount_differs', isProven: false }, row, payment));
  const isKnown =
    row === undefined
      ? isHarmless(fact, of.stands)
      : row.rank >= of.stands.rank || isSame(row, fact, of.stands);
  return isKnown ? AGREED : differing(difference(fact, of, row, payment));
}

const isSame = (row: OurMoneyBack, fact: RefundFact | DisputeFact, stands: Stands): boolean =>
  row.status === fact.status &&
  row.level === stands.level &&
  row.taken === stands.taken &&
  row.amount === fact.amount;

/** It takes nothing, and nobody has to answer it. */
const isHarmless = (fact: RefundFact | DisputeFact, { level }: Stands): boolean =>
  level === 'none' && (fact.kind === 'refund' || !fact.status.endsWith('needs_response'));

function difference(
  fact: RefundFact | DisputeFact,
  { stands, kind, isProven }: { stands: Stands; kind: FindingKind; isProven: boolean },
  row: OurMoneyBack | undefined,
  payment: OurPayment,
) {
  const { id, kind: object, status, amount, currency } = fact;
  return {
    ...{ kind, subject: id, ref: { object, id }, paymentId: payment.id, customerId: payment.customerId },
    detail: `${id} of ${payment.id} is ${status} at Stripe and ${row?.status ?? 'unknown'} here`,
    about: [id, fact.chargeId, fact.intentId].filter((one) => one !== undefined),
    evidence: [
      inWords(object === 'refund' ? 'Refund' : 'Dispute', status, row?.status ?? null),
      inUnits('Amount', currency, amount, row?.amount ?? null),
      inUnits('Takes of the payment', currency, stands.taken, row?.taken ?? 0n),
    ],
    ...{ credits: shareOf(payment, stands.taken, row?.taken ?? 0n), isProven },
  };
}

/** The credits that follow the money which moved, at most. */
function shareOf({ credits, amountPaid }: OurPayment, taken: bigint, known: bigint): bigint {
  if (amountPaid === null || amountPaid === 0n) return 0n;
  const moved = taken > known ? taken - known : known - taken;
  return (credits * (moved < amountPaid ? moved : amountPaid)) / amountPaid;
}
