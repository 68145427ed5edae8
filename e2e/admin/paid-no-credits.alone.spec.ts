import { createHash } from 'node:crypto';
import { type Page } from '@playwright/test';
import * as z from 'zod';

import { freshEmail, logIn, signUp } from '../fixtures/accounts';
import { expectAccessible } from '../fixtures/axe';
import { withDatabase } from '../fixtures/database';
import { setFaults } from '../fixtures/sandbox';
import { eventsOfPaid, payAndLeave, resend, type StripeEvent } from '../fixtures/stripe-truth';
import { buy, sessionOf } from '../fixtures/store';
import { expect, test } from '../fixtures/test';

/** "I paid and got no credits": from the e-mail address of the ticket in three clicks, however the event went astray. */
test.afterEach(({ request }) => setFaults(request, {}));

const wallet = z.tuple([z.object({ available: z.coerce.number(), grants: z.coerce.number() })]);

const readWallet = (email: string) =>
  withDatabase(async (db) => {
    const { rows } = await db.query(
      `SELECT coalesce(max(w.available), 0) AS available, count(t.id) AS grants
       FROM customer c LEFT JOIN wallet w ON w.customer = c.id LEFT JOIN transfer t ON t.wallet = w.id AND t.kind = 'grant'
       WHERE c.email = $1`,
      [email],
    );
    return wallet.parse(rows)[0];
  });

/** Counts what a hand does with the mouse; keys and what is pasted are no clicks. */
async function countClicks(staff: Page): Promise<() => number> {
  let clicks = 0;
  await staff.exposeFunction('countClick', () => (clicks += 1));
  await staff.addInitScript(() => {
    const count = Reflect.get(globalThis, 'countClick');
    document.addEventListener('pointerdown', () => count(), { capture: true });
  });
  return () => clicks;
}

/** The event came and could not be processed: it lies among the dead letters. */
const bury = (event: StripeEvent) =>
  withDatabase(async (db) => {
    const payload = JSON.stringify(event);
    await db.query(
      `INSERT INTO event (realm, id, type, object_id, created, payload, sha, status, reason)
       SELECT r.id, $1, $2, $3, to_timestamp($4), $5, $6, 'dead', 'unknown' FROM realm r WHERE r.sells`,
      [
        ...[event.id, event.type, event.data.object.id, event.created, payload],
        createHash('sha256').update(payload).digest(),
      ],
    );
  });

const ASTRAY = ['no delivery came', 'its events are dead', 'the card paid on another session'] as const;

for (const how of ASTRAY) {
  test(`three clicks from the e-mail when ${how}, and what comes late doubles nothing`, async ({
    page,
    browser,
    request,
  }) => {
    const email = freshEmail();
    await signUp(page, email);
    await page.goto('/');
    await buy(page, 'Team');
    const session = sessionOf(page);
    if (how === 'the card paid on another session') {
      await page.goto('/');
      await buy(page, 'Team');
      expect(sessionOf(page)).not.toBe(session);
    }
    await setFaults(request, { drop: true });
    await payAndLeave(request, session);
    const late = await eventsOfPaid(request, session);
    expect(late.map(({ type }) => type)).toContain('checkout.session.completed');
    if (how === 'its events are dead') for (const event of late) await bury(event);
    expect(await readWallet(email)).toEqual({ available: 0, grants: 0 });

    const desk = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
    const staff = await desk.newPage();
    await logIn(staff, 'support@demo.test');
    const clicks = await countClicks(staff);
    await staff.goto('/admin');
    await staff.evaluate((text) => navigator.clipboard.writeText(text), email);
    const box = staff.getByRole('combobox', { name: /any id/ });
    await expect(async () => {
      await staff.keyboard.press('Control+k');
      await expect(box).toBeFocused({ timeout: 1000 });
    }).toPass();
    await staff.keyboard.press('Control+v');
    await staff.getByRole('option', { name: new RegExp(`${email}.*Customer`) }).click();
    await staff.getByRole('button', { name: 'Check with Stripe' }).click();
    await staff.getByRole('button', { name: 'Check now' }).click();
    const dialog = staff.getByRole('dialog', { name: 'Check with Stripe' });
    await expect(dialog.getByText('A payment was settled and its credits granted')).toBeVisible();
    expect(clicks()).toBe(3);
    expect(await readWallet(email)).toEqual({ available: 2500, grants: 1 });
    await expectAccessible(staff);

    await setFaults(request, {});
    for (const { id } of late) await resend(request, id);
    await expect(async () => {
      const done = await withDatabase((db) =>
        db.query(`SELECT 1 FROM event WHERE id = ANY($1) AND status = 'done'`, [late.map(({ id }) => id)]),
      );
      expect(done.rowCount).toBe(late.length);
    }).toPass();
    expect(await readWallet(email)).toEqual({ available: 2500, grants: 1 });
    await desk.close();
  });
}
