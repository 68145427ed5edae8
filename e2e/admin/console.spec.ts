import { expect, test } from '@playwright/test';

import { logIn } from '../fixtures/accounts';
import { expectAccessible } from '../fixtures/axe';

const PAGES = ['/admin', '/admin/payments', '/admin/customers', '/admin/webhooks', '/admin/webhooks/events'];

test('every console page opens for a viewer, passes axe and fits a phone', async ({ page }) => {
  await logIn(page, 'viewer@demo.test');
  for (const path of PAGES) {
    await page.setViewportSize({ width: 1440, height: 900 });
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBe(200);
    await expectAccessible(page);
    await page.setViewportSize({ width: 390, height: 844 });
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, path).toBe(0);
  }
});

test('no console page or its data opens for a customer or for nobody', async ({ page, request }) => {
  for (const path of PAGES) {
    const nobody = await request.get(path, { maxRedirects: 0 });
    expect(nobody.status(), path).toBe(303);
    const data = await request.get(`${path}.data`, { maxRedirects: 0 });
    expect(await data.text(), path).not.toContain('pay_');
  }
  await logIn(page, 'customer@demo.test');
  for (const path of PAGES) {
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBe(403);
    const data = await page.request.get(`${path}.data`);
    expect(data.status(), path).toBe(403);
  }
});
