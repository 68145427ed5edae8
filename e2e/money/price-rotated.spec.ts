import { type APIRequestContext } from '@playwright/test';

import { withDatabase } from '../fixtures/database';
import { CARDS } from '../fixtures/hosted-page';
import { makePrice } from '../fixtures/sandbox';
import { buy, expectCredits, leaveCheckout, openCheckout } from '../fixtures/store';
import { expect, test } from '../fixtures/test';

/** A pack of this test alone, so that no other test sees its price change. */
const CODE = `short-lived-${crypto.randomUUID()}`;

test.afterAll(() =>
  withDatabase(async (db) => {
    await db.query('UPDATE catalog_item SET on_sale = false WHERE code = $1', [CODE]);
  }),
);

/** Version n of the pack, sold from now on. */
async function sell(request: APIRequestContext, n: number, pack: { credits: number; cents: number }) {
  const price = await makePrice(request, 'Short-lived', pack.cents);
  await withDatabase(async (db) => {
    const [item, version] = [`itm_${CODE}`, `ver_${CODE}_${n}`];
    await db.query('BEGIN');
    await db.query(
      `INSERT INTO catalog_item (id, code, kind, position) VALUES ($1, $2, 'pack', 99) ON CONFLICT DO NOTHING`,
      [item, CODE],
    );
    await db.query(
      `INSERT INTO catalog_version (id, item, n, name, description, credits) VALUES ($1, $2, $3, 'Short-lived', 'For one test.', $4)`,
      [version, item, n, pack.credits],
    );
    await db.query(`INSERT INTO catalog_price (version, currency, amount) VALUES ($1, 'usd', $2)`, [
      version,
      pack.cents,
    ]);
    await db.query(
      `INSERT INTO stripe_price (realm, version, currency, stripe_id) SELECT id, $1, 'usd', $2 FROM realm WHERE sells`,
      [version, price],
    );
    await db.query('COMMIT');
  });
}

test('a price that changes while the payment page is open grants what was ordered; the next order gets the new one', async ({
  page,
  request,
}) => {
  await sell(request, 1, { credits: 321, cents: 300 });
  const hosted = await openCheckout(page, 'Short-lived');
  await sell(request, 2, { credits: 654, cents: 900 });
  await leaveCheckout(page);
  await expect(page.getByText('321 credits', { exact: false }).first()).toBeVisible();
  await page.getByRole('link', { name: 'Go on to the payment page' }).click();
  await hosted.waitUntilOpen();
  await hosted.pay(CARDS.succeeds);
  await expectCredits(page, '321');

  await page.goto('/');
  const next = await buy(page, 'Short-lived');
  await expect(page.getByText('$9.00').first()).toBeVisible();
  await next.pay(CARDS.succeeds);
  await expectCredits(page, '975');
});
