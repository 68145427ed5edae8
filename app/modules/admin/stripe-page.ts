import { type RealmRef } from './list-views';

/** Where this installation's Stripe objects can be looked at. */
export type StripeDesk = { realmId: string } & (
  { at: 'dashboard' } | { at: 'sandbox'; panel: string | undefined }
);

const DASHBOARD: Readonly<Record<string, string>> = {
  pi: 'payments',
  ch: 'payments',
  py: 'payments',
  cus: 'customers',
  in: 'invoices',
  evt: 'events',
  re: 'refunds',
  du: 'disputes',
  dp: 'disputes',
  req: 'logs',
};

const PANEL: Readonly<Record<string, string>> = { cs: 'sessions', pi: 'payments', evt: 'events' };

/** The page of a Stripe object; undefined where there is none. Stripe's search finds what has no page of its own. */
export function stripePageOf(desk: StripeDesk, realm: RealmRef, id: string): string | undefined {
  const prefix = id.slice(0, id.indexOf('_'));
  if (desk.at === 'sandbox') {
    const tab = PANEL[prefix];
    if (tab === undefined || desk.panel === undefined || realm.id !== desk.realmId) return undefined;
    return `${desk.panel}/${tab}/${id}`;
  }
  const page = DASHBOARD[prefix];
  // A Dashboard shows the account that it was left at, so each object names its own.
  const base = `https://dashboard.stripe.com/${realm.account}${realm.mode === 'test' ? '/test' : ''}`;
  return page === undefined ? `${base}/search?query=${id}` : `${base}/${page}/${id}`;
}
