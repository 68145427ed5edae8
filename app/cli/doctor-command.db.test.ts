import { beforeEach, describe, expect, it, vi } from 'vitest';

import { useTestDatabase } from '../../e2e/support/test-database';
import { type DoctorReport } from '../modules/health/shared';
import { askDoctor, refuseFaults } from './start-doctor';
import { type doctorCommand, tellReport } from './doctor-command';

const database = useTestDatabase();
const KEY = 'sk_test_51doctorcommand0000WXYZ';

beforeEach(() => {
  vi.resetModules();
  vi.stubEnv('DATABASE_URL', database.url);
  vi.stubEnv('CREDENCE_MODE', 'production');
  vi.stubEnv('APP_URL', 'http://localhost:3000');
  vi.stubEnv('STRIPE_SECRET_KEY', KEY);
  vi.stubEnv('STRIPE_API_BASE', '');
  vi.stubEnv('STRIPE_WEBHOOK_SECRETS', 'whsec_doctorcommand0000abcd');
  vi.stubEnv('ENCRYPTION_KEYS', 'k'.repeat(32));
  vi.stubEnv('SMTP_URL', 'smtp://me:hunter2222@127.0.0.1:1');
  return () => vi.unstubAllEnvs();
});

async function run(...words: string[]): Promise<{ exit: number; said: string }> {
  const said: string[] = [];
  const { doctorCommand: fresh }: { doctorCommand: typeof doctorCommand } = await import('./doctor-command');
  const exit = await fresh(words, (sentence) => said.push(sentence), false);
  return { exit, said: said.join('\n') };
}

describe('doctor', () => {
  it('answers 1 with a fault, in groups, with what to do and without a secret', async () => {
    const { exit, said } = await run('--offline');
    expect(exit).toBe(1);
    expect(said).toContain('Public address and clock:');
    expect(said).toContain('✗ app_url_localhost  APP_URL is http://localhost:3000');
    expect(said).toContain('→ Set APP_URL to the address that customers type');
    for (const secret of [KEY, 'hunter2222', 'kkkkkkkk', 'whsec_doctorcommand', '\u001b'])
      expect(said).not.toContain(secret);
  });

  it('prints its report as JSON', async () => {
    const report: DoctorReport = JSON.parse((await run('--offline', '--json')).said);
    expect(report).toMatchObject({ realm: null, counts: { fault: expect.any(Number) } });
    expect(report.findings).toContainEqual({
      code: 'app_url_localhost',
      family: 'address',
      severity: 'fault',
      subject: '',
      said: expect.stringContaining('APP_URL is http://localhost:3000'),
      fix: expect.stringContaining('https://credits.example.com'),
      stopsStart: true,
    });
  });

  it('is coloured where it is told so', () => {
    const counts = { fault: 0, warning: 0, ok: 0, skipped: 0 };
    const report: DoctorReport = { at: '', ms: 1, realm: null, counts, findings: [] };
    expect(tellReport(report, true)).toContain('\u001b[32m0 faults');
    expect(tellReport(report, false)).not.toContain('\u001b');
  });
});

describe('a production start', () => {
  const finding = (code: string, stopsStart: boolean) =>
    ({
      code,
      family: 'address',
      severity: 'fault',
      subject: '',
      said: 'said.',
      fix: 'fix.',
      stopsStart,
    }) as const;
  const report: DoctorReport = {
    ...{ at: '', ms: 1, realm: null, counts: { fault: 2, warning: 0, ok: 0, skipped: 0 } },
    findings: [finding('app_url_localhost', true), finding('mail_unreachable', false)],
  };
  const told: string[] = [];
  const say = (sentence: string) => void told.push(sentence);

  it('refuses what lets nothing work, with the list, and warns of the rest', () => {
    expect(() => refuseFaults(report, [], say)).toThrow(
      'The doctor refuses the start:\n✗ app_url_localhost  said.\n    → fix.\nTo start all the same: --ignore-doctor app_url_localhost',
    );
    expect(told.splice(0)).toEqual(['Doctor, mail_unreachable: said. → fix.']);
  });

  it('starts with what it is told to ignore, and says so', () => {
    refuseFaults(report, ['app_url_localhost'], say);
    expect(told.splice(0)[0]).toBe(
      'Doctor, app_url_localhost (ignored: it would stop the start): said. → fix.',
    );
  });

  it('knows what it may ignore', async () => {
    await expect(askDoctor('app_url_lokalhost', say)).rejects.toThrow(
      'The doctor knows no app_url_lokalhost.',
    );
  });
});
