import type Stripe from 'stripe';

import { type MustPayment } from './reckoning';
import { type RecordedLife } from './recorded-life';

/** How a customer's automatic top-up must stand at the end of a life. */
export interface MustTopUps {
  /** More than one where the order in which things were heard may decide. */
  states: string[];
  /** Why it may be paused. */
  reasons: string[];
  /** Cards that were saved on a page of Stripe's, and whether they are gone from there. */
  cards: { stripeMethod: string; last4: string; isGone: boolean }[];
  /** The card that Stripe charged, by our row. */
  charged: { row: string; stripeMethod: string }[];
}

export const NO_TOP_UPS: MustTopUps = { states: ['none'], reasons: [], cards: [], charged: [] };

const MANY = { limit: 100 };

/** What the sandbox has of a customer's top-ups. */
interface SeenTopUps {
  intents: Stripe.PaymentIntent[];
  charges: Stripe.Charge[];
  pages: { session: string; card: Stripe.PaymentMethod | undefined }[];
}

export async function readTopUps(stripe: Stripe, life: RecordedLife): Promise<SeenTopUps> {
  if (!life.deeds.some(({ does }) => does === 'agree')) return { intents: [], charges: [], pages: [] };
  const { stripeCustomer: customer } = life.customer;
  const sessions = await stripe.checkout.sessions.list({ customer, ...MANY });
  const intents = await stripe.paymentIntents.list({ customer, ...MANY });
  const charges = await stripe.charges.list({ customer, ...MANY });
  const sold = new Set(sessions.data.map(({ payment_intent: intent }) => intent));
  const pages = sessions.data.filter(({ mode }) => mode === 'setup');
  const cards = await Promise.all(pages.map(({ setup_intent: setup }) => cardOf(stripe, setup)));
  return {
    intents: intents.data.filter(({ id, metadata }) => !sold.has(id) && 'credence_payment' in metadata),
    charges: charges.data,
    pages: pages.map(({ id }, n) => ({ session: id, card: cards[n] })),
  };
}

async function cardOf(
  stripe: Stripe,
  setup: Stripe.Checkout.Session['setup_intent'],
): Promise<Stripe.PaymentMethod | undefined> {
  if (typeof setup !== 'string') return undefined;
  const intent = await stripe.setupIntents.retrieve(setup);
  if (intent.status !== 'succeeded' || typeof intent.payment_method !== 'string') return undefined;
  return stripe.paymentMethods.retrieve(intent.payment_method);
}

/** Since the latest consent that took effect: what was declined, refunded, disputed, or is gone. */
export function topUpsAfter(
  life: RecordedLife,
  { intents, charges, pages }: SeenTopUps,
  payments: readonly MustPayment[],
): MustTopUps {
  const saved = pages.flatMap(({ card }) => (card === undefined ? [] : [card]));
  const cards = saved.map(({ id, card, customer }) => {
    return { stripeMethod: id, last4: card?.last4 ?? '', isGone: customer === null };
  });
  const charged = intents.flatMap(({ id, metadata }) => {
    const [charge] = charges.filter(({ payment_intent: of }) => of === id);
    const { credence_payment: row } = metadata;
    return charge?.payment_method && row !== undefined ? [{ row, stripeMethod: charge.payment_method }] : [];
  });
  const agreed = life.deeds.filter(({ does }) => does === 'agree');
  const isSaved = (text: string) =>
    pages.some(({ session, card }) => card !== undefined && text.includes(session));
  const inForce = agreed.findLast(({ asked }) => asked === undefined || isSaved(asked.answer.text));
  if (inForce === undefined)
    return { states: [agreed.length === 0 ? 'none' : 'waiting'], reasons: [], cards, charged };

  const since = (moment: number | undefined): boolean => moment !== undefined && moment > inForce.moment;
  const shownAt = (path: string) => life.shown.get(path)?.[0]?.moment;
  const asked = new Map(life.deeds.map(({ moment, asked }) => [asked?.row, moment]));
  const declined = intents.filter(
    ({ id, metadata }) =>
      since(asked.get(metadata['credence_payment'])) &&
      charges.some(({ payment_intent: of, status }) => of === id && status === 'failed'),
  );
  const backs = payments.flatMap((payment) => payment.backs);
  const refunds = backs.filter(
    (one) => one.kind === 'refund' && since(shownAt(`/v1/refunds/${one.stripeId}`)),
  );
  const disputes = backs.filter(
    (one) => one.kind === 'dispute' && since(shownAt(`/v1/disputes/${one.stripeId}`)),
  );
  const isGone = cards.some((card) => card.isGone);
  const must =
    declined.some(({ status }) => status !== 'succeeded') ||
    refunds.some(({ level }) => level !== 'none') ||
    disputes.length > 0 ||
    isGone;
  const may = declined.length > 0 || refunds.length > 0;
  const reasons = [
    ...(declined.length > 0 ? ['declined', 'authentication'] : []),
    ...(refunds.length > 0 ? ['refund'] : []),
    ...(disputes.length > 0 ? ['dispute'] : []),
    ...(disputes.some(({ level }) => level === 'gone') ? ['debt', 'frozen'] : []),
    ...(isGone ? ['card_gone'] : []),
  ];
  return { states: must ? ['paused'] : may ? ['paused', 'on'] : ['on'], reasons, cards, charged };
}
