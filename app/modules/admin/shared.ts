/**
 * What the console's pages show: read models, browser-safe. Amounts are smallest units of their currency, times are
 * Dates, ids are whole. The names of states are those of the rooms that own them.
 */
export type {
  DeliveryVerdict,
  EventDecision,
  EventSource,
  EventStatus,
  MoneyBackKind,
  MoneyBackLevel,
  PaymentKind,
  StripeCallState,
} from '../../../prisma/generated/enums';
export * from './approval-views';
export * from './customer-views';
export * from './finding-views';
export * from './list-views';
export * from './outgoing-views';
export * from './overview-view';
export * from './page-views';
export * from './pause-view';
export * from './settlement-view';
export * from './stripe-page';
export * from './timeline-view';
export * from './webhook-views';
