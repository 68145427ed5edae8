import { applyCard, applyCardSession } from '~/modules/credits/index.server';
import { checkPayment } from '~/modules/payments/index.server';
import { readObject, type StripeSettings } from '~/modules/stripe/index.server';
import { type FactContext, type RealmView, type StripeFact } from '~/modules/stripe/shared';
import { checkOrder, refreshSubscription } from '~/modules/subscriptions/index.server';
import { assertNever } from '~/platform/assert-never';
import { type Db, inTransaction } from '~/platform/db.server';

import { type DeletionStepKind } from '../../../prisma/generated/enums';

export interface TakenStep {
  id: string;
  kind: DeletionStepKind;
  subject: string;
  target: string;
}

export interface ReadEndedInput {
  realm: RealmView;
  customerId: string;
  cause: string;
  step: TakenStep;
}

/**
 * Reads what a step was to end and brings it to its room by the door of its events.
 * @throws StripeError when Stripe does not answer
 */
export async function readEnded(
  db: Db,
  settings: StripeSettings,
  { realm, customerId, cause, step }: ReadEndedInput,
): Promise<void> {
  const { kind, subject, target } = step;
  switch (kind) {
    case 'end_plan':
      await refreshSubscription(db, settings, { realm, customerId, stripeId: target, cause });
      return;
    case 'detach_card': {
      const card = await readObject(settings, { object: 'payment_method', id: target });
      if (card?.kind !== 'card') return;
      await inTransaction(db, 'read detached card', (tx) => applyCard(tx, card, contextOf(realm, cause)));
      return;
    }
    case 'expire_page':
      if (subject.startsWith('pay_')) await checkPayment(db, settings, { realm, paymentId: subject, cause });
      else if (subject.startsWith('sbo_')) await readOrder(db, settings, { realm, customerId, cause, step });
      else await readCardPage(db, settings, { realm, cause, sessionId: target });
      return;
    default:
      assertNever(kind);
  }
}

const contextOf = (realm: RealmView, cause: string, evidence: StripeFact[] = []): FactContext => ({
  ...{ realmId: realm.id, book: realm.mode, cause, at: new Date(), evidence },
});

/** A page that was paid before it could be closed has brought a plan: the next run ends that. */
async function readOrder(
  db: Db,
  settings: StripeSettings,
  { realm, customerId, cause, step }: ReadEndedInput,
): Promise<void> {
  await checkOrder(db, settings, { realm, customerId, orderId: step.subject, cause });
}

/** A card that was saved before the page could be closed is kept, so that the next run detaches it. */
async function readCardPage(
  db: Db,
  settings: StripeSettings,
  { realm, cause, sessionId }: { realm: RealmView; cause: string; sessionId: string },
): Promise<void> {
  const session = await readObject(settings, { object: 'checkout.session', id: sessionId });
  if (session?.kind !== 'session') return;
  const { setupIntentId } = session;
  const saved =
    setupIntentId === undefined
      ? undefined
      : await readObject(settings, { object: 'setup_intent', id: setupIntentId });
  const evidence = saved === undefined ? [] : [saved];
  await inTransaction(db, 'read card page', (tx) =>
    applyCardSession(tx, session, contextOf(realm, cause, evidence)),
  );
}
