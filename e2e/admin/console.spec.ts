import { type APIRequestContext, type Browser, expect, type Page, test } from '@playwright/test';

import { logIn } from '../fixtures/accounts';
import { expectAccessible } from '../fixtures/axe';
import { findConsolePages, type FoundPage, stringsIn } from '../fixtures/console-pages';

async function expectNoSidewaysScroll(page: Page, path: string): Promise<void> {
  await page.setViewportSize({ width: 390, height: 844 });
  // A page of many rows takes a moment to lay itself out anew.
  await expect
    .poll(
      () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
      { message: path },
    )
    .toBe(0);
  await page.setViewportSize({ width: 1440, height: 900 });
}

/** On a desk every column is seen at once: a table that is wider than its place hides its last ones. */
async function expectTablesFit(page: Page, path: string): Promise<void> {
  await expect
    .poll(
      () =>
        page
          .getByRole('table')
          .evaluateAll((tables) =>
            tables
              .filter((table) => table.scrollWidth > (table.parentElement?.clientWidth ?? 0))
              .map((table) => table.getAttribute('aria-label')),
          ),
      { message: `${path}: tables wider than their place` },
    )
    .toEqual([]);
}

/** Opens each dialog of a page in turn. Nothing is sent. */
async function expectSoundDialogs(page: Page, path: string): Promise<number> {
  const openers = page.getByRole('main').locator('button[aria-haspopup="dialog"]:visible:enabled');
  const labels = new Set<string>();
  for (let n = 0; n < (await openers.count()); n += 1) {
    const opener = openers.nth(n);
    const label = (await opener.textContent()) ?? '';
    // The same act on the next row is the same dialog.
    if (labels.has(label)) continue;
    labels.add(label);
    await opener.click();
    const dialog = page.getByRole('dialog');
    await expect(dialog, `${path}: ${label}`).toBeVisible();
    await expectAccessible(page);
    await expectNoSidewaysScroll(page, `${path}: ${label}`);
    if (n % 2 === 0) await page.keyboard.press('Escape');
    else await dialog.getByRole('button', { name: 'Close', exact: true }).click();
    await expect(dialog).toBeHidden();
    await expect(opener, `${path}: focus returns to “${label}”`).toBeFocused();
  }
  return labels.size;
}

/** The pages are looked at in so many tests of like length. */
const SHARES = 9;
let crawled: Promise<FoundPage[]> | undefined;

for (let share = 0; share < SHARES; share += 1) {
  test(`every page and every dialog of the console passes axe, fits a phone and gives the focus back: ${share + 1} of ${SHARES}`, async ({
    page,
  }) => {
    await logIn(page, 'admin@demo.test');
    const pages = await (crawled ??= findConsolePages(page.request));
    let dialogs = 0;
    for (const { path } of pages.filter((_page, n) => n % SHARES === share)) {
      await page.setViewportSize({ width: 1440, height: 900 });
      const answer = await page.goto(path);
      expect(answer?.status(), path).toBe(200);
      await expectAccessible(page);
      await expectTablesFit(page, path);
      await expectNoSidewaysScroll(page, path);
      dialogs += await expectSoundDialogs(page, path);
    }
    expect(dialogs, 'dialogs that were opened').toBeGreaterThan(0);
  });
}

test('a table that scrolls sideways takes the keyboard before its page has scripts', async ({ browser }) => {
  const context = await browser.newContext({
    ...{ javaScriptEnabled: false, viewport: { width: 390, height: 844 } },
  });
  const page = await context.newPage();
  await logIn(page, 'admin@demo.test');
  await page.goto('/admin/webhooks');
  const region = page.getByRole('region', { name: 'Deliveries' });
  expect(await region.evaluate(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)).toBe(true);
  await region.focus();
  await expect(region).toBeFocused();
});

/** The data of a page, and that of one route alone: the layout's guard is not asked then. */
async function dataOf(request: APIRequestContext, { path, route }: FoundPage) {
  const url = new URL(path, 'http://console');
  const alone = new URLSearchParams({ _routes: route });
  return Promise.all(
    [`${url.pathname}.data${url.search}`, `${url.pathname}.data?${alone.toString()}`].map(async (address) => {
      const answer = await request.get(address, { maxRedirects: 0 });
      return { address, status: answer.status(), text: await answer.text() };
    }),
  );
}

/** What single fetch and our refusals say to anybody. */
const SAID_TO_ALL =
  /^(_-?\d+|routes\/.*|root|data|error|status|statusText|internal|redirect|replace|reload|revalidate|[A-Z]\w+)$/;

async function visitor(browser: Browser, email?: string): Promise<APIRequestContext> {
  const context = await browser.newContext();
  if (email !== undefined) await logIn(await context.newPage(), email);
  return context.request;
}

test('no console page or its data opens for a customer or for nobody', async ({ browser }) => {
  const staff = await visitor(browser, 'admin@demo.test');
  const customer = await visitor(browser, 'customer@demo.test');
  const nobody = await visitor(browser);
  // What the root tells every page of every reader.
  const told = stringsIn(await (await customer.get('/history.data?_routes=root')).text());
  let dialogs = 0;
  for (const found of await findConsolePages(staff)) {
    dialogs += (await (await staff.get(found.path)).text()).split('aria-haspopup="dialog"').length - 1;
    const shown = await dataOf(staff, found);
    for (const { address, status } of shown) expect(status, address).toBe(200);
    const own = new Set([...stringsIn(shown[1]?.text ?? '')].filter((text) => !told.has(text)));
    expect((await nobody.get(found.path, { maxRedirects: 0 })).status(), found.path).toBe(303);
    expect((await customer.get(found.path)).status(), found.path).toBe(403);
    for (const { address, status, text } of await dataOf(nobody, found)) {
      expect(status, address).toBe(202);
      expect(text, address).toContain('SingleFetchRedirect');
      expect(leaked(own, text), address).toEqual([]);
    }
    for (const { address, status, text } of await dataOf(customer, found)) {
      expect(status, address).toBe(403);
      expect(leaked(own, text), address).toEqual([]);
    }
  }
  expect(dialogs, 'dialogs that the pages offer').toBeGreaterThan(10);
});

const leaked = (own: ReadonlySet<string>, answer: string): string[] =>
  [...stringsIn(answer)].filter((text) => own.has(text) && !SAID_TO_ALL.test(text));
