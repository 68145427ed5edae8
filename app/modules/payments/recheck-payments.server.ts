import * as z from 'zod';

import { isPaused } from '~/modules/pauses/index.server';
import { findCall, isKeyFault, isPassing, type StripeSettings } from '~/modules/stripe/index.server';
import { type RealmView } from '~/modules/stripe/shared';
import { type Db, inTransaction } from '~/platform/db.server';
import { log } from '~/platform/log.server';
import { days, hours, minutes, seconds } from '~/platform/time';

import { checkPayment } from './check-payment.server';
import { lockPayment } from './lock-payment.server';
import { movePayment } from './move-payment.server';
import { type PaymentState } from './shared';

/** How old an unclosed payment is when Stripe is asked about it; after that it is asked once a day. */
const AGES = [minutes(5), hours(1), hours(25)] as const;
const LATER = days(1);

const RETRY = minutes(5);
const BATCH = 10;
/** The next round begins a minute after this one. */
const RECHECK_FOR = seconds(50);

const lockedRows = z.array(z.object({ id: z.string() }));
const DUE = { id: true, kind: true, state: true, createdAt: true, checks: true } as const;
interface DuePayment {
  id: string;
  kind: 'pack' | 'plan' | 'topup' | 'offline';
  state: PaymentState;
  createdAt: Date;
  checks: number;
}

/**
 * Looks at Stripe for payments that stay open, whether or not an event told of them, and settles or closes them by the
 * same door as an event would; while processing is paused they stay due. Stops at the first unanswered question: the rest is due again in five minutes.
 * @returns how many were looked at
 */
export async function recheckPayments(
  db: Db,
  settings: StripeSettings,
  input: { realm: RealmView; now: Date },
): Promise<number> {
  if (await isPaused(db, { book: input.realm.mode, work: 'processing' })) return 0;
  const until = Date.now() + RECHECK_FOR;
  let looked = 0;
  let batch: DuePayment[];
  do {
    batch = await claimDue(db, input.realm.id, input.now);
    for (const payment of batch) {
      try {
        await recheck(db, settings, { ...input, payment });
        looked += 1;
      } catch (error) {
        if (isPassing(error) || isKeyFault(error)) {
          log.warn('stripe unanswered on recheck', { looked });
          return looked;
        }
        // One that cannot be looked at must not keep the others from it.
        log.error('payment not rechecked', { payment: payment.id, error: String(error) });
      }
    }
  } while (batch.length === BATCH && Date.now() < until);
  return looked;
}

/** Takes due payments, the longest due first; nobody else looks at them for five minutes. */
function claimDue(db: Db, realmId: string, now: Date): Promise<DuePayment[]> {
  return inTransaction(db, 'claim rechecks', async (tx) => {
    const locked = await tx.$queryRaw`
      SELECT id FROM payment
      WHERE realm = ${realmId} AND state IN ('created', 'open', 'processing') AND check_at <= ${now}
      ORDER BY check_at LIMIT ${BATCH} FOR NO KEY UPDATE SKIP LOCKED`;
    const due = { id: { in: lockedRows.parse(locked).map(({ id }) => id) } };
    await tx.payment.updateMany({ where: due, data: { checkAt: new Date(now.getTime() + RETRY) } });
    return tx.payment.findMany({ where: due, orderBy: { createdAt: 'asc' }, select: DUE });
  });
}

async function recheck(
  db: Db,
  settings: StripeSettings,
  { realm, payment, now }: { realm: RealmView; payment: DuePayment; now: Date },
): Promise<void> {
  const { id: paymentId } = payment;
  const checked = await checkPayment(db, settings, { realm, paymentId, cause: `recheck:${paymentId}` });
  if (checked.outcome === 'session_missing') await closeMissing(db, payment, now);
  if (checked.outcome === 'nothing_to_check') await closeUnasked(db, realm.id, payment);
  const checks = payment.checks + 1;
  const nextAge = AGES[checks];
  const checkAt = nextAge === undefined ? now.getTime() + LATER : payment.createdAt.getTime() + nextAge;
  await db.payment.update({
    where: { id: paymentId },
    data: { checks, checkAt: new Date(Math.max(checkAt, now.getTime() + RETRY)) },
    select: { id: true },
  });
}

/** A session lives for a day at most: what Stripe does not know after that can no longer be paid, unless a bank has it. */
async function closeMissing(db: Db, { id, state, createdAt }: DuePayment, now: Date): Promise<void> {
  log.warn('stripe does not have the session', { payment: id });
  if (now.getTime() - createdAt.getTime() < AGES[2] || state === 'processing') return;
  await close(db, id, { to: 'expired', reason: 'Stripe no longer has its payment page' });
}

/** Its checkout ended before Stripe was asked for a page, so nobody can pay it. */
async function closeUnasked(db: Db, realmId: string, { id, kind }: DuePayment): Promise<void> {
  const asked = kind === 'topup' ? 'payment_intent.create' : 'checkout_session.create';
  const call = await findCall(db, { realmId, kind: asked, purpose: id });
  if (call.state !== 'none' && call.state !== 'ended') return;
  await close(db, id, { to: 'failed', reason: 'Stripe was never asked for a payment page' });
}

async function close(
  db: Db,
  paymentId: string,
  move: { to: 'expired' | 'failed'; reason: string },
): Promise<void> {
  await inTransaction(db, 'close payment', async (tx) => {
    const payment = await lockPayment(tx, paymentId);
    if (payment) await movePayment(tx, payment, { ...move, cause: `recheck:${paymentId}` });
  });
}
