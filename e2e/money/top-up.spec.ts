import { expect, type Page } from '@playwright/test';

import { freshEmail, linkInMail, signUp } from '../fixtures/accounts';
import { expectAccessible } from '../fixtures/axe';
import { CARDS, HostedPage } from '../fixtures/hosted-page';
import { spendCredits } from '../fixtures/spend';
import { test } from '../fixtures/test';

const PAGE = '/settings/auto-top-up';
const FAILS_LATER = '4000000000000341';

/** The page says it once the worker has heard of it. */
async function expectSoon(page: Page, path: string, text: string | RegExp): Promise<void> {
  await expect(async () => {
    await page.goto(path);
    await expect(page.getByText(text).first()).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
}

async function saveCard(page: Page, card: string): Promise<void> {
  const hosted = new HostedPage(page);
  await hosted.waitUntilOpen();
  await hosted.pay(card);
  await page.waitForURL(/\/settings\/auto-top-up\?setup=cds_/);
}

test('a customer turns automatic top-up on, it buys when credits run low, and a refused card pauses it', async ({
  page,
}) => {
  const email = freshEmail();
  await signUp(page, email);

  // Nothing is agreed to without the box.
  await page.goto(PAGE);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Agree and save a card' }).click();
  await expect(page.getByText('Tick the box: without your word nothing is bought.')).toBeVisible();
  await page.getByLabel('When fewer credits are left than').fill('none');
  await page.getByRole('button', { name: 'Agree and save a card' }).click();
  await expect(page.getByText('Write a whole number, digits only.')).toBeVisible();
  // The refusal is read while its page is still being read anew, and until then the button takes no second press.
  await expect(page.getByRole('button', { name: 'Agree and save a card' })).toBeEnabled();

  // By keyboard alone; the sentence follows what is typed.
  await page.getByLabel('When fewer credits are left than').fill('100');
  await page.getByLabel(/^At most in a month/).fill('20');
  await page.getByLabel(/I have fewer than 100 credits left.*more than \$20\.00 in all/).focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await saveCard(page, CARDS.succeeds);
  await expect(page.getByText('On', { exact: true })).toBeVisible({ timeout: 30_000 });
  await expectAccessible(page);

  // Without a credit it buys at once, and again when the product has spent them.
  await expectSoon(page, '/history', 'You have 500 credits to spend.');
  await spendCredits(email, 450);
  await expectSoon(page, '/history', 'You have 550 credits to spend.');
  await expect(page.getByText('Automatic purchase', { exact: true })).toHaveCount(2);
  await expectSoon(page, PAGE, '$10.00');
  await expect(page.getByRole('row', { name: /500 credits .* Paid \$5\.00/ })).toHaveCount(2);
  await linkInMail(page, email, PAGE);

  // Another card, which its bank refuses later: nothing more is bought, and the page says what to do.
  await page.getByLabel('Card', { exact: true }).selectOption('new');
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Agree and save a card' }).click();
  await saveCard(page, FAILS_LATER);
  await expect(page.getByText(/0341, until/)).toBeVisible({ timeout: 30_000 });
  await spendCredits(email, 500);
  await expectSoon(page, PAGE, 'Paused: your card was declined');
  await expect(page.getByText(/Save another card, or turn it on again/)).toBeVisible();
  await expect(page.getByRole('row', { name: /Not charged/ })).toHaveCount(1);
  await expectAccessible(page);

  // A good card goes on from there.
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(PAGE);
  await expectAccessible(page);
  await page.getByLabel('Card', { exact: true }).selectOption('new');
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Agree and save a card' }).click();
  await saveCard(page, CARDS.succeeds);
  await expectSoon(page, '/history', 'You have 550 credits to spend.');

  await page.goto(PAGE);
  await page.getByRole('button', { name: 'Switch it off' }).click();
  await expect(
    page.getByText('Automatic top-up is off. Nothing is bought by itself any more.'),
  ).toBeVisible();
});
