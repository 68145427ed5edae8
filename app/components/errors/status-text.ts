export interface StatusText {
  title: string;
  /** What happened. */
  happened: string;
  /** Whether money moved. */
  money: string;
  /** What to do next. */
  next: string;
}

export const ERROR_STATUSES = [400, 401, 403, 404, 409, 422, 429, 500, 503] as const;

export type ErrorStatus = (typeof ERROR_STATUSES)[number];

const UNTOUCHED = 'Nothing was changed and no money moved.';

export const STATUS_TEXT: Record<ErrorStatus, StatusText> = {
  400: {
    title: 'We could not read that request',
    happened: 'Part of the address or of the form was missing or malformed.',
    money: UNTOUCHED,
    next: 'Go back and try again from the page itself.',
  },
  401: {
    title: 'Please log in first',
    happened: 'This page belongs to an account, and you are not logged in.',
    money: UNTOUCHED,
    next: 'Log in, and we bring you back here.',
  },
  403: {
    title: 'Your account has no access to this',
    happened: 'This page needs a role that your account does not have.',
    money: UNTOUCHED,
    next: 'If you need it, ask an administrator of your team.',
  },
  404: {
    title: 'There is nothing at this address',
    happened: 'The link may be old or mistyped, or lead to something that is not yours to see.',
    money: UNTOUCHED,
    next: 'Check the address, or start again from here.',
  },
  409: {
    title: 'It changed while you were looking',
    happened:
      'Someone, or an event from Stripe, changed this before your request arrived, so it was not carried out.',
    money: 'Your request moved no money.',
    next: 'Reload the page, look at where it stands now, and decide again.',
  },
  422: {
    title: 'Some values were not accepted',
    happened: 'What was sent does not fit what this page asks for.',
    money: UNTOUCHED,
    next: 'Go back, correct the values, and send them again.',
  },
  429: {
    title: 'Too many attempts in a short time',
    happened: 'To protect accounts and cards, this is limited for a while.',
    money: UNTOUCHED,
    next: 'Wait a few minutes, then try again.',
  },
  500: {
    title: 'Something broke on our side',
    happened: 'An unexpected fault was recorded under the number below.',
    money: 'If a payment was under way it is safe: every settled payment is credited exactly once.',
    next: 'Look at your history before you try again. If it stays broken, tell us the number.',
  },
  503: {
    title: 'Not available at the moment',
    happened: 'A service that this page needs is not answering.',
    money: 'A payment that was made is kept, and is credited as soon as the service is back.',
    next: 'Wait a minute, then reload the page.',
  },
};

/** The text of a status; an unlisted one is told as its family: 4xx as 400, everything else as 500. */
export function statusText(status: number): StatusText {
  const known = ERROR_STATUSES.find((candidate) => candidate === status);
  if (known !== undefined) return STATUS_TEXT[known];
  return STATUS_TEXT[status >= 400 && status < 500 ? 400 : 500];
}
