import { setTimeout as pause } from 'node:timers/promises';

import { type SettingsOf } from '~/modules/stripe/index.server';
import { type Db } from '~/platform/db.server';
import { log } from '~/platform/log.server';
import { seconds } from '~/platform/time';

import { checkOnReturn } from './check-on-return.server';
import { findPaymentRealm } from './find-payment-realm.server';
import { isSessionOf, readCustomerPayment } from './read-payments.server';
import { type CustomerPaymentDetail } from './shared';

/** What Stripe says later than this is there at the next look. */
const STRIPE_PATIENCE = seconds(1);

export interface SeenPayment {
  payment: CustomerPaymentDetail;
  /** Stripe's page sent the browser back with this payment's own session. That is no word of a payment. */
  cameBack: boolean;
}

/**
 * A payment for its customer's page, which answers at once whether Stripe does or not. While it can still be paid Stripe
 * is asked, so that a late webhook keeps nobody waiting. Undefined for anybody else's payment.
 * A payment of a former realm is looked at with that realm's key; without it the row alone is shown.
 */
export async function seePayment(
  db: Db,
  settingsOf: SettingsOf,
  input: {
    book: 'test' | 'live';
    customerId: string;
    paymentId: string;
    sessionId: string | null;
    now: number;
  },
): Promise<SeenPayment | undefined> {
  const { book, customerId, paymentId, sessionId, now } = input;
  const key = { book, customerId, paymentId };
  const before = await readCustomerPayment(db, key);
  if (!before) return undefined;
  const cameBack = sessionId === null ? false : await isSessionOf(db, key, sessionId);
  if (before.state !== 'open' && before.state !== 'processing') return { payment: before, cameBack };
  const check = look(db, settingsOf, { paymentId, now }).catch((error: unknown) => {
    // The page says what the row says; what is wrong with the look is for the log.
    log.error('payment not checked on return', { payment: paymentId, error: String(error) });
  });
  await Promise.race([check, pause(STRIPE_PATIENCE)]);
  return { payment: (await readCustomerPayment(db, key)) ?? before, cameBack };
}

async function look(
  db: Db,
  settingsOf: SettingsOf,
  { paymentId, now }: { paymentId: string; now: number },
): Promise<void> {
  const realm = await findPaymentRealm(db, { paymentId });
  const key = realm && (await settingsOf(realm.id));
  if (key?.outcome === 'held') await checkOnReturn(db, key.settings, { realm: key.realm, paymentId, now });
}
