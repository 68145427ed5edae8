import { isJsonObject, type Json, type JsonObject } from '../json';
import { drops, idIn, fieldOf, without, type VersionChange } from './change';
import type { Past } from './past';
import { OLD_UI_MODES } from './ui-modes';

const withoutAccount = drops('customer_account');

/** From endive back to clover, newest first. */
export const RECENT_CHANGES: readonly VersionChange[] = [
  { since: '2026-10-28', undo: { dispute: drops('intended_submission_method') } },
  {
    since: '2026-09-30',
    undo: {
      'checkout.session': drops('allowed_payment_method_types'),
      invoice: drops('status_details'),
      payment_intent: drops('payment_record'),
      subscription: drops('status_details'),
    },
  },
  {
    since: '2026-07-29',
    undo: {
      payment_intent: drops('allowed_payment_method_types'),
      refund: drops('customer', 'customer_account', 'payment_method'),
    },
  },
  {
    since: '2026-05-27',
    undo: {
      invoice: drops('amount_paid_off_stripe'),
      subscription: drops('billing_schedules'),
      subscription_item: drops('billed_until'),
    },
  },
  {
    since: '2026-03-25',
    undo: {
      'checkout.session': (session) => ({
        ...without(session, 'integration_identifier', 'managed_payments'),
        ui_mode: oldUiMode(session['ui_mode'] ?? null),
      }),
      payment_intent: drops('managed_payments'),
      subscription: drops('managed_payments'),
    },
  },
  {
    since: '2025-12-15',
    undo: {
      'billing_portal.session': withoutAccount,
      'checkout.session': withoutAccount,
      customer: withoutAccount,
      discount: withoutAccount,
      invoice: withoutAccount,
      invoiceitem: withoutAccount,
      line_item: drops('subtotal'),
      payment_intent: withoutAccount,
      payment_method: withoutAccount,
      promotion_code: withoutAccount,
      setup_intent: withoutAccount,
      subscription: withoutAccount,
    },
  },
  {
    since: '2025-09-30',
    undo: {
      'checkout.session': drops('branding_settings', 'excluded_payment_method_types', 'name_collection'),
      customer: drops('business_name', 'individual_name'),
      discount: (discount, past) => withCoupon(discount, 'source', past),
      promotion_code: (promotion, past) => withCoupon(promotion, 'promotion', past),
    },
  },
];

function oldUiMode(mode: Json): Json {
  return typeof mode === 'string' ? (OLD_UI_MODES[mode] ?? mode) : mode;
}

/** The coupon stood in the object itself, whole, where now a holder points to it. */
function withCoupon(object: JsonObject, holder: string, past: Past): JsonObject {
  const held = fieldOf(object[holder], 'coupon');
  const id = idIn(held);
  const coupon = isJsonObject(held) || id === null ? held : past.coupon(id);
  return { ...without(object, holder), coupon };
}
