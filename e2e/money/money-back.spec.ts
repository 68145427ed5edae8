import { type Page } from '@playwright/test';

import { expect, test } from '../fixtures/test';

import { freshEmail, signUp } from '../fixtures/accounts';
import { expectAccessible } from '../fixtures/axe';
import { CARDS } from '../fixtures/hosted-page';
import { spendCredits } from '../fixtures/spend';
import { type Entry, expectPayments, expectStatement } from '../fixtures/statement';
import { buy, expectCredits } from '../fixtures/store';
import { StripePanel } from '../fixtures/stripe-panel';

/** What goes back in Stripe's dashboard and at banks, as the customer's own pages tell it: 2,500 credits cost $20.00. */
const BOUGHT: Entry = ['Credits added', '+2,500', '2,500'];
const REFUNDED = /Taken back.*Their payment was refunded/;
const DISPUTED = /Taken back.*Their payment was disputed/;

async function buyTeam(page: Page, email: string): Promise<StripePanel> {
  await page.goto('/');
  const hosted = await buy(page, 'Team');
  await hosted.pay(CARDS.succeeds);
  await expect(page.getByRole('heading', { name: 'Credits added' })).toBeVisible();
  return StripePanel.ofNewest(page, email);
}

async function firstPack(page: Page): Promise<{ email: string; panel: StripePanel }> {
  const email = freshEmail();
  await signUp(page, email);
  const panel = await buyTeam(page, email);
  await expectCredits(page, '2,500');
  return { email, panel };
}

/** The page of the newest payment, by its title and what it says of the money. */
async function expectPaymentPage(page: Page, title: string, facts: readonly string[]): Promise<void> {
  await page.getByRole('table', { name: 'Payments' }).getByRole('link', { name: 'Team' }).first().click();
  await expect(page.getByRole('heading', { name: title })).toBeVisible();
  for (const fact of facts) await expect(page.getByText(fact).first()).toBeVisible();
}

/** On the payment's page: each step after its credits were added. */
async function expectWentBack(page: Page, steps: readonly RegExp[]): Promise<void> {
  const all = [/Order placed/, /Payment page opened/, /Payment confirmed, credits added/, ...steps];
  const list = page.getByRole('list', { name: 'What happened' });
  await expect(list.getByRole('listitem')).toHaveText(all);
}

test('a payment refunded in the dashboard in part, in part and whole takes exactly its credits each time', async ({
  page,
}) => {
  const { panel } = await firstPack(page);
  // ⌊2,500 × 5.00 ÷ 20.00⌋
  await panel.refund('5');
  const first: Entry[] = [[REFUNDED, '−625', '1,875'], BOUGHT];
  await expectStatement(page, first);
  await expectPayments(page, [['Team', 'Partly refunded', '$20.00']]);
  await expectPaymentPage(page, 'Part of this payment was refunded', ['$5.00', '1,875 of 2,500 left']);

  // ⌊2,500 × 8.35 ÷ 20.00⌋ are gone in all.
  await panel.refund('3.35');
  const second: Entry[] = [[REFUNDED, '−418', '1,457'], ...first];
  await expectStatement(page, second);

  await panel.refund();
  await expectStatement(page, [[REFUNDED, '−1,457', '0'], ...second]);
  await expectPayments(page, [['Team', 'Refunded', '$20.00']]);
  await expectPaymentPage(page, 'This payment was refunded', ['$5.00', '$3.35', '$11.65']);
  await expectWentBack(page, [/^\$5\.00 refunded/, /^\$3\.35 refunded/, /^\$11\.65 refunded/]);
  await expectAccessible(page);
});

test('a dispute takes the credits, and gives them back when it is won', async ({ page }) => {
  const { panel } = await firstPack(page);
  await panel.dispute();
  const taken: Entry[] = [[DISPUTED, '−2,500', '0'], BOUGHT];
  await expectStatement(page, taken);
  await expectAccessible(page);
  await expectPayments(page, [['Team', 'Disputed', '$20.00']]);
  await expectPaymentPage(page, 'This payment is disputed at your bank', ['$20.00']);

  await panel.decideDispute('Win');
  await expectStatement(page, [[/Given back.*Their payment stands again/, '+2,500', '2,500'], ...taken]);
  await expectPayments(page, [['Team', 'Paid', '$20.00']]);
  await expectPaymentPage(page, 'Credits added', ['the payment stands', '2,500 of 2,500 left']);
  await expectWentBack(page, [/^\$20\.00 disputed at your bank/, /^Dispute of \$20\.00 decided/]);
});

test('a dispute that is lost leaves what was spent as a debt, freezes, and the next pack repays it in sight', async ({
  page,
}) => {
  const { email, panel } = await firstPack(page);
  await spendCredits(email, 600);
  await panel.dispute();
  await panel.decideDispute('Lose');
  const lost: Entry[] = [
    [/Debt.*had been spent already/, '+600 debt', '0'],
    [DISPUTED, '−1,900', '0'],
    ['Spent', '−600', '1,900'],
    BOUGHT,
  ];
  await expectStatement(page, lost);
  await expect(page.getByText('Your credits are frozen')).toBeVisible();
  await expect(page.getByText('You have 0 credits.')).toBeVisible();
  await expectAccessible(page);
  await expect(page.getByText('600 credits').first()).toBeVisible();
  await expectPayments(page, [['Team', 'Taken back', '$20.00']]);
  await expectPaymentPage(page, 'Your bank took this payment back', ['$20.00']);
  await expectWentBack(page, [/^\$20\.00 disputed at your bank/, /^\$20\.00 taken back by your bank/]);

  await buyTeam(page, email);
  await expectStatement(page, [
    ['Debt repaid', '−600 debt', '1,900'],
    [/Used to repay debt.*repay first what is owed/, '−600', '1,900'],
    ['Credits added', '+2,500', '2,500'],
    ...lost,
  ]);
  await expect(page.getByText('Your credits are frozen')).toHaveCount(0);
  await expect(page.getByText('You have 1,900 credits to spend.')).toBeVisible();
});
