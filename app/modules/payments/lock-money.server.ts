import { type Tx } from '~/platform/db.server';
import { lockName } from '~/platform/lock-name.server';

/**
 * Makes all that would turn one PaymentIntent of a realm into a payment come one after the other, until the transaction
 * ends. A plan's money is unique by its invoice, money that a person assigned by its PaymentIntent: only this joins the two.
 * Taken before the payment's own lock.
 */
export const lockMoney = (tx: Tx, realmId: string, intentId: string): Promise<void> =>
  lockName(tx, `money:${realmId}${intentId}`);
