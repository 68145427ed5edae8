import { type ChargeFact, type IntentFact, type ObjectRef, type SessionFact } from '~/modules/stripe/shared';

import { AGREED, type Difference, differing, FOREIGN, inUnits, inWords, type Judged } from './difference';
import { type OurPayment } from './load-ours.server';
import { type Ours } from './ours';

/** What an object says of one sale's money. */
interface Told {
  ref: ObjectRef;
  /** Its state in Stripe's words. */
  says: string;
  /** The money that settled: a PaymentIntent, or a session that cost nothing; undefined while nothing is settled. */
  money: string | undefined;
  amount: bigint;
  currency: string;
  /** The object and what hangs on it. */
  about: (string | undefined)[];
}

/** A payment's page. One that is paid must be a paid payment, or wait for a person in review. */
export function judgeSession(session: SessionFact, ours: Ours): Judged {
  if (session.mode !== 'payment' || ours.isOfOther(session.ours.realm)) return FOREIGN;
  const { payment: named } = session.ours;
  const isSettled =
    session.status === 'complete' && session.paymentStatus !== 'unpaid' && session.paymentStatus !== 'failed';
  const money = session.amountTotal === 0n ? session.id : session.intentId;
  // By its money last: a person may have given that to a customer whose payment was lost.
  const payment =
    ours.payment(named, 'id') ?? ours.payment(session.id, 'session') ?? ours.payment(money, 'moneyObject');
  const told: Told = {
    ref: { object: 'checkout.session', id: session.id },
    says: `${session.status ?? 'no state'}, ${session.paymentStatus}`,
    money: isSettled ? money : undefined,
    ...{ amount: session.amountTotal, currency: session.currency ?? 'none' },
    about: [session.id, session.intentId, session.invoiceId],
  };
  const isItsOwn = payment?.session === session.id && [money, session.id, null].includes(payment.moneyObject);
  return judgeMoney(told, { named, payment, isItsOwn }, ours);
}

/** A PaymentIntent. A plan's is behind its invoice, which is compared by itself. */
export function judgeIntent(intent: IntentFact, ours: Ours): Judged {
  if (ours.isOfOther(intent.ours.realm)) return FOREIGN;
  const { payment: named } = intent.ours;
  const payment = ours.payment(named, 'id') ?? ours.payment(intent.id, 'moneyObject', 'intent');
  const told: Told = {
    ref: { object: 'payment_intent', id: intent.id },
    says: intent.status,
    money: intent.status === 'succeeded' ? intent.id : undefined,
    ...{ amount: intent.amountReceived, currency: intent.currency },
    about: [intent.id, intent.chargeId, payment?.session ?? undefined],
  };
  const isItsOwn = payment?.moneyObject === intent.id;
  return judgeMoney(told, { named, payment, isItsOwn }, ours);
}

/** A charge that succeeded says what its PaymentIntent says; one that did not says nothing, for another may follow it. */
export function judgeCharge(charge: ChargeFact, ours: Ours): Judged {
  const { intentId } = charge;
  if (ours.isOfOther(charge.ours.realm) || intentId === undefined) return FOREIGN;
  const { payment: named } = charge.ours;
  const payment = ours.payment(named, 'id') ?? ours.payment(intentId, 'moneyObject', 'intent');
  if (charge.status !== 'succeeded') return payment || named !== undefined ? AGREED : FOREIGN;
  const told: Told = {
    ref: { object: 'payment_intent', id: intentId },
    says: 'charged',
    money: intentId,
    ...{ amount: charge.amount, currency: charge.currency },
    about: [intentId, charge.id, payment?.session ?? undefined],
  };
  return judgeMoney(told, { named, payment, isItsOwn: false }, ours);
}

interface Behind {
  /** The payment that our metadata names. */
  named: string | undefined;
  payment: OurPayment | undefined;
  /** What was granted for the payment stands on this object. */
  isItsOwn: boolean;
}

function judgeMoney(told: Told, { named, payment, isItsOwn }: Behind, ours: Ours): Judged {
  if (payment === undefined) {
    if (named === undefined) return FOREIGN;
    return told.money === undefined ? AGREED : differing(unknownMoney(told, named));
  }
  if (payment.kind === 'plan') return AGREED;
  if (told.money === undefined) {
    const isGranted = isItsOwn && payment.state === 'paid';
    const isGift = payment.state !== 'paid' && payment.state !== 'review' && payment.granted > 0n;
    return isGranted || isGift ? differing(grantedNotPaid(told, payment)) : AGREED;
  }
  const held = ours.payment(told.money, 'moneyObject');
  if (held) return judgeHeld(told, held);
  if (payment.state === 'paid' || (payment.state === 'review' && payment.moneyObject !== null))
    return differing(paidTwice(told, payment));
  return payment.state === 'review' ? AGREED : differing(paidNotGranted(told, payment));
}

