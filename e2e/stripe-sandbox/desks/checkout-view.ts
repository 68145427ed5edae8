import type Stripe from 'stripe';
import { DAY_SECONDS } from '../durations';
import { couponOf } from '../engine/discounts/build-discount';
import { amountOffIn } from '../engine/discounts/discount-amount';
import { discountOf } from '../engine/price-session';
import { challengedIntent, collectsMethod } from '../engine/session-sale';
import { idIn, type World } from '../engine/world';
import { offersSaving, savedMethods } from './saved-methods';
import type { AppliedDiscount, CheckoutView, PayMethod } from '../sandbox';

type Session = Stripe.Checkout.Session;

/** What the hosted page shows of a session. */
export function checkoutView(world: World, session: Session): CheckoutView {
  const locked = lockedEmail(world, session);
  const challenged = challengedIntent(world, session);
  const currency = session.currency ?? 'usd';
  return {
    session,
    lineItems: world.store.sessionLines.must(session.id).items,
    customerEmail: locked ?? session.customer_details?.email ?? null,
    lockedEmail: locked !== null,
    businessName: session.branding_settings?.display_name ?? 'Sandbox',
    amount: session.amount_total ?? 0,
    currency,
    cancelUrl: filledUrl(session, 'cancel_url'),
    successUrl: filledUrl(session, 'success_url'),
    recoveryUrl: session.after_expiration?.recovery?.url ?? null,
    methods: methodsOf(session),
    wantsAddress: wantsAddress(session),
    savedMethods: savedMethods(world, session),
    offersSaving: offersSaving(world, session),
    promotions: {
      isOffered: session.allow_promotion_codes === true,
      applied: appliedDiscounts(world, session, currency),
    },
    trial: trialOf(world, session),
    challenge: challenged && session.status === 'open' ? { intentId: challenged.id } : null,
  };
}

export function filledUrl(session: Session, field: 'success_url' | 'cancel_url'): string | null {
  return session[field]?.replaceAll('{CHECKOUT_SESSION_ID}', session.id) ?? null;
}

/** The seller wants to know where the customer lives, or where the goods go. */
export function wantsAddress(session: Session): boolean {
  return session.billing_address_collection === 'required' || session.shipping_address_collection !== null;
}

/** The e-mail that the visitor cannot change. */
export function lockedEmail(world: World, session: Session): string | null {
  const customer = world.store.customers.get(idIn(session.customer) ?? '');
  return customer?.email ?? session.customer_email;
}

const METHODS = ['card', 'sepa_debit', 'us_bank_account'] as const satisfies readonly PayMethod[];

function methodsOf(session: Session): PayMethod[] {
  if (!collectsMethod(session)) return [];
  return METHODS.filter((method) => session.payment_method_types.includes(method));
}

function appliedDiscounts(world: World, session: Session, currency: string): AppliedDiscount[] {
  const discount = discountOf(world, session.id);
  if (discount === null) return [];
  const coupon = couponOf(world, discount);
  const promotion = world.store.promotionCodes.get(idIn(discount.promotion_code) ?? '');
  return [
    {
      code: session.allow_promotion_codes === true ? (promotion?.code ?? null) : null,
      name: coupon.name ?? promotion?.code ?? null,
      percentOff: coupon.percent_off,
      amountOff: amountOffIn(coupon, currency),
    },
  ];
}

/** The days count from now, as they will when the visitor pays. */
function trialOf(world: World, session: Session): CheckoutView['trial'] {
  const { subscription } = world.store.sessionPlans.must(session.id);
  if (subscription === null) return null;
  const { trialEnd, trialPeriodDays } = subscription;
  if (trialEnd !== null) return { days: Math.ceil((trialEnd - world.now()) / DAY_SECONDS), end: trialEnd };
  if (trialPeriodDays === null) return null;
  return { days: trialPeriodDays, end: world.now() + trialPeriodDays * DAY_SECONDS };
}
