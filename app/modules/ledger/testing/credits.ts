import { type Db, inTransaction } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

import { grant, type GrantInput, type GrantOutcome } from '../grant.server';
import { type Book } from '../shared';

/** A customer without credits. */
export async function newCustomer(db: Db): Promise<string> {
  const id = newId('cst');
  await db.$executeRaw`INSERT INTO customer (id) VALUES (${id})`;
  return id;
}

/** A payment of a customer in a realm of the book, as another room leaves it before it asks for a grant. */
export async function newPayment(
  db: Db,
  input: { customerId: string; book: Book; credits: bigint },
): Promise<string> {
  const realm = `rlm_${input.book}`;
  const id = newId('pay');
  await db.$executeRaw`
    INSERT INTO realm (id, account, mode, name) VALUES (${realm}, 'acct_1', ${input.book}::mode, 'Test') ON CONFLICT DO NOTHING`;
  await db.$executeRaw`
    INSERT INTO payment (id, realm, customer, kind, credits, currency, amount_subtotal)
    VALUES (${id}, ${realm}, ${input.customerId}, 'pack', ${input.credits}, 'usd', 1000)`;
  return id;
}

/** A grant of 100 credits that never expire; each call has a key of its own. */
export function grantOf(customerId: string, change: Partial<GrantInput> = {}): GrantInput {
  return {
    book: 'test',
    customerId,
    key: `test:${newId('req')}`,
    amount: 100n,
    lotKind: 'manual',
    expiresAt: null,
    actor: 'system',
    occurredAt: new Date('2026-11-21T12:00:00Z'),
    ...change,
  };
}

/** A grant in a transaction of its own. */
export function grantNow(db: Db, input: GrantInput): Promise<GrantOutcome> {
  return inTransaction(db, 'grant', (tx) => grant(tx, input));
}

/** A grant that must stand. */
export async function granted(db: Db, input: GrantInput) {
  const answer = await grantNow(db, input);
  if (answer.outcome === 'key_reused') throw new Error(`The key ${input.key} stands with another body.`);
  return answer;
}
