import { type Operation } from './operation.server';
import { createGrantOperation } from './operations/create-grant.server';
import { createHoldOperation } from './operations/create-hold.server';
import { createSpendOperation } from './operations/create-spend.server';
import { createStoreLinkOperation } from './operations/create-store-link.server';
import { captureHoldOperation, releaseHoldOperation } from './operations/end-hold.server';
import { readBalanceOperation } from './operations/read-balance.server';
import { readCustomerOperation } from './operations/read-customer.server';
import { readHoldOperation } from './operations/read-hold.server';
import { readLedgerOperation } from './operations/read-ledger.server';
import { readPaymentOperation } from './operations/read-payment.server';
import { reverseSpendOperation } from './operations/reverse-spend.server';

/** All that the API does, in the order in which people read it. */
export const OPERATIONS: readonly Operation[] = [
  readBalanceOperation,
  createSpendOperation,
  reverseSpendOperation,
  createHoldOperation,
  readHoldOperation,
  captureHoldOperation,
  releaseHoldOperation,
  createGrantOperation,
  readCustomerOperation,
  readLedgerOperation,
  readPaymentOperation,
  createStoreLinkOperation,
];

/** What stands under one path, by method. */
export const operationsAt = (path: string): Operation[] => OPERATIONS.filter((one) => one.path === path);
