import { type PackForSale } from '~/modules/catalog/index.server';
import {
  type CallResult,
  intentOfCall,
  planCall,
  recordCall,
  topUpBody,
} from '~/modules/stripe/index.server';
import { type RealmView } from '~/modules/stripe/shared';
import { assertNever } from '~/platform/assert-never';
import { type Tx } from '~/platform/db.server';

import { applyFact } from './apply-fact.server';
import { closeTopUp } from './close-top-up.server';
import { createPayment } from './create-payment.server';
import { type LockedPayment, lockPayment } from './lock-payment.server';
import { movePayment } from './move-payment.server';

/** One pack, bought with a saved card while its holder is not there. */
export interface TopUpSale {
  realm: RealmView;
  customerId: string;
  pack: PackForSale;
  card: { stripeMethod: string; stripeCustomer: string };
  /** What brought it. */
  cause: string;
  at: Date;
}

/**
 * Writes the sale and the call that will charge the card. The database refuses a second one while the first is
 * unfinished (`payment_one_top_up`).
 */
export async function writeTopUp(tx: Tx, { realm, customerId, pack, card, cause, at }: TopUpSale) {
  const { versionId, credits, currency, amount } = pack;
  const paymentId = await createPayment(
    tx,
    {
      ...{ realmId: realm.id, customerId, kind: 'topup', versionId, credits, currency },
      ...{ amountSubtotal: amount, createdAt: at },
    },
    { reason: `${pack.name} is bought with the saved card`, cause },
  );
  const params = topUpBody({
    ...{ realmId: realm.id, paymentId, customerId, packCode: pack.code, ...card, amount, currency },
    description: `${pack.name}: ${credits} credits`,
  });
  const kind = 'payment_intent.create';
  const call = await planCall(tx, { realmId: realm.id, kind, purpose: paymentId, params });
  return { paymentId, call };
}

/** Records what came of a `payment_intent.create`; the purpose is the payment. Its answer is met as an event would be. */
export async function recordTopUpCall(
  tx: Tx,
  call: { id: string; realmId: string; purpose: string },
  result: CallResult,
): Promise<void> {
  const payment = await lockPayment(tx, call.purpose, call.realmId);
  if (!payment) throw new Error(`Payment ${call.purpose} vanished.`);
  await recordCall(tx, call.id, result);
  const cause = `call:${call.id}`;
  switch (result.outcome) {
    case 'unknown':
      return;
    case 'absent':
      await movePayment(tx, payment, {
        to: 'failed',
        reason: 'Stripe was never asked to charge the card',
        cause,
      });
      return;
    case 'refused':
      await closeTopUp(tx, payment, { code: codeOf(result), message: result.message, cause });
      return;
    case 'succeeded':
      return bring(tx, payment, intentOfCall(result.object), cause);
    default:
      assertNever(result);
  }
}

/** What is no word of a bank and names neither card nor customer is a fault between us and Stripe, not the customer's. */
function codeOf({ httpStatus, code, param }: Extract<CallResult, { outcome: 'refused' }>): string {
  if (httpStatus === 402) return code;
  return param === 'payment_method' || param === 'customer' ? 'resource_missing' : 'refused';
}

async function bring(
  tx: Tx,
  { realmId }: LockedPayment,
  intent: ReturnType<typeof intentOfCall>,
  cause: string,
): Promise<void> {
  const { mode: book } = await tx.realm.findUniqueOrThrow({ where: { id: realmId }, select: { mode: true } });
  const outcome = await applyFact(tx, intent, { realmId, book, cause, at: new Date(), evidence: [] });
  if (outcome.outcome === 'need' || outcome.outcome === 'waits')
    throw new Error(`${intent.id} asks for more than it takes to settle a top-up.`);
}
