import { type Shopper, type Visitor, type WayBack } from './shared';

/** The visitor as a buyer; undefined for staff, who hold no credits. */
export function shopperOf(visitor: Visitor): Shopper | undefined {
  if (visitor.kind === 'handed_off') {
    const { customerId, email, name, returnUrl } = visitor.customer;
    return { customerId, email, name, mayBuy: true, wayBack: wayBackTo(returnUrl) };
  }
  const { customerId, email, name, emailVerified: mayBuy } = visitor.user;
  return customerId === undefined ? undefined : { customerId, email, name, mayBuy, wayBack: undefined };
}

/** What a page calls someone: never blank. */
export function callThem(who: {
  name: string | null;
  email: string | null;
  externalId?: string | null;
}): string {
  const given = [who.name, who.email, who.externalId].find(
    (one) => one !== undefined && one !== null && one !== '',
  );
  return given ?? 'your account';
}

/** A way back, called by the host that the product's own address bar shows. */
export const wayBackTo = (returnUrl: string): WayBack => ({
  to: returnUrl,
  label: `Back to ${new URL(returnUrl).host}`,
});
