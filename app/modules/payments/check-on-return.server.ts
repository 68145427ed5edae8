import { isPaused } from '~/modules/pauses/index.server';
import { isKeyFault, isPassing, type StripeSettings } from '~/modules/stripe/index.server';
import { type RealmView } from '~/modules/stripe/shared';
import { type Db } from '~/platform/db.server';
import { log } from '~/platform/log.server';
import { seconds } from '~/platform/time';

import { checkPayment } from './check-payment.server';

/** The webhook has this long before Stripe is asked, and Stripe is asked again no sooner. */
const PATIENCE = seconds(3);
const MAX_REMEMBERED = 10_000;

const nextCheckAt = new Map<string, number>();

/**
 * For the page that a customer comes back to: settles by itself when the webhook is late. Each process asks Stripe at
 * most once per three seconds and payment, however often the page asks; a Stripe that does not answer changes nothing, and while processing is paused it is not asked.
 */
export async function checkOnReturn(
  db: Db,
  settings: StripeSettings,
  input: { realm: RealmView; paymentId: string; now: number },
): Promise<void> {
  const due = nextCheckAt.get(input.paymentId);
  if (due === undefined || input.now >= due) remember(input.paymentId, input.now + PATIENCE);
  if (due === undefined || input.now < due) return;
  if (await isPaused(db, { book: input.realm.mode, work: 'processing' })) return;
  try {
    await checkPayment(db, settings, {
      realm: input.realm,
      paymentId: input.paymentId,
      cause: `return:${input.paymentId}`,
    });
  } catch (error) {
    if (!isPassing(error) && !isKeyFault(error)) throw error;
    log.warn('stripe unanswered on return', { payment: input.paymentId });
  }
}

function remember(paymentId: string, at: number): void {
  nextCheckAt.delete(paymentId);
  nextCheckAt.set(paymentId, at);
  if (nextCheckAt.size <= MAX_REMEMBERED) return;
  for (const oldest of nextCheckAt.keys()) {
    nextCheckAt.delete(oldest);
    return;
  }
}
