import { createHmac } from 'node:crypto';

import { expect, test } from '@playwright/test';

import { logIn } from '../fixtures/accounts';

const PATHS = [
  '/webhooks/stripe',
  '/stripe/webhook',
  '/stripe/subscription-webhook',
  '/api/webhooks/stripe',
  '/payments-webhook',
];

const event = (id: string) =>
  JSON.stringify({
    id,
    object: 'event',
    type: 'charge.succeeded',
    created: 1,
    livemode: false,
    api_version: '2026-10-28.endive',
    data: { object: { id: 'ch_1', object: 'charge' } },
  });

const sign = (body: string, secret: string) => {
  const t = Math.floor(Date.now() / 1000);
  return `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')}`;
};

test('all five paths refuse a forged event alike, and the console shows each refusal', async ({
  page,
  request,
}) => {
  for (const path of PATHS) {
    const body = event(`evt_${crypto.randomUUID().replaceAll('-', '')}`);
    const answer = await request.post(path, {
      data: body,
      headers: {
        'content-type': 'application/json',
        'stripe-signature': sign(body, 'whsec_forged_by_somebody'),
      },
    });
    expect(answer.status(), path).toBe(400);
    const got = await request.get(path);
    expect(got.status(), path).toBe(405);
  }
  await logIn(page, 'viewer@demo.test');
  await page.goto('/admin/webhooks?verdict=bad_signature');
  const table = page.getByRole('table').first();
  for (const path of PATHS) await expect(table.getByText(path, { exact: true }).first()).toBeVisible();
});

test('an oversized body is refused, and the console shows it', async ({ page, request }) => {
  const agent = `oversized ${crypto.randomUUID()}`;
  const answer = await request.post('/webhooks/stripe', {
    data: 'x'.repeat(1024 * 1024 + 1),
    headers: { 'stripe-signature': 't=1,v1=00', 'user-agent': agent },
  });
  expect(answer.status()).toBe(413);
  await logIn(page, 'viewer@demo.test');
  await page.goto('/admin/webhooks?verdict=too_big');
  const row = page.getByRole('table', { name: 'Deliveries' }).getByRole('row').filter({ hasText: agent });
  await expect(row).toHaveCount(1);
  await expect(row).toContainText('Too big');
  await expect(row).toContainText('413');
});

test('the process says that it is alive and ready', async ({ request }) => {
  expect((await request.get('/healthz')).status()).toBe(200);
  expect((await request.get('/readyz')).status()).toBe(200);
});
