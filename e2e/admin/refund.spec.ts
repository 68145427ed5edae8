import { type Browser, type Page } from '@playwright/test';
import * as z from 'zod';

import { freshEmail, logIn, signUp } from '../fixtures/accounts';
import { expectAccessible } from '../fixtures/axe';
import { withDatabase } from '../fixtures/database';
import { CARDS } from '../fixtures/hosted-page';
import { hydrated } from '../fixtures/hydrated';
import { spendCredits } from '../fixtures/spend';
import { refundedAt } from '../fixtures/stripe-truth';
import { buy, expectCredits } from '../fixtures/store';
import { expect, test } from '../fixtures/test';

const books = z.tuple([
  z.object({ intent: z.string(), available: z.coerce.number(), refunds: z.coerce.number() }),
]);

const readBooks = (paymentId: string) =>
  withDatabase(async (db) => {
    const { rows } = await db.query(
      `SELECT p.stripe_intent AS intent, w.available, (SELECT count(*) FROM money_back m WHERE m.payment = p.id) AS refunds
       FROM payment p JOIN wallet w ON w.customer = p.customer AND w.book = 'test' WHERE p.id = $1`,
      [paymentId],
    );
    return books.parse(rows)[0];
  });

/** One of the staff before the filled dialog for a part of the payment. */
async function fillRefund(browser: Browser, who: string, path: string): Promise<Page> {
  const desk = await browser.newContext();
  const staff = await desk.newPage();
  await logIn(staff, who);
  await staff.goto(path);
  await hydrated(staff);
  await staff.getByRole('button', { name: 'Refund', exact: true }).click();
  const dialog = staff.getByRole('dialog', { name: 'Refund this payment' });
  // The dialog grows with what the server foresees, and moves what is pressed meanwhile.
  await expect(dialog.getByRole('table', { name: 'What will change' })).toBeVisible();
  await dialog.getByLabel('A part').check();
  await dialog.getByLabel('Amount in USD').fill('15.005');
  await expect(dialog.getByText('That is no amount in USD.')).toBeVisible();
  await dialog.getByLabel('Amount in USD').fill('15');
  const changes = dialog.getByRole('table', { name: 'What will change' });
  // ⌊2,500 × 15 ÷ 20⌋ = 1,875 are to go; 1,500 are left.
  await expect(
    changes.getByRole('row', { name: /^Refunded \$0\.00 becomes \$15\.00|^Refunded \$0\.00 \$15\.00/ }),
  ).toBeVisible();
  await expect(changes.getByRole('row', { name: /Its credits to spend 1,500 .*0$/ })).toBeVisible();
  await expect(changes.getByRole('row', { name: /Shortfall, written off 0 .*375$/ })).toBeVisible();
  await dialog.getByLabel('Reason').selectOption('The customer asks for it');
  await dialog.getByLabel('Comment').fill('ticket 4711');
  return staff;
}

const SEND = 'Refund $15.00 and take back 1,500 credits';

/** A double click whose second half comes when the answer is there: it closes nothing. */
async function clickTwiceSlowly(staff: Page): Promise<void> {
  const dialog = staff.getByRole('dialog');
  const button = await dialog.getByRole('button', { name: SEND }).boundingBox();
  if (button === null) throw new Error('The button is out of sight.');
  await staff.mouse.move(button.x + button.width - 8, button.y + button.height / 2);
  await staff.mouse.down({ clickCount: 1 });
  await staff.mouse.up({ clickCount: 1 });
  await expect(dialog.getByRole('status')).toContainText(/refund/i);
  await staff.mouse.down({ clickCount: 2 });
  await staff.mouse.up({ clickCount: 2 });
}

