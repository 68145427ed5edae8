import { createTransport } from 'nodemailer';
import * as z from 'zod';

import { seconds } from '~/platform/time';

export interface OutgoingMail {
  id: string;
  to: string;
  subject: string;
  text: string;
  html: string;
}

export interface Mailer {
  /** @throws when the mail was not taken. */
  send(mail: OutgoingMail): Promise<void>;
}

const SEND_TIMEOUT = seconds(20);

/** A real mail server. The message id is the row's: a mail sent twice after a crash is one mail to the reader's client. */
export function smtpMailer(url: string, from: string): Mailer {
  const transport = createTransport(url, { from });
  return {
    async send({ id, ...mail }) {
      await transport.sendMail({ ...mail, messageId: `<${id}@${hostOf(from)}>` });
    },
  };
}

/** The demo's mail page: the mail is posted as JSON and read in the browser. */
export function sandboxMailer(url: string, from: string): Mailer {
  return {
    async send({ to, subject, text, html }) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ from, to, subject, text, html }),
        signal: AbortSignal.timeout(SEND_TIMEOUT),
      });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`The mail page answered ${response.status}.`);
    },
  };
}

const refusal = z.object({ code: z.literal('EENVELOPE'), responseCode: z.number().min(500) });

/** True when the server said that this recipient will never be accepted. */
export const isRefusedForGood = (error: unknown): boolean => refusal.safeParse(error).success;

const hostOf = (from: string): string => /@([^\s>]+)/.exec(from)?.[1] ?? 'localhost';