/** The money is known by a row of ours: it must be the same amount. In review a person looks at it anyway. */
function judgeHeld(told: Told, held: OurPayment): Judged {
  if (held.state !== 'paid') return AGREED;
  if (held.granted === 0n && held.credits > 0n) return differing(paidWithoutLot(held));
  const shown = { isOurs: true, shown: [held.id], difference: undefined };
  const isSame = held.amountPaid === told.amount && held.currency === told.currency;
  return isSame ? shown : { ...shown, difference: amountDiffers(told, held) };
}

/** The same words whichever of its objects tells: a dismissal holds for all of them. */
const atStripe = (told: Told, ours: string | null) =>
  inWords('At Stripe', told.money === undefined ? 'not settled' : 'settled', ours);

const base = (told: Told, payment: OurPayment) => ({
  ...{ subject: payment.id, ref: told.ref, paymentId: payment.id, customerId: payment.customerId },
  about: told.about.filter((id) => id !== undefined),
  evidence: [
    atStripe(told, payment.state),
    inUnits('Paid', told.currency, told.money === undefined ? null : told.amount, payment.amountPaid),
    inWords('Settled by', told.money ?? null, payment.moneyObject),
    inUnits('Credits', 'credits', told.money === undefined ? 0n : payment.credits, payment.granted),
  ],
});

const paidNotGranted = (told: Told, payment: OurPayment): Difference => ({
  ...base(told, payment),
  kind: 'paid_not_granted',
  detail: `${told.ref.id} is settled at Stripe, and ${payment.id} is ${payment.state} here`,
  ...{ credits: payment.credits, isProven: true },
});

const paidTwice = (told: Told, payment: OurPayment): Difference => ({
  ...base(told, payment),
  kind: 'paid_twice',
  subject: told.money ?? told.ref.id,
  detail: `${told.money ?? told.ref.id} settled for ${payment.id}, which ${payment.moneyObject ?? 'other money'} paid already`,
  ...{ credits: 0n, isProven: false },
});

const grantedNotPaid = (told: Told, payment: OurPayment): Difference => ({
  ...base(told, payment),
  kind: 'granted_not_paid',
  detail: `${payment.id} has ${payment.granted} credits, and ${told.ref.id} is ${told.says} at Stripe`,
  ...{ credits: payment.granted, isProven: false },
});

const amountDiffers = (told: Told, payment: OurPayment): Difference => ({
  ...base(told, payment),
  kind: 'amount_differs',
  detail: `${told.ref.id} is of ${told.amount} ${told.currency}, ${payment.id} of ${payment.amountPaid ?? 0n} ${payment.currency}`,
  ...{ credits: 0n, isProven: false },
});

const unknownMoney = (told: Told, named: string): Difference => ({
  ...{ kind: 'unknown_money', subject: told.money ?? told.ref.id, ref: told.ref },
  detail: `${told.ref.id} is settled and names ${named}, which this realm does not have`,
  about: told.about.filter((id) => id !== undefined),
  ...{ paymentId: undefined, customerId: undefined, credits: 0n, isProven: false },
  evidence: [
    atStripe(told, null),
    inUnits('Paid', told.currency, told.amount, null),
    inWords('Payment', named, null),
  ],
});

/** A payment that no list showed: its money object is not there, or nothing ever was. */
export const missingAtStripe = (payment: OurPayment, ref: ObjectRef | undefined): Difference => ({
  ...{ kind: 'granted_not_paid', subject: payment.id, ref },
  detail: `${payment.id} has ${payment.granted} credits, and Stripe does not have ${ref?.id ?? 'anything of it'}`,
  ...{ about: ref === undefined ? [] : [ref.id], paymentId: payment.id, customerId: payment.customerId },
  evidence: [
    inWords('Settled by', null, payment.moneyObject),
    inUnits('Paid', payment.currency, null, payment.amountPaid),
    inUnits('Credits', 'credits', 0n, payment.granted),
  ],
  ...{ credits: payment.granted, isProven: false },
});

/** A payment that is paid here and at Stripe, and for which the ledger has nothing: no fact of Stripe's brings that about. */
export const paidWithoutLot = (payment: OurPayment): Difference => ({
  ...{ kind: 'paid_not_granted', subject: payment.id, ref: undefined, about: [] },
  detail: `${payment.id} is paid, and the ledger has no credits of it`,
  ...{ paymentId: payment.id, customerId: payment.customerId },
  evidence: [inUnits('Credits', 'credits', payment.credits, 0n)],
  ...{ credits: payment.credits, isProven: false },
});