test(
  'a partial refund of spent credits tells its shortfall, and is one refund by a double click and two people',
  { tag: '@stripe' },
  async ({ page, browser, request }) => {
    const email = freshEmail();
    await signUp(page, email);
    await page.goto('/');
    const hosted = await buy(page, 'Team');
    await hosted.pay(CARDS.succeeds);
    await expectCredits(page, '2,500');
    const paymentId = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    await spendCredits(email, 1000);
    const path = `/admin/payments/${paymentId}`;
    const [first, second] = await Promise.all([
      fillRefund(browser, 'support@demo.test', path),
      fillRefund(browser, 'finance@demo.test', path),
    ]);
    await expectAccessible(first);
    await Promise.all([clickTwiceSlowly(first), second.getByRole('button', { name: SEND }).dblclick()]);
    const told = [first, second].map((staff) => staff.getByRole('dialog').getByRole('status'));
    // Whoever was second, by another hand or a second click, hears how the one refund stands then: under way, or done.
    for (const answer of told)
      await expect(answer).toContainText(
        /Stripe has refunded \$15\.00|Stripe has not answered yet|yours added none/,
      );
    const words = await Promise.all(told.map((answer) => answer.innerText()));
    expect(words.filter((text) => text.includes('yours added none'))).toHaveLength(1);

    await expect(async () => {
      const { intent, available, refunds } = await readBooks(paymentId);
      expect({ available, refunds }).toEqual({ available: 0, refunds: 1 });
      expect(await refundedAt(request, intent)).toEqual([1500]);
    }).toPass();

    await first.getByRole('link', { name: 'See the refund' }).click();
    const row = first.getByRole('table', { name: 'Refunds' }).getByRole('row').nth(1);
    await expect(row).toContainText('$15.00');
    await expect(row).toContainText('375');
    await expectAccessible(first);
    await row.getByRole('link', { name: '$15.00' }).click();
    const stream = first.getByRole('list', { name: /^Timeline/ });
    await expect(stream.getByText('“ticket 4711”')).toBeVisible();
    await expect(stream.getByText('refund.create').first()).toBeVisible();
    await first.context().close();
    await second.context().close();
  },
);

test('a refund whose answer is lost on the way is the same refund when it is sent again', async ({
  page,
  browser,
  request,
}) => {
  const email = freshEmail();
  await signUp(page, email);
  await page.goto('/');
  const hosted = await buy(page, 'Team');
  await hosted.pay(CARDS.succeeds);
  await expectCredits(page, '2,500');
  const paymentId = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  const desk = await browser.newContext();
  const staff = await desk.newPage();
  await logIn(staff, 'support@demo.test');
  await staff.goto(`/admin/payments/${paymentId}`);
  await hydrated(staff);
  await staff.getByRole('button', { name: 'Refund', exact: true }).click();
  const dialog = staff.getByRole('dialog', { name: 'Refund this payment' });
  // The dialog grows with what the server foresees, and moves what is pressed meanwhile.
  await expect(dialog.getByRole('table', { name: 'What will change' })).toBeVisible();
  await dialog.getByLabel('A part').check();
  await dialog.getByLabel('Amount in USD').fill('5');
  await dialog.getByLabel('Reason').selectOption('The customer asks for it');
  await dialog.getByLabel('Comment').fill('ticket 4712');
  const send = dialog.getByRole('button', { name: 'Refund $5.00 and take back 625 credits' });
  await staff.route(/\/refund(\.data)?(\?|$)/, async (route) => {
    if (route.request().method() !== 'POST') return route.fallback();
    await route.fetch();
    await route.abort('connectionreset');
  });
  await send.click();
  await expect(dialog.getByRole('alert')).toContainText('No answer came');
  await staff.unrouteAll();
  await send.click();
  // How the one refund stands at that moment: done, or under way on a busy machine.
  await expect(dialog.getByRole('status')).toContainText(
    /Stripe has refunded \$5\.00|Stripe has not answered yet/,
  );
  await expect(async () => {
    const { intent, available, refunds } = await readBooks(paymentId);
    expect({ available, refunds }).toEqual({ available: 1875, refunds: 1 });
    expect(await refundedAt(request, intent)).toEqual([500]);
  }).toPass();
  await desk.close();
});
