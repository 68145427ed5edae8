import { decided, type DoorOutcome, type FactContext, type SaleFact } from '~/modules/stripe/shared';
import { assertNever } from '~/platform/assert-never';
import { type Tx } from '~/platform/db.server';

import { applyCharge } from './apply-charge.server';
import { applyIntent } from './apply-intent.server';
import { applyInvoice } from './apply-invoice.server';
import { applySession } from './apply-session.server';
import { findLinked, findPayment } from './find-payment.server';
import { writeLinks } from './link-payment.server';
import { type LockedPayment, lockPayment } from './lock-payment.server';

/**
 * The door for everything that Stripe says about one-time payments. Facts are order-free: links are recorded at once,
 * states only rise, and settled money is granted once, whoever brings it and however often.
 */
export async function applyFact(tx: Tx, fact: SaleFact, context: FactContext): Promise<DoorOutcome> {
  if (fact.kind === 'session' && fact.mode !== 'payment') return decided('ignored', `mode_${fact.mode}`);
  const found = await findPayment(tx, fact, context);
  switch (found.found) {
    case 'foreign':
      return decided('ignored', 'foreign');
    case 'other_realm':
      return decided('ignored', 'other_realm');
    case 'lost':
      return { outcome: 'quarantined', code: found.code, detail: found.detail, effects: [] };
    case 'named':
    case 'payment': {
      const payment =
        (await lockPayment(tx, found.id, context.realmId)) ??
        (await lockAssigned(tx, found.id, fact, context.realmId));
      if (!payment && found.found === 'named') return unknownPayment(found.id);
      if (!payment) throw new Error(`Payment ${found.id} vanished.`);
      const outcome = await applyTo(tx, payment, fact, context);
      await writeLinks(tx, payment);
      return outcome;
    }
    default:
      return assertNever(found);
  }
}

/**
 * Money whose metadata names no payment of ours may have been assigned to one by a person. One that another realm has is
 * ours all the same: what names it is never applied here.
 */
async function lockAssigned(
  tx: Tx,
  named: string,
  fact: SaleFact,
  realmId: string,
): Promise<LockedPayment | undefined> {
  if ((await tx.payment.count({ where: { id: named } })) > 0) return undefined;
  const id = await findLinked(tx, fact, realmId);
  return id === undefined ? undefined : lockPayment(tx, id, realmId);
}

function applyTo(tx: Tx, payment: LockedPayment, fact: SaleFact, context: FactContext): Promise<DoorOutcome> {
  switch (fact.kind) {
    case 'session':
      return applySession(tx, payment, fact, context);
    case 'intent':
      return applyIntent(tx, payment, fact, context);
    case 'charge':
      return applyCharge(tx, payment, fact);
    case 'invoice':
      return applyInvoice(tx, payment, fact, context);
    default:
      return assertNever(fact);
  }
}

const unknownPayment = (id: string): DoorOutcome => ({
  outcome: 'quarantined',
  code: 'unknown_payment',
  detail: `names ${id}, which this realm does not have`,
  effects: [],
});
