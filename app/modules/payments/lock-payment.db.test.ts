import { expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { settleClaim, spend } from '~/modules/ledger/index.server';
import { newWallet } from '~/modules/ledger/testing/wallets';
import { inTransaction } from '~/platform/db.server';

import { lockPayment } from './lock-payment.server';

const database = useTestDatabase();

it('a spend that books an expiry of a payment’s credits does not wait for whoever holds the payment', async () => {
  const wallet = await newWallet(database.db);
  const payment = await wallet.bought(5n, { expiresAt: new Date('2020-01-01T00:00:00Z') });
  await inTransaction(database.db, 'holds the payment', async (tx) => {
    expect(await lockPayment(tx, payment)).toMatchObject({ id: payment });
    const input = { ...wallet.asked(), amount: 5n };
    expect(await spend(database.db, input)).toEqual({ outcome: 'insufficient', available: 0n });
    expect(await database.db.transfer.count({ where: { kind: 'expire', paymentId: payment } })).toBe(1);
    const levels = { gone: { refund: 1n, dispute: 0n }, pending: 0n, owing: 0n };
    await settleClaim(tx, { paymentId: payment, ...levels, actor: 'test', occurredAt: new Date() });
  });
});
