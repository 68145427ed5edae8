import { type Tone } from '~/components/ui/tone';
import { type CardView, type TopUpPause, type TopUpPurchase, type TopUpView } from '~/modules/credits/shared';

/** A saved card as its holder knows it: “Visa ending in 4242”. */
export function cardName({ brand, last4 }: Pick<CardView, 'brand' | 'last4'>): string {
  return `${brand.charAt(0).toUpperCase()}${brand.slice(1)} ending in ${last4}`;
}

export const TOP_UP_STATE: Record<TopUpView['state'], { word: string; tone: Tone }> = {
  none: { word: 'Off', tone: 'idle' },
  off: { word: 'Off', tone: 'idle' },
  waiting: { word: 'Waiting for a card', tone: 'info' },
  on: { word: 'On', tone: 'ok' },
  paused: { word: 'Paused', tone: 'warn' },
};

export const PURCHASE_STATE: Record<TopUpPurchase['state'], { word: string; tone: Tone }> = {
  under_way: { word: 'Under way', tone: 'info' },
  in_review: { word: 'Being checked', tone: 'warn' },
  paid: { word: 'Paid', tone: 'ok' },
  failed: { word: 'Not charged', tone: 'bad' },
};

/** After these another card is the likely way on. */
export const WANTS_NEW_CARD = new Set<TopUpPause | undefined>([
  'authentication',
  'card_expired',
  'card_gone',
  'declined',
]);

/** What the page says after an act, and why one did not happen. */
export const TOP_UP_DONE = {
  on: 'Automatic top-up is on.',
  off: 'Automatic top-up is off. Nothing is bought by itself any more.',
} as const;
export type TopUpDone = keyof typeof TOP_UP_DONE;

export const TOP_UP_FAULT = {
  unverified: 'Confirm your e-mail address first: open the link in the e-mail we sent you.',
  bad_request: 'That form was incomplete. Fill it in below.',
  limited:
    'Too many payment pages in a short time. This protects cards from being tried out; wait a few minutes.',
  unknown_pack: 'This pack is no longer for sale. Choose another one.',
  read_again:
    'Nothing is agreed yet: the sentence beside the box has changed. Read it again and tick the box.',
  cap_below_price:
    'The monthly limit is below the price of one pack, so nothing would ever be bought. Raise it.',
  in_debt: 'You owe credits of a payment that went back. Buy a pack to repay them first.',
  in_dispute: 'One of your payments is disputed with your bank. Turn this on once the dispute is decided.',
  frozen: 'Your credits are frozen at the moment. Turn this on once they can be spent.',
  not_offered: 'Automatic top-up is not offered here: tax has to be worked out on a payment page.',
  selling_paused: 'Buying is paused for now. Nothing is agreed; please come back later.',
  refused: 'Stripe refused the page to save a card on. Try again in a moment.',
  unknown: 'Stripe has not answered. Nothing was charged; try again in a minute.',
} as const;
export type TopUpFault = keyof typeof TOP_UP_FAULT;
