import { readdirSync } from 'node:fs';
import { parse, resolve } from 'node:path';

import { type APIRequestContext, type Browser, expect, type Page, test } from '@playwright/test';

import { logIn } from '../fixtures/accounts';
import { expectAccessible } from '../fixtures/axe';
import { CARDS, HostedPage } from '../fixtures/hosted-page';

interface ConsolePage {
  path: string;
  /** The route's id: its file's name without the ending. */
  route: string;
  /** A field that only the data of this route has. */
  field: string;
}

const LISTS: ConsolePage[] = [
  { path: '/admin', route: 'routes/admin._index', field: 'isNew' },
  { path: '/admin/payments', route: 'routes/admin.payments._index', field: 'rows' },
  { path: '/admin/customers', route: 'routes/admin.customers._index', field: 'rows' },
  { path: '/admin/webhooks', route: 'routes/admin.webhooks._index', field: 'rows' },
  { path: '/admin/webhooks/events', route: 'routes/admin.webhooks.events._index', field: 'rows' },
  { path: '/admin/webhooks/calls', route: 'routes/admin.webhooks.calls._index', field: 'rows' },
];

/** Routes without a page, and what staff find in their answers. */
const RESOURCES = [
  { path: '/admin/payments.csv', route: 'routes/admin.payments[.]csv', field: 'payment,created_at' },
  { path: '/admin/search?q=demo', route: 'routes/admin.search', field: 'customers' },
];

/** Files beside the page of a customer, and what staff find in them. */
const CUSTOMER_FILES = [
  { file: 'ledger.csv', route: 'routes/admin.customers.$customerId_.ledger[.]csv', field: 'lot_expires_at' },
  { file: 'ledger.json', route: 'routes/admin.customers.$customerId_.ledger[.]json', field: 'as_of' },
];

/** Each opens from the first row of a list. */
const DETAILS = [
  {
    list: '/admin/payments',
    table: 'Payments',
    leadsTo: /^\/admin\/payments\/pay_/,
    route: 'routes/admin.payments.$paymentId',
    field: 'amountSubtotal',
  },
  {
    list: '/admin/customers',
    table: 'Customers',
    leadsTo: /^\/admin\/customers\/cst_/,
    route: 'routes/admin.customers.$customerId',
    field: 'balances',
  },
  {
    list: '/admin/webhooks/events',
    table: 'Events',
    leadsTo: /^\/admin\/webhooks\/events\/evt_/,
    route: 'routes/admin.webhooks.events.$eventId',
    field: 'attempts',
  },
  {
    list: '/admin/webhooks',
    table: 'Deliveries',
    leadsTo: /^\/admin\/webhooks\/deliveries\/\d/,
    route: 'routes/admin.webhooks.deliveries.$deliveryId',
    field: 'apiVersion',
  },
  {
    list: '/admin/webhooks/calls',
    table: 'Calls to Stripe',
    leadsTo: /^\/admin\/webhooks\/calls\/scl_/,
    route: 'routes/admin.webhooks.calls.$callId',
    field: 'idempotencyKey',
  },
];

/** Each opens from the page of the customer who bought. */
const LEDGER_DETAILS = [
  {
    table: 'Lots',
    leadsTo: /^\/admin\/lots\/lot_/,
    route: 'routes/admin.lots.$lotId',
    field: 'walletId',
  },
  {
    table: 'Ledger',
    leadsTo: /^\/admin\/transfers\/txf_/,
    route: 'routes/admin.transfers.$transferId',
    field: 'reversesId',
  },
];

const LAYOUT: ConsolePage = { path: '/admin', route: 'routes/admin', field: 'person' };

/** A payment, its customer and soon its events, so that no list stays empty. */
async function buyStarter(browser: Browser): Promise<void> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await logIn(page, 'customer@demo.test');
  await page.goto('/');
  await page.getByRole('button', { name: 'Buy Starter' }).click();
  const hosted = new HostedPage(page);
  await hosted.waitUntilOpen();
  await hosted.pay(CARDS.succeeds);
  await page.waitForURL(/\/payments\/pay_/);
  await context.close();
}

