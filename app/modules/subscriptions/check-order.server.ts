import { readObject, type StripeSettings } from '~/modules/stripe/index.server';
import { type DoorOutcome, type FactContext, type RealmView, type StripeFact } from '~/modules/stripe/shared';
import { type Db, inTransaction, type Tx } from '~/platform/db.server';

import { applyPlanInvoice } from './apply-plan-invoice.server';
import { applyPlanSession } from './apply-plan-session.server';
import { refreshSubscription } from './refresh-subscription.server';

export interface CheckOrderInput {
  realm: RealmView;
  customerId: string;
  orderId: string;
  cause: string;
}

/**
 * Looks at Stripe for a plan that was ordered: its session, what that brought, and its first invoice, by the same doors
 * as their events. True when the order's page had brought a subscription.
 * @throws StripeError when Stripe does not answer
 */
export async function checkOrder(db: Db, settings: StripeSettings, input: CheckOrderInput): Promise<boolean> {
  const { realm, customerId, orderId, cause } = input;
  const order = await db.subscriptionOrder.findFirst({
    where: { id: orderId, realmId: realm.id, customerId },
    select: { stripeSession: true },
  });
  if (order === null || order.stripeSession === null) return false;
  const session = await readObject(settings, { object: 'checkout.session', id: order.stripeSession });
  if (session?.kind !== 'session') return false;
  const bring = (apply: (tx: Tx, context: FactContext) => Promise<DoorOutcome>, evidence: StripeFact[]) =>
    inTransaction(db, 'check order', (tx) =>
      apply(tx, { realmId: realm.id, book: realm.mode, cause, at: new Date(), evidence }),
    );
  await bring((tx, context) => applyPlanSession(tx, session, context), []);
  const { subscriptionId: stripeId, invoiceId } = session;
  if (stripeId === undefined) return false;
  await refreshSubscription(db, settings, { realm, customerId, stripeId, cause });
  const invoice =
    invoiceId === undefined ? undefined : await readObject(settings, { object: 'invoice', id: invoiceId });
  if (invoice?.kind === 'invoice' && invoice.status === 'paid')
    await bring((tx, context) => applyPlanInvoice(tx, invoice, context), [invoice]);
  return true;
}
