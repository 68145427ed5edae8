import { type Page } from '@playwright/test';

import { expect, test } from '../fixtures/test';

import { freshEmail, signUp } from '../fixtures/accounts';
import { expectAccessible } from '../fixtures/axe';
import { makePromotionCode } from '../fixtures/sandbox';
import { type Entry, expectPayments, expectStatement } from '../fixtures/statement';
import { buy, expectCredits, openCheckout } from '../fixtures/store';
import { StripePanel } from '../fixtures/stripe-panel';

const BOUGHT: Entry = ['Credits added', '+2,500', '2,500'];

/** The bank takes its time until the test answers for it. */
const SLOW_DEBIT = 'AT321904300235473204';

/** A new customer who ordered a debit of a pack priced in euros, and what they read meanwhile. */
async function debitInEuros(page: Page): Promise<{ panel: StripePanel; address: string }> {
  const email = freshEmail();
  await signUp(page, email);
  await page.goto('/');
  await expect(page.getByText('$20.00')).toBeVisible();
  await page.getByRole('button', { name: 'Euro' }).click();
  await expect(page.getByText('€18.50')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Euro' })).toHaveAttribute('aria-pressed', 'true');
  const hosted = await buy(page, 'Team');
  await hosted.payBySepa(SLOW_DEBIT);
  await expect(page.getByRole('heading', { name: 'Your bank is confirming the payment' })).toBeVisible();
  const address = page.url();
  await expectAccessible(page);
  await expectStatement(page, []);
  await expectPayments(page, [['Team', 'At your bank', '€18.50']]);
  const panel = await StripePanel.ofNewest(page, email);
  return { panel, address };
}

test('a bank debit shows as on its way, and adds the credits once the bank has paid', async ({ page }) => {
  const { panel, address } = await debitInEuros(page);
  await page.goto(address);
  await panel.answerDebit('Bank pays');
  await expectCredits(page, '2,500');
  await expectStatement(page, [BOUGHT]);
  await expectPayments(page, [['Team', 'Paid', '€18.50']]);
});

test('a bank debit that the bank refuses says so, and adds nothing', async ({ page }) => {
  const { panel, address } = await debitInEuros(page);
  await page.goto(address);
  await panel.answerDebit('Bank refuses');
  await expect(page.getByRole('heading', { name: 'This payment did not go through' })).toBeVisible();
  await expectStatement(page, []);
  await expectPayments(page, [['Team', 'Failed', '€18.50']]);
});

test(
  'a code that takes everything off gives the credits without a card',
  { tag: '@stripe' },
  async ({ page }) => {
    const code = await makePromotionCode(page.request, 100);
    const hosted = await openCheckout(page, 'Team');
    await hosted.enterPromotionCode(code);
    await expect(page.getByRole('button', { name: 'Complete order' })).toBeVisible();
    await hosted.submit();
    await expectCredits(page, '2,500');
    await expect(page.getByText('$0.00').first()).toBeVisible();
    await expectStatement(page, [BOUGHT]);
    await expectPayments(page, [['Team', 'Paid', '$0.00']]);
  },
);
