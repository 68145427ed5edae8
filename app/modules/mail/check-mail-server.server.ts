import { createTransport } from 'nodemailer';

import { type Env } from '~/platform/env.server';
import { seconds } from '~/platform/time';

export type MailServerOutcome =
  | { outcome: 'taken' }
  /** Why no mail could be sent, without the password. */
  | { outcome: 'unreachable'; host: string; reason: string };

const PATIENCE = seconds(6);

/** Whether the mail server that is set lets us in; no mail is sent. The demo's mail page is only reached. */
export async function checkMailServer({
  SMTP_URL,
  MAIL_SANDBOX_URL,
}: Pick<Env, 'SMTP_URL' | 'MAIL_SANDBOX_URL'>): Promise<MailServerOutcome> {
  const address = SMTP_URL ?? MAIL_SANDBOX_URL ?? '';
  try {
    if (SMTP_URL === undefined) await reach(address);
    else await logIn(SMTP_URL);
    return { outcome: 'taken' };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { outcome: 'unreachable', host: new URL(address).host, reason };
  }
}

async function logIn(url: string): Promise<void> {
  const address = new URL(url);
  // Options beside an address are not heard.
  for (const name of ['dnsTimeout', 'connectionTimeout', 'greetingTimeout', 'socketTimeout'])
    address.searchParams.set(name, String(PATIENCE));
  const transport = createTransport(address.href);
  try {
    await transport.verify();
  } finally {
    transport.close();
  }
}

async function reach(url: string): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE) });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`it answered ${String(response.status)}`);
}
