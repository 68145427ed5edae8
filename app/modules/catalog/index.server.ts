/** What is for sale: packs in immutable versions, priced by currency, sold in a realm by its Stripe price. */
export { findPackForSale, listPacks, type PackForSale } from './packs.server';
export { type ItemInput, putCatalogItem, type PutItemOutcome } from './put-item.server';
export { listPricesToSync, type PriceToSync, recordStripePrice } from './stripe-prices.server';
