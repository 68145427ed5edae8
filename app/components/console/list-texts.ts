/** What a list of the console says when it cannot be shown. */
export const LIST_TEXTS = {
  400: { happened: 'The address asks for a page that this list did not make.' },
  422: {
    title: 'This search takes too long',
    happened: 'Too many rows fit it, or would have to be looked through, so it was stopped.',
    next: 'Narrow it: a whole id or e-mail address, fewer filters, or a shorter span of days.',
  },
} as const;
