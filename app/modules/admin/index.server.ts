/**
 * The console's read models: one named View per page, nothing here writes. Acts belong to the rooms that own the rows;
 * console routes call their doors.
 */
export { consoleDesk, consoleRealm } from './console-realm.server';
export { exportMoneyBacks } from './export-money-backs.server';
export { exportPayments } from './export-payments.server';
export { findAnything } from './find-anything.server';
export { approvalFilters, countOpenApprovals, listApprovals } from './list-approvals.server';
export { exportAudit } from './export-audit.server';
export { auditFilters, listAudit, readAuditWords } from './list-audit.server';
export { callFilters, listCalls } from './list-calls.server';
export { customerFilters, listCustomers } from './list-customers.server';
export { deadLetterFilters, groupDeadLetters, listDeadLetters } from './list-dead-letters.server';
export { deliveryFilters, listDeliveries } from './list-deliveries.server';
export { eventFilters, listEvents } from './list-events.server';
export { listMoneyBacks, moneyBackFilters } from './list-money-backs.server';
export { listOutgoing, listTold, outgoingFilters } from './list-outgoing.server';
export { listPayments, paymentFilters } from './list-payments.server';
export { listReplayItems, listReplays, readReplayPage, replayFilters } from './list-replays.server';
export { pageOf } from './page.server';
export { readApproval } from './read-approval.server';
export { readAudit } from './read-audit.server';
export { readCall } from './read-call.server';
export { readCatalogChoices } from './read-catalog-choices.server';
export { readCurrencies } from './read-currencies.server';
export { readCustomer, statementQuery } from './read-customer.server';
export { readDelivery } from './read-delivery.server';
export { readDispute } from './read-dispute.server';
export { readEvent } from './read-event.server';
export { readLot } from './read-lots.server';
export { readOutgoing } from './read-outgoing.server';
export { readOverview } from './read-overview.server';
export { readPauses } from './read-pauses.server';
export { readPayment } from './read-payment.server';
export { readPaymentObjects } from './read-payment-objects.server';
export { readTransfer } from './read-transfer.server';
export { readRealms } from './realms.server';
