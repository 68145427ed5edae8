import { currencyExponent, formatCredits, formatMoney } from '~/platform/money';

/** `waiting`: agreed to, and its card is not saved yet. `paused`: it buys nothing until its customer acts. */
export type TopUpState = 'waiting' | 'on' | 'paused' | 'off';

/** Why a top-up is paused. */
export type TopUpPause =
  | 'declined'
  | 'authentication'
  | 'card_expired'
  | 'card_gone'
  | 'debt'
  | 'dispute'
  | 'refund'
  | 'frozen'
  | 'in_review'
  | 'pack_gone'
  | 'price_risen'
  | 'refused'
  | 'not_offered';

/** What a customer agrees to. Amounts in the currency's smallest unit. */
export interface TopUpTerms {
  /** Buy when fewer credits than this are left. */
  threshold: bigint;
  packCode: string;
  packName: string;
  /** What the pack brings and costs: at least so many credits for at most so much. */
  credits: bigint;
  amount: bigint;
  currency: string;
  /** At most so much in one calendar month, by UTC. */
  monthlyCap: bigint;
}

/** The sentence that a customer agrees to: shown beside the box they tick and kept word for word. */
export function consentWords(terms: TopUpTerms): string {
  const { currency, packName } = terms;
  const [amount, cap] = [formatMoney(terms.amount, currency), formatMoney(terms.monthlyCap, currency)];
  return (
    `Each time I have fewer than ${formatCredits(terms.threshold)} credits left, my saved card may be charged ` +
    `${amount} at most for the pack ${packName} with at least ${formatCredits(terms.credits)} credits, and in no ` +
    `calendar month (UTC) more than ${cap} in all. This holds until I switch it off.`
  );
}

export interface CardView {
  brand: string;
  last4: string;
  expMonth: number;
  expYear: number;
}

export interface TopUpPurchase {
  paymentId: string;
  state: 'under_way' | 'in_review' | 'paid' | 'failed';
  credits: bigint;
  amount: bigint;
  currency: string;
  at: Date;
}

/** A customer's automatic top-up as their page shows it. */
export interface TopUpView {
  state: TopUpState | 'none';
  pause: { reason: TopUpPause; detail: string | null; at: Date } | undefined;
  /** The consent in force; while it waits for a card, the one that is given with it. */
  terms: TopUpTerms | undefined;
  /** What is charged. */
  card: CardView | undefined;
  /** The card that could be charged without another visit to Stripe. */
  savedCard: CardView | undefined;
  /** Stripe's page to save a card on, while it stands. */
  cardPage: string | undefined;
  /** Stripe's page sent the browser back, and the card has not been heard of yet. */
  isAwaited: boolean;
  /** Of what is used, `ofOthers` stands for purchases in other currencies. */
  month: { used: bigint; ofOthers: bigint; cap: bigint; currency: string; isReached: boolean } | undefined;
  purchases: TopUpPurchase[];
}

export const TOP_UP_INTENTS = { agree: 'agree', off: 'off' } as const;

/** A month's limit as it is typed, in the currency's smallest unit. */
export const capOf = (units: bigint, currency: string): bigint =>
  units * 10n ** BigInt(currencyExponent(currency));

interface PauseWords {
  /** Ends “Automatic top-up is paused: …”. */
  title: string;
  what: string;
  /** What the customer can do. */
  act: string;
}

/** How a customer reads why their top-up waits for them, on the page and in the mail. */
export const PAUSE_WORDS: Record<TopUpPause, PauseWords> = {
  declined: {
    title: 'your card was declined',
    what: 'your bank did not let us charge your card, so no credits were bought. We do not try it again by ourselves.',
    act: 'Save another card, or turn it on again once your bank is ready.',
  },
  authentication: {
    title: 'your bank wants your confirmation',
    what: 'your bank wants to hear from you before it lets us charge your card, so no credits were bought.',
    act: 'Save the card once more: your bank asks you to confirm it then.',
  },
  card_expired: {
    title: 'your card has expired',
    what: 'the card that we charge for automatic top-ups has expired.',
    act: 'Save another card.',
  },
  card_gone: {
    title: 'your card was removed',
    what: 'the card that we charge for automatic top-ups is no longer saved at Stripe.',
    act: 'Save a card again.',
  },
  debt: {
    title: 'you owe credits',
    what: 'credits of a payment that went back had been spent already, and new ones would first repay what is owed.',
    act: 'Buy a pack to repay it, then turn automatic top-up on again.',
  },
  dispute: {
    title: 'a payment is disputed',
    what: 'one of your payments is disputed with your bank. While that is so we charge no card by ourselves.',
    act: 'Turn it on again once the dispute is decided.',
  },
  refund: {
    title: 'a payment was refunded',
    what: 'one of your payments was refunded, and its credits went back. We do not buy them anew unless you want it.',
    act: 'Turn it on again if it should go on.',
  },
  frozen: {
    title: 'your credits are frozen',
    what: 'your credits cannot be spent at the moment, so we buy no more of them.',
    act: 'Turn it on again once they can be spent.',
  },
  in_review: {
    title: 'a purchase is being checked',
    what: 'we received the money of an automatic purchase that does not fit the order exactly; a person looks at it.',
    act: 'Turn it on again when its credits are there.',
  },
  pack_gone: {
    title: 'the pack is no longer sold',
    what: 'the pack that you chose for automatic top-ups is no longer sold.',
    act: 'Choose another one.',
  },
  price_risen: {
    title: 'the pack’s price has changed',
    what: 'the pack that you chose costs more, or brings less, than you agreed to.',
    act: 'Agree to the new price, or choose another pack.',
  },
  refused: {
    title: 'Stripe did not accept the charge',
    what: 'Stripe, which charges your card for us, did not accept the purchase. Nothing was taken from you.',
    act: 'Turn it on again; if it happens twice, write to us.',
  },
  not_offered: {
    title: 'it is not offered at the moment',
    what: 'we cannot work out the tax of purchases without a payment page, so we make none of them at the moment.',
    act: 'Buy packs yourself until it is offered again.',
  },
};