/** One page of each kind, as staff find it in its list. */
async function detailPages(staff: Page): Promise<ConsolePage[]> {
  const details: ConsolePage[] = [];
  for (const { list, table, leadsTo, route, field } of DETAILS) {
    const link = staff.getByRole('table', { name: table }).getByRole('link').first();
    await expect(async () => {
      await staff.goto(list);
      await expect(link).toBeVisible();
    }).toPass();
    const href = (await link.getAttribute('href')) ?? '';
    expect(href).toMatch(leadsTo);
    details.push({ path: href, route, field });
  }
  await staff.goto('/admin/customers?q=customer%40demo');
  await staff.getByRole('link', { name: 'customer@demo.test' }).click();
  for (const { table, leadsTo, route, field } of LEDGER_DETAILS) {
    const links = staff.getByRole('table', { name: table }).getByRole('link');
    await expect(links.first()).toBeVisible();
    const hrefs = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
    const href = hrefs.find((one) => leadsTo.test(one)) ?? '';
    expect(href).toMatch(leadsTo);
    details.push({ path: href, route, field });
  }
  return details;
}

async function expectSoundPages(page: Page, pages: readonly ConsolePage[]): Promise<void> {
  for (const { path } of pages) {
    await page.setViewportSize({ width: 1440, height: 900 });
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBe(200);
    await expectAccessible(page);
    await page.setViewportSize({ width: 390, height: 844 });
    // A page of many rows takes a moment to lay itself out anew.
    await expect
      .poll(
        () =>
          page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
        { message: path },
      )
      .toBe(0);
  }
}

test('every list of the console opens for a viewer, passes axe and fits a phone', async ({
  page,
  browser,
}) => {
  await buyStarter(browser);
  await logIn(page, 'viewer@demo.test');
  await expectSoundPages(page, LISTS);
});

test('a page of each kind opens for a viewer, passes axe and fits a phone', async ({ page, browser }) => {
  await buyStarter(browser);
  await logIn(page, 'viewer@demo.test');
  await expectSoundPages(page, await detailPages(page));
});

/** The data of a page, and that of one route alone: the layout's guard is not asked then. */
async function dataOf(request: APIRequestContext, { path, route }: ConsolePage) {
  const alone = new URLSearchParams({ _routes: route });
  return Promise.all(
    [`${path}.data`, `${path}.data?${alone.toString()}`].map(async (address) => {
      const answer = await request.get(address, { maxRedirects: 0 });
      return { address, status: answer.status(), text: await answer.text() };
    }),
  );
}

test('no console page or its data opens for a customer or for nobody', async ({ page, request, browser }) => {
  await buyStarter(browser);
  const desk = await browser.newContext();
  const staff = await desk.newPage();
  await logIn(staff, 'viewer@demo.test');
  const guarded = [LAYOUT, ...LISTS, ...(await detailPages(staff))];
  // The field is there for staff: a refusal is seen by its absence.
  for (const guardedPage of guarded)
    for (const { address, status, text } of await dataOf(staff.request, guardedPage)) {
      expect(status, address).toBe(200);
      expect(text, address).toContain(`"${guardedPage.field}"`);
    }
  const customer = guarded.find(({ path }) => path.startsWith('/admin/customers/'))?.path ?? '';
  const beside = CUSTOMER_FILES.map(({ file, field }) => ({ path: `${customer}/${file}`, field }));
  const resources = [...RESOURCES, ...beside];
  for (const { path, field } of resources)
    expect(await (await staff.request.get(path)).text(), path).toContain(field);
  await desk.close();

  for (const guardedPage of guarded) {
    const nobody = await request.get(guardedPage.path, { maxRedirects: 0 });
    expect(nobody.status(), guardedPage.path).toBe(303);
    for (const { address, text } of await dataOf(request, guardedPage)) {
      expect(text, address).toContain('SingleFetchRedirect');
      expect(text, address).not.toContain(`"${guardedPage.field}"`);
    }
  }
  for (const { path } of resources)
    expect((await request.get(path, { maxRedirects: 0 })).status(), path).toBe(303);
  await logIn(page, 'customer@demo.test');
  for (const { path, field } of resources) {
    const answer = await page.request.get(path);
    expect(answer.status(), path).toBe(403);
    expect(await answer.text(), path).not.toContain(field);
  }
  for (const guardedPage of guarded) {
    const answer = await page.goto(guardedPage.path);
    expect(answer?.status(), guardedPage.path).toBe(403);
    for (const { address, status, text } of await dataOf(page.request, guardedPage)) {
      expect(status, address).toBe(403);
      expect(text, address).not.toContain(`"${guardedPage.field}"`);
    }
  }
});

test('the walks above leave out no page of the console', () => {
  const files = readdirSync(resolve(import.meta.dirname, '../../app/routes'));
  const routes = files.filter((file) => /^admin\b/.test(file)).map((file) => `routes/${parse(file).name}`);
  const walked = [LAYOUT, ...LISTS, ...RESOURCES, ...CUSTOMER_FILES, ...DETAILS, ...LEDGER_DETAILS];
  expect(walked.map(({ route }) => route).sort()).toEqual(routes.sort());
});
