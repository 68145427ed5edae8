/** What is for sale: packs and plans in immutable versions, priced by currency, sold in a realm by its Stripe price. */
export { readCurrency } from './currencies.server';
export { findPackForSale, listPacks, type PackForSale } from './packs.server';
export {
  findPlanForSale,
  findPlanOfPrice,
  findPlanOfVersion,
  listPlans,
  type PlanForSale,
} from './plans.server';
export { adoptStripePrice } from './adopt-price.server';
export { changeItem, setOnSale } from './change-item.server';
export { readItemForm } from './read-item-form.server';
export { listCatalog } from './list-catalog.server';
export { type ItemInput, putCatalogItem, type PutItemOutcome } from './put-item.server';
export { listPricesToSync, type PriceToSync, recordStripePrice } from './stripe-prices.server';
