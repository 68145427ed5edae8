import { type RealmView } from '~/modules/stripe/shared';

/** Why nothing of a row can be asked at Stripe: its realm sells no more, and its key was taken away. */
export const noKeyWords = ({ name, account, mode }: RealmView): string =>
  `Nothing was done: this belongs to ${name} (${account}, ${mode}), and no key of that account is held here. Put it back into STRIPE_FORMER_REALMS; nothing of it is lost.`;
