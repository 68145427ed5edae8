export interface HandOffWords {
  title: string;
  said: string;
}

/** Why a link does not open the store, or does no more. */
export const LINK_OVER: Record<'used' | 'expired', HandOffWords> = {
  used: {
    title: 'This link was used already',
    said: 'Each link opens the store once. Go back and open the store from there again: you get a new one.',
  },
  expired: {
    title: 'This link is too old',
    said: 'A link opens the store for two minutes. Go back and open the store from there again: you get a new one.',
  },
};

export const LINK_UNKNOWN: HandOffWords = {
  title: 'This link does not open anything',
  said: 'It may be incomplete. Open the store again from where you came from: you get a new link.',
};

export const VISIT_OVER: HandOffWords = {
  title: 'Your visit to the store is over',
  said: 'Whatever you paid for is credited, also without this page. To see your credits or buy more, go back and open the store from there again.',
};
