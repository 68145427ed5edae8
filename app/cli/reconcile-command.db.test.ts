import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { expect, it, vi } from 'vitest';

import { useTestStore } from '../../e2e/money/testing/store';
import { days, utcDay } from '../platform/time';
import { tsxArgs } from './project';
import { reconcileCommand } from './reconcile-command';

const store = useTestStore();

/** In a process of its own, as an operator runs it. */
const credence = (...words: string[]) =>
  promisify(execFile)(process.execPath, [...tsxArgs('app/cli/credence.ts'), 'reconcile', ...words], {
    env: {
      ...process.env,
      ...{ DATABASE_URL: store.url, CREDENCE_MODE: 'test', APP_URL: 'http://127.0.0.1:3999' },
      ...{ STRIPE_SECRET_KEY: store.shop.settings.secretKey, STRIPE_API_BASE: store.shop.settings.apiBase },
      ...{ STRIPE_WEBHOOK_SECRETS: 'whsec_reconcilecommand', MAIL_SANDBOX_URL: store.shop.sandbox.url },
    },
  });

it('refuses words that fit nothing before anything is asked', async () => {
  const faultOf = (...words: string[]) => expect(reconcileCommand(words, () => undefined)).rejects;
  await faultOf('--kind', 'coupon').toThrow('Unknown kind: coupon');
  await faultOf('--from', '2026-02-31').toThrow('is no day');
  await faultOf('--repair').toThrow('--reason');
  await faultOf('--from', '2026-02-02', '--to', '2026-02-01').toThrow('--from must be');
  expect(await store.db.reconcileRun.count()).toBe(0);
});

it('says so when all that was asked for is too young to be compared', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-03-01T00:03:00Z') });
  try {
    const asked = reconcileCommand(['--from', '2026-03-01'], () => undefined);
    await expect(asked).rejects.toThrow('what is younger is on its way');
  } finally {
    vi.useRealTimers();
  }
});

it('tells what was compared, and fails while findings stand', { timeout: 120_000 }, async () => {
  const yesterday = utcDay(new Date(Date.now() - days(1)));
  const { stdout } = await credence('--from', yesterday);
  expect(stdout).toContain('Payment pages');
  expect(stdout).toContain('Nothing differs.');
  await store.db.finding.create({
    data: {
      ...{ id: 'fnd_1', realmId: store.shop.realm.id, kind: 'granted_not_paid', subject: 'pay_1' },
      ...{ detail: 'pay_1 has credits', cause: 'run:rcn_1' },
    },
  });
  const failed = await credence('--json', '--kind', 'refund').catch((error: unknown) => error);
  expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('1 findings stand') });
  expect(failed).toMatchObject({ stdout: expect.stringContaining('"granted_not_paid"') });
});
