import { expectAccessible } from '../fixtures/axe';
import { withDatabase } from '../fixtures/database';
import { buy, leaveCheckout, openCheckout, sessionOf } from '../fixtures/store';
import { expect, test } from '../fixtures/test';

/** Raises a payment as one of Stripe's facts would: for states that no card of the sandbox brings about. */
async function raise(paymentId: string, state: string): Promise<void> {
  await withDatabase(async (db) => {
    await db.query('BEGIN');
    await db.query(
      `UPDATE payment SET state = $2::payment_state, review_reason = CASE WHEN $2 = 'review' THEN 'amount_differs' END WHERE id = $1`,
      [paymentId, state],
    );
    await db.query(
      `INSERT INTO payment_change (payment, n, "from", "to", reason, cause) VALUES ($1, 3, 'open', $2::payment_state, 'a browser test', $3)`,
      [paymentId, state, `return:${paymentId}`],
    );
    await db.query('COMMIT');
  });
}

const STATES = [
  ['processing', 'Your bank is confirming the payment', 'Do not pay again.'],
  ['canceled', 'This payment was canceled', 'Nothing was taken from you.'],
  ['failed', 'This payment did not go through', 'The bank refused it'],
  ['expired', 'This payment page has expired', 'Nothing was taken from you.'],
  ['review', 'Payment received and being checked', 'A person looks at it'],
] as const;

test('each state is told on the open page as it comes, and reads well in both themes', async ({ page }) => {
  test.slow();
  await openCheckout(page, 'Team');
  const session = sessionOf(page);
  const waiting = await leaveCheckout(page);
  await expect(page.getByRole('heading', { name: 'Waiting for your payment' })).toBeVisible();
  await expectAccessible(page);
  await page.goto(`${waiting}?session_id=${session}`);
  await expect(page.getByRole('heading', { name: 'Asking Stripe about your payment' })).toBeVisible();
  await expectAccessible(page);

  for (const [state, title, says] of STATES) {
    await test.step(state, async () => {
      await page.goto('/');
      await buy(page, 'Team');
      const address = await leaveCheckout(page);
      await expect(page.getByRole('heading', { name: 'Waiting for your payment' })).toBeVisible();
      await raise(address.split('/').at(-1) ?? '', state);
      await expect(page.getByRole('heading', { name: title })).toBeVisible({ timeout: 30_000 });
      await expect(page).toHaveTitle(`${title} · Credence`);
      await expect(page.getByText(says)).toBeVisible();
      await expectAccessible(page);
    });
  }
});
