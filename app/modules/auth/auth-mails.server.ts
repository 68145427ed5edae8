import { layOutMail, type MailContent, queueMail } from '~/modules/mail/index.server';
import { type Tx } from '~/platform/db.server';

import { type IssuedToken } from './email-tokens.server';

interface Recipient {
  email: string;
}

interface Reader extends Recipient {
  name: string;
  emailVerifiedAt: Date | null;
}

/**
 * No name goes to an address that nobody has confirmed: whoever signs up with a stranger's address writes the name, and
 * would have us mail the stranger their words.
 */
const greetingOf = ({ name, emailVerifiedAt }: Reader): string =>
  emailVerifiedAt === null ? 'Hello,' : `Hello ${name},`;

interface AuthMail extends MailContent {
  cause: string;
  kind: string;
  subject: string;
}

async function queue(
  tx: Tx,
  reader: Recipient,
  { cause, kind, subject, ...content }: AuthMail,
): Promise<void> {
  await queueMail(tx, { cause, kind, recipient: reader.email, subject, ...layOutMail(content) });
}

const link = (appUrl: string, path: string, parameters: Record<string, string | undefined>): string => {
  const url = new URL(path, `${appUrl}/`);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url.href;
};

export async function mailVerification(
  tx: Tx,
  reader: Recipient,
  { token, id }: IssuedToken,
  where: { appUrl: string; next?: string | undefined },
): Promise<void> {
  await queue(tx, reader, {
    cause: `token:${id}`,
    kind: 'auth.verify',
    subject: 'Confirm your e-mail address',
    heading: 'Confirm your e-mail address',
    paragraphs: [
      'Hello, your account is nearly ready. Confirm this address with the password you chose at sign-up, and you are logged in.',
    ],
    button: {
      label: 'Confirm this address',
      url: link(where.appUrl, '/verify-email', { token, next: where.next }),
    },
    footnotes: [
      'The link works once, within 24 hours.',
      'If you did not sign up, do nothing: without your link the account stays shut.',
    ],
  });
}

export async function mailReset(
  tx: Tx,
  reader: Reader,
  { token, id }: IssuedToken,
  appUrl: string,
): Promise<void> {
  await queue(tx, reader, {
    cause: `token:${id}`,
    kind: 'auth.reset',
    subject: 'Choose a new password',
    heading: 'Choose a new password',
    paragraphs: [
      `${greetingOf(reader)} someone, hopefully you, asked to set a new password for your account.`,
    ],
    button: { label: 'Choose a new password', url: link(appUrl, '/reset-password', { token }) },
    footnotes: [
      'The link works once, within an hour.',
      'If it was not you, do nothing: your password stays as it is.',
    ],
  });
}

export async function mailSignUpTaken(
  tx: Tx,
  reader: Reader,
  { token, id }: IssuedToken,
  appUrl: string,
): Promise<void> {
  await queue(tx, reader, {
    cause: `token:${id}`,
    kind: 'auth.sign_up_taken',
    subject: 'You already have an account',
    heading: 'You already have an account',
    paragraphs: [
      `${greetingOf(reader)} someone tried to sign up with your address. There is an account for it already, so nothing was changed.`,
      `If it was you, log in at ${link(appUrl, '/log-in', {})}. If you do not know the password, choose a new one; that also confirms your address.`,
    ],
    button: { label: 'Choose a new password', url: link(appUrl, '/reset-password', { token }) },
    footnotes: ['The link works once, within an hour.', 'If it was not you, do nothing.'],
  });
}

export async function mailPasswordChanged(
  tx: Tx,
  reader: Recipient & { id: string },
  now: Date,
  appUrl: string,
): Promise<void> {
  await queue(tx, reader, {
    cause: `password:${reader.id}:${now.toISOString()}`,
    kind: 'auth.password_changed',
    subject: 'Your password was changed',
    heading: 'Your password was changed',
    paragraphs: [
      'Hello, the password of your account was changed just now, and every other log-in was ended.',
    ],
    button: { label: 'It was not me', url: link(appUrl, '/forgot-password', {}) },
    footnotes: ['If it was you, there is nothing to do.'],
  });
}
