import { cardPageBody, openPage, type StripeSettings } from '~/modules/stripe/index.server';
import { type RealmView } from '~/modules/stripe/shared';
import { type Db } from '~/platform/db.server';
import { log } from '~/platform/log.server';

import { recordSetupCall } from './record-setup-call.server';

export interface CardPage {
  /** Stands already, with the consent that it is for. */
  setupId: string;
  realm: RealmView;
  customer: { id: string; email: string | null; name: string | null };
  currency: string;
  appUrl: string;
}

export type CardPageOutcome =
  | { outcome: 'redirect'; url: string }
  /** Stripe said no; there is no page. */
  | { outcome: 'refused' }
  /** No answer: a page may exist, but nobody has its address. The sweep of calls tells. */
  | { outcome: 'unknown' };

/** Asks Stripe for a page on which a card is saved, for a Stripe customer that it may have to make first. */
export async function openCardPage(
  db: Db,
  settings: StripeSettings,
  { setupId, realm, customer, currency, appUrl }: CardPage,
): Promise<CardPageOutcome> {
  const whose = { realmId: realm.id, customerId: customer.id };
  const opened = await openPage(db, settings, {
    kind: 'setup_session.create',
    purpose: setupId,
    customer: { ...whose, email: customer.email, name: customer.name },
    bodyFor: (stripeCustomer) =>
      cardPageBody({
        ...{ ...whose, setupId, stripeCustomer, currency },
        successUrl: `${appUrl}/settings/auto-top-up?setup=${setupId}`,
        cancelUrl: `${appUrl}/settings/auto-top-up`,
      }),
    record: recordSetupCall,
  });
  if (opened.outcome === 'no_customer') {
    await db.cardSetup.updateMany({ where: { id: setupId, state: 'created' }, data: { state: 'closed' } });
    return { outcome: opened.why.outcome };
  }
  if (opened.outcome !== 'opened') return opened;
  log.info('card page opened', { setup: setupId, session: opened.sessionId });
  return { outcome: 'redirect', url: opened.url };
}
