import { setTimeout as pause } from 'node:timers/promises';

import { isKeyFault, isPassing, readObject, type StripeSettings } from '~/modules/stripe/index.server';
import { type FactContext, type RealmView } from '~/modules/stripe/shared';
import { type Db, inTransaction } from '~/platform/db.server';
import { log } from '~/platform/log.server';
import { seconds } from '~/platform/time';

import { applyCardSession } from './apply-card-session.server';
import { readTopUp } from './read-top-up.server';
import { type TopUpView } from './shared';

/** What Stripe says later than this is there at the next look. */
const STRIPE_PATIENCE = seconds(1);

export interface SeeInput {
  realm: RealmView;
  customerId: string;
  /** The card setup that Stripe's page sent the browser back with. */
  cameBackFor: string | undefined;
  now: Date;
}

/**
 * A customer's automatic top-up for their page, which answers at once whether Stripe does or not. Back from Stripe's page,
 * a card that no event has told of is looked for there.
 */
export async function seeTopUp(db: Db, settings: StripeSettings, input: SeeInput): Promise<TopUpView> {
  const { realm, customerId, cameBackFor: setupId, now } = input;
  const whose = { realmId: realm.id, customerId };
  const findOpen = () =>
    db.cardSetup.findFirst({
      where: { ...whose, id: setupId ?? '', state: { in: ['created', 'open'] } },
      select: { stripeSession: true },
    });
  const open = setupId === undefined ? null : await findOpen();
  if (open !== null && open.stripeSession !== null) {
    const look = bringCard(db, settings, realm, open.stripeSession).catch((error: unknown) => {
      // The page says what the rows say; what is wrong with the look is for the log.
      const isExpected = isPassing(error) || isKeyFault(error);
      const fields = { setup: setupId, error: String(error) };
      if (isExpected) log.warn('stripe unanswered on return', fields);
      else log.error('card not checked on return', fields);
    });
    await Promise.race([look, pause(STRIPE_PATIENCE)]);
  }
  const isAwaited = setupId !== undefined && (await findOpen()) !== null;
  return { ...(await readTopUp(db, { ...whose, now })), isAwaited };
}

/** By the same door as the session's event. */
async function bringCard(
  db: Db,
  settings: StripeSettings,
  realm: RealmView,
  stripeSession: string,
): Promise<void> {
  const session = await readObject(settings, { object: 'checkout.session', id: stripeSession });
  if (session?.kind !== 'session' || session.setupIntentId === undefined) return;
  const saved = await readObject(settings, { object: 'setup_intent', id: session.setupIntentId });
  if (saved === undefined) return;
  const context: FactContext = {
    ...{ realmId: realm.id, book: realm.mode, cause: `return:${session.ours.row ?? stripeSession}` },
    ...{ at: new Date(), evidence: [saved] },
  };
  await inTransaction(db, 'bring card', (tx) => applyCardSession(tx, session, context));
}
