import { env } from '~/platform/env.server';

import { type Mailer, sandboxMailer, smtpMailer } from './mailer.server';

let mailer: Mailer | undefined;

/** The mailer of this process: the mail server if one is set, else the demo's mail page. */
export function mailerOfEnv(): Mailer {
  mailer ??= make();
  return mailer;
}

function make(): Mailer {
  const { SMTP_URL, MAIL_SANDBOX_URL, MAIL_FROM } = env();
  if (SMTP_URL !== undefined) return smtpMailer(SMTP_URL, MAIL_FROM);
  if (MAIL_SANDBOX_URL !== undefined) return sandboxMailer(MAIL_SANDBOX_URL, MAIL_FROM);
  throw new Error('Neither SMTP_URL nor MAIL_SANDBOX_URL is set.');
}

/** Where the demo's mail is read; undefined when mail goes to real addresses. */
export function demoMailPage(): string | undefined {
  const { SMTP_URL, SANDBOX_PANEL_URL } = env();
  return SMTP_URL === undefined && SANDBOX_PANEL_URL !== undefined ? `${SANDBOX_PANEL_URL}/mail` : undefined;
}
