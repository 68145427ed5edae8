import { expect, it } from 'vitest';

import { useTestDatabase } from '../../e2e/support/test-database';
import { DEMO_PASSWORD, DEMO_SHOPPERS } from '../../prisma/demo';
import { seedDemo } from '../../prisma/seed';
import { createUser } from '../modules/auth/index.server';
import { grant, readBalance, verifyLedger } from '../modules/ledger/index.server';
import { inTransaction } from '../platform/db.server';
import { useDemoCredits } from './demo-uses';

const database = useTestDatabase();

it('the demo’s product spends what its customers have, once, and leaves out what never came', async () => {
  const { db } = database;
  const { signal } = new AbortController();
  await seedDemo(db);
  for (const shopper of DEMO_SHOPPERS)
    await createUser(db, { ...shopper, role: 'customer', password: DEMO_PASSWORD, verified: true });
  await useDemoCredits(db, signal, 0);
  expect(await db.transfer.count()).toBe(0);

  const customers = await db.customer.findMany({ select: { id: true, email: true } });
  for (const { id } of customers)
    await inTransaction(db, 'grant', (tx) =>
      grant(tx, {
        book: 'test',
        customerId: id,
        key: `test:${id}`,
        amount: 5_000n,
        lotKind: 'pack',
        expiresAt: null,
        actor: 'test',
        occurredAt: new Date(),
      }),
    );
  await useDemoCredits(db, signal, 0);
  await useDemoCredits(db, signal, 0);
  const balances = new Map<string | null, [available: bigint, held: bigint]>();
  for (const { id, email } of customers) {
    const { available, held } = await readBalance(db, { book: 'test', customerId: id });
    balances.set(email, [available, held]);
  }
  expect(Object.fromEntries(balances)).toEqual({
    'customer@demo.test': [5_000n - 180n - 640n - 250n, 250n],
    'maya.lindqvist@demo.test': [5_000n - 1_150n - 75n, 0n],
    'tomas.okafor@demo.test': [5_000n, 0n],
    'elif.demir@demo.test': [1_000n, 0n],
    'jonas.weber@demo.test': [5_000n, 0n],
    'ines.costa@demo.test': [5_000n, 0n],
  });
  expect(await verifyLedger(db)).toEqual([]);
});
