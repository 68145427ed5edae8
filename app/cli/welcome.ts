import { DEMO_ACCOUNTS, DEMO_PASSWORD } from '../../prisma/demo';
import { DEMO_API_KEY } from '../modules/clients/shared';
import { type StartSettings } from './start-settings';

const TEST_CARDS = [
  ['4242 4242 4242 4242', 'succeeds'],
  ['4000 0000 0000 0002', 'is declined'],
  ['4000 0000 0000 3220', 'asks for 3-D Secure'],
] as const;

/** What a newcomer needs once everything runs. */
export function welcome(settings: StartSettings, logFolder: string | null, isFresh: boolean): string {
  const { env, sandbox, isDemo } = settings;
  const lines = ['', `Credence runs at ${env.APP_URL}`, `  console        ${env.APP_URL}/admin`];
  if (sandbox) {
    lines.push(`  Stripe sandbox ${env.SANDBOX_PANEL_URL}`);
    if (env.MAIL_SANDBOX_URL) lines.push(`  mail           ${sandbox.url}/panel/mail`);
  }
  if (isDemo) {
    lines.push('', `Demo accounts, each with password ${DEMO_PASSWORD}`);
    for (const { email, role } of DEMO_ACCOUNTS) lines.push(`  ${email.padEnd(22)} ${role}`);
    lines.push('', `API key of the demo's product (${env.APP_URL}/api/docs)`, `  ${DEMO_API_KEY}`);
    if (isFresh)
      lines.push('', 'A few demo purchases are being paid just now: the console shows them arrive.');
  }
  if (sandbox) {
    lines.push('', 'Test cards, with any future date and any CVC');
    for (const [card, effect] of TEST_CARDS) lines.push(`  ${card.padEnd(22)} ${effect}`);
  }
  if (logFolder !== null) lines.push('', `Logs: ${logFolder}`);
  lines.push('', 'Ctrl-C stops everything; the next start finds the same data.', '');
  return lines.join('\n');
}
