import { type Locator, type Page } from '@playwright/test';
import * as z from 'zod';

import { PROBLEM_CODES } from '../../app/modules/api/shared';
import { expectAccessible } from '../fixtures/axe';
import { hydrated } from '../fixtures/hydrated';
import { expect, test } from '../fixtures/test';

const PAGE = '/api/docs';
const byId = (page: Page, id: string): Locator => page.locator(`[id="${id}"]`);

/** The place is on the screen, below what sticks to its top. */
async function expectOnTop(place: Locator): Promise<void> {
  await expect(place).toBeInViewport();
  await expect(async () => {
    const top = (await place.boundingBox())?.y ?? -1;
    expect(top).toBeGreaterThanOrEqual(44);
    expect(top).toBeLessThan(200);
  }).toPass();
}

const documentOf = z.object({
  paths: z.record(
    z.string(),
    z.record(z.string(), z.object({ operationId: z.string(), summary: z.string() })),
  ),
});

test('has every operation and every problem, each at its anchor', async ({ page, request }) => {
  const { paths } = documentOf.parse(await (await request.get('/api/v1/openapi.json')).json());
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  expect(operations.length).toBeGreaterThan(9);
  await page.goto(PAGE);
  for (const { operationId: id, summary } of operations) {
    await expect(byId(page, id)).toHaveText(summary);
    await expect(page.getByRole('figure', { name: `curl of ${summary}`, exact: true })).toBeVisible();
  }
  const problems = page.getByRole('table', { name: 'Problems', exact: true });
  for (const code of PROBLEM_CODES) await expect(problems.locator(`tr#${code}`)).toBeVisible();
  const twice = await page.evaluate(() => {
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    return ids.filter((id, n) => ids.indexOf(id) < n);
  });
  expect(twice).toEqual([]);
});

test('is where the type of a problem leads', async ({ page, request }) => {
  const refused = await request.get('/api/v1/balance?customer=user_42');
  expect(refused.status()).toBe(401);
  const problem: unknown = await refused.json();
  expect(problem).toMatchObject({ type: expect.stringMatching(/\/api\/docs#invalid_key$/) });
  await page.goto(`${PAGE}#invalid_key`);
  await expectOnTop(byId(page, 'invalid_key'));
});

test('its first command works as it stands', async ({ page, request }) => {
  await page.goto(PAGE);
  const told = (name: string) => page.getByRole('figure', { name }).locator('code').innerText();
  const key = /CREDENCE_KEY=(\S+)/.exec(await told('The key'))?.[1] ?? '';
  const url = /'(http[^']+)'/.exec(await told('What can this customer spend?'))?.[1] ?? '';
  const answer = await request.get(url, { headers: { Authorization: `Bearer ${key}` } });
  expect(answer.status()).toBe(200);
  expect(await answer.json()).toMatchObject({ object: 'balance', external_id: 'user_42', available: 0 });
});

test('its links lead there, one after the other, and back', async ({ page }) => {
  await page.goto(PAGE);
  const contents = page.getByRole('navigation', { name: 'Contents' });
  await contents.getByRole('link', { name: 'Set credits aside' }).click();
  await expectOnTop(byId(page, 'createHold'));
  await expect(contents.getByRole('link', { name: 'Set credits aside' })).toHaveAttribute(
    'aria-current',
    'true',
  );
  await contents.getByRole('link', { name: 'Spend credits', exact: true }).click();
  await expectOnTop(byId(page, 'createSpend'));
  await page.getByRole('list', { name: 'Problems of Spend credits' }).getByText('wallet_frozen').click();
  await expectOnTop(byId(page, 'wallet_frozen'));
  await page.goBack();
  await expect(byId(page, 'createSpend')).toBeAttached();
  await expect(page).toHaveURL(/#createSpend$/);
});

test('the keyboard reaches the contents, and goes on where they lead', async ({ page }) => {
  await page.goto(PAGE);
  const start = page.getByRole('navigation', { name: 'Contents' }).getByRole('link', { name: 'Start' });
  for (let n = 0; n < 12 && !(await start.evaluate((one) => one === document.activeElement)); n++)
    await page.keyboard.press('Tab');
  await expect(start).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(byId(page, 'idempotency')).toBeFocused();
  await page.keyboard.press('Tab');
  const next = page.getByRole('region', { name: 'Once per key' }).getByRole('link').first();
  await expect(next).toBeFocused();
});

test('code is copied as it stands', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(PAGE);
  await hydrated(page);
  const figure = page.getByRole('figure', { name: 'curl of Spend credits' });
  await figure.getByRole('button', { name: 'Copy curl of Spend credits' }).click();
  await expect(figure.getByRole('status')).toHaveText('Copied');
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe(await figure.locator('code').innerText());
});

/** All operations and messages but the first of each, which are drawn the same way. */
const OTHERS = '#content > section:has(> header > h3, > h3) ~ section:has(> header > h3, > h3)';

test('is accessible in light and dark', async ({ page }) => {
  await page.goto(PAGE);
  expect(await page.locator(OTHERS).count()).toBeGreaterThan(9);
  await expectAccessible(page, { except: OTHERS });
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test('nothing is wider than the screen, and the contents fold', async ({ page }) => {
    await page.goto(PAGE);
    const wide = await page.evaluate(() => {
      const [root, page] = [document.documentElement, document.body];
      const clipped = [...page.querySelectorAll('pre, td, th')].filter(
        (one) => one.scrollWidth > one.clientWidth,
      );
      return {
        screen: root.scrollWidth - root.clientWidth,
        clipped: clipped.map(({ textContent }) => textContent),
      };
    });
    expect(wide).toEqual({ screen: 0, clipped: [] });
    await page.getByText('Contents', { exact: true }).click();
    const contents = page.getByRole('navigation', { name: 'Contents' });
    await contents.getByRole('link', { name: 'Give held credits back' }).click();
    await expect(contents).toBeHidden();
    await expectOnTop(byId(page, 'releaseHold'));
    await expectAccessible(page, { except: OTHERS });
  });
});

test('without JavaScript it says the same, and its links lead there', async ({ browser, baseURL }) => {
  const context = await browser.newContext({
    javaScriptEnabled: false,
    ...(baseURL !== undefined && { baseURL }),
  });
  const page = await context.newPage();
  await page.goto(PAGE);
  await page.getByRole('navigation', { name: 'Contents' }).getByRole('link', { name: 'Every code' }).click();
  await expectOnTop(byId(page, 'problems'));
  await expect(byId(page, 'unavailable')).toBeAttached();
  await context.close();
});
