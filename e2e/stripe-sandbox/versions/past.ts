import { toJson, type Json } from '../json';
import type { Store } from '../store/store';

/** What older shapes hold and newer ones only point to. */
export interface Past {
  coupon(id: string): Json;
  discount(id: string): Json;
  price(id: string): Json;
  invoiceOfIntent(intentId: string): string | null;
  intentOfInvoice(invoiceId: string): string | null;
  chargeOfIntent(intentId: string): string | null;
}

const idOf = (reference: string | { id: string } | null | undefined): string | null =>
  typeof reference === 'string' ? reference : (reference?.id ?? null);

export function pastOf(store: Store): Past {
  return {
    coupon: (id) => jsonOf(store.coupons.get(id)),
    discount: (id) => jsonOf(store.discounts.get(id)),
    price: (id) => jsonOf(store.prices.get(id)),
    invoiceOfIntent: (id) => idOf(store.invoicePayments.first('payment_intent', id)?.invoice),
    intentOfInvoice: (id) => idOf(store.invoicePayments.where('invoice', id).at(-1)?.payment.payment_intent),
    chargeOfIntent: (id) => idOf(store.paymentIntents.get(id)?.latest_charge),
  };
}

function jsonOf(row: object | undefined): Json {
  return row ? toJson(row) : null;
}
