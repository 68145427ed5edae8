/**
 * The console's read models: one named View per page, nothing here writes. Acts belong to the rooms that own the rows;
 * console routes call their doors.
 */
export { consoleRealm } from './console-realm.server';
export { customerFilters, listCustomers } from './list-customers.server';
export { deliveryFilters, listDeliveries } from './list-deliveries.server';
export { eventFilters, listEvents } from './list-events.server';
export { listPayments, paymentFilters } from './list-payments.server';
export { pageOf } from './page.server';
export { readCustomer, statementQuery } from './read-customer.server';
export { readEvent } from './read-event.server';
export { readOverview } from './read-overview.server';
export { readPayment } from './read-payment.server';
