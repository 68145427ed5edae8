import { freshEmail, signUp } from '../fixtures/accounts';
import { expectAccessible } from '../fixtures/axe';
import { CARDS, HostedPage } from '../fixtures/hosted-page';
import { setFaults } from '../fixtures/sandbox';
import { buy, expectCredits, openCheckout } from '../fixtures/store';
import { expect, test } from '../fixtures/test';

const SESSIONS = '/v1/checkout/sessions';

test.afterEach(({ request }) => setFaults(request, {}));

for (const effect of ['unavailable', 'lost_answer'] as const) {
  test(`a checkout that Stripe does not answer (${effect}) says so, opens by itself, and is paid once`, async ({
    page,
    request,
  }) => {
    test.slow();
    await signUp(page, freshEmail());
    await page.goto('/');
    await buy(page, 'Starter');
    await page.goto('/');
    // The SDK itself sends once more after a connection that closed: two requests are one try of ours.
    await setFaults(request, { api: [{ method: 'POST', path: SESSIONS, effect, times: 2 }] });
    await page.getByRole('button', { name: 'Buy Team' }).click();
    await expect(page.getByRole('heading', { name: 'Stripe has not answered yet' })).toBeVisible();
    await expect(page.getByText('No money moved')).toBeVisible();
    await expectAccessible(page);

    const goOn = page.getByRole('link', { name: 'Go on to the payment page' });
    await expect(goOn).toBeVisible({ timeout: 150_000 });
    await goOn.click();
    const hosted = new HostedPage(page);
    await hosted.waitUntilOpen();
    await hosted.pay(CARDS.succeeds);
    await expectCredits(page, '2,500');
  });
}

test('a first checkout that finds Stripe down says that nothing was opened, and the next one pays', async ({
  page,
  request,
}) => {
  await signUp(page, freshEmail());
  await page.goto('/');
  await setFaults(request, { api: [{ method: '*', path: '/v1', effect: 'unavailable', times: null }] });
  await page.getByRole('button', { name: 'Buy Starter' }).click();
  await page.waitForURL(/\/payments\/pay_/);
  await expect(page.getByText('No money moved')).toBeVisible();
  await expectAccessible(page);
  await setFaults(request, {});
  await page.goto('/');
  const hosted = await buy(page, 'Starter');
  await hosted.pay(CARDS.succeeds);
  await expectCredits(page, '500');
});

test('with every webhook lost the page that a customer comes back to settles by itself', async ({
  page,
  request,
}) => {
  const hosted = await openCheckout(page, 'Team');
  await setFaults(request, { drop: true });
  await hosted.pay(CARDS.succeeds);
  await expectCredits(page, '2,500');
});

test('with Stripe down on return the page answers, claims nothing, and settles once Stripe is back', async ({
  page,
  request,
}) => {
  const hosted = await openCheckout(page, 'Team');
  await setFaults(request, {
    drop: true,
    api: [{ method: 'GET', path: SESSIONS, effect: 'unavailable', times: null }],
  });
  await hosted.pay(CARDS.succeeds);
  await expect(page.getByRole('heading', { name: 'Asking Stripe about your payment' })).toBeVisible();
  await expect(page.getByText('Stripe takes longer than usual to tell us.')).toBeVisible({ timeout: 40_000 });
  await expect(page.getByText('do not pay again')).toBeVisible();
  await expect(page.getByText('(Done)')).toHaveCount(0);
  await expectAccessible(page);
  await setFaults(request, { drop: true });
  await expect(page.getByRole('heading', { name: 'Credits added' })).toBeVisible({ timeout: 60_000 });
  await expectCredits(page, '2,500');
});
