import { listPricesToSync } from '~/modules/catalog/index.server';
import {
  type EndpointStep,
  findRealmQuietly,
  lookAtAccount,
  lookAtPortal,
  lookAtPrice,
  planEndpoint,
  type PriceLook,
  type StripeSettings,
} from '~/modules/stripe/index.server';
import { type RealmView } from '~/modules/stripe/shared';
import { type Db } from '~/platform/db.server';

export type SetupStep =
  EndpointStep | { step: 'make_price'; what: string; why: string } | { step: 'set_portal'; why: string };

export interface SetupWish {
  /** Where Stripe delivers to. */
  url: string;
  secrets: readonly string[];
  rotatesSecret: boolean;
}

export type SetupOutcome =
  | {
      outcome: 'planned';
      account: { id: string; mode: 'test' | 'live' };
      /** Undefined for an account that is new here. */
      realm: RealmView | undefined;
      steps: SetupStep[];
    }
  /** Stripe does not say enough to go by. */
  | { outcome: 'unread'; reason: string };

/** What has to be done at Stripe, in the order in which it is done. Nothing is changed. */
export async function planSetup(db: Db, settings: StripeSettings, wish: SetupWish): Promise<SetupOutcome> {
  const { account, endpoints, mode } = await lookAtAccount(settings);
  if (account.outcome !== 'read') return { outcome: 'unread', reason: account.message };
  if (endpoints.outcome !== 'read') return { outcome: 'unread', reason: endpoints.message };
  const realm = await findRealmQuietly(db, settings, account.value.id);
  const prices = await planPrices(db, settings, realm?.id);
  if (typeof prices === 'string') return { outcome: 'unread', reason: prices };
  const portal =
    realm === undefined ? ({ state: 'none' } as const) : await lookAtPortal(db, settings, realm.id);
  if (portal.state === 'unread') return { outcome: 'unread', reason: portal.message };
  const steps: SetupStep[] = [...prices];
  if (portal.state === 'none') steps.push({ step: 'set_portal', why: 'there is none' });
  if (portal.state === 'changed') steps.push({ step: 'set_portal', why: portal.differences.join('; ') });
  steps.push(...planEndpoint(endpoints.value, { ...wish, realmId: realm?.id }));
  return { outcome: 'planned', account: { id: account.value.id, mode }, realm, steps };
}

/** The prices to be made, or why they could not be looked at. */
async function planPrices(
  db: Db,
  settings: StripeSettings,
  realmId: string | undefined,
): Promise<SetupStep[] | string> {
  const steps: SetupStep[] = [];
  for (const price of await listPricesToSync(db, realmId ?? '')) {
    const what = `${price.code} at ${String(price.amount)} ${price.currency}`;
    if (price.stripeId === undefined) {
      steps.push({ step: 'make_price', what, why: 'there is none' });
      continue;
    }
    const look = await lookAtPrice(settings, price.stripeId, price);
    if (look.state === 'unread') return look.message;
    if (look.state !== 'sells') steps.push({ step: 'make_price', what, why: whyNot(price.stripeId, look) });
  }
  return steps;
}

function whyNot(id: string, look: Exclude<PriceLook, { state: 'sells' | 'unread' }>): string {
  switch (look.state) {
    case 'inactive':
      return `the ${look.what} of ${id} is archived`;
    case 'missing':
      return `this account has no ${id}`;
    case 'changed':
      return `${id}: ${look.differences.join('; ')}`;
  }
}
