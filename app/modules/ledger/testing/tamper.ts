import { type Db, inTransaction, type Tx } from '~/platform/db.server';

import { verifyLedger } from '../verify-ledger.server';

const TABLES = [
  'wallet',
  'lot',
  'transfer',
  'entry',
  'hold',
  'hold_part',
  'claim',
  'claim_change',
  'wallet_freeze',
  'crossing',
  'book_total',
];

const UNGUARD = `DO $$ BEGIN ${TABLES.map((table) => `ALTER TABLE ${table} DISABLE TRIGGER USER;`).join(' ')} END $$`;

/** What is found after the owner of the database switched every guard off and ran the statements; all of it is undone. */
export async function afterTampering<Found>(
  db: Db,
  statements: readonly string[],
  find: (tx: Tx) => Promise<Found>,
): Promise<Found> {
  const undo = new Error('undo');
  const found: Found[] = [];
  await inTransaction(db, 'tamper', async (tx) => {
    await tx.$executeRawUnsafe('SET LOCAL session_replication_role = replica');
    await tx.$executeRawUnsafe(UNGUARD);
    for (const sql of statements)
      if ((await tx.$executeRawUnsafe(sql)) === 0) throw new Error(`This changed nothing: ${sql}`);
    found.push(await find(tx));
    throw undo;
  }).catch((error: unknown) => {
    if (error !== undo) throw error;
  });
  const [first] = found;
  if (first === undefined) throw new Error('Nothing was looked for.');
  return first;
}

/** The faults that verify names then. */
export const faultsAfter = (db: Db, ...statements: readonly string[]) =>
  afterTampering(db, statements, (tx) => verifyLedger(tx));

/** In the order of their names. */
export async function columnsOf(db: Db, table: string): Promise<string[]> {
  const rows = await db.$queryRaw<{ name: string }[]>`
    SELECT column_name::text AS name FROM information_schema.columns WHERE table_name = ${table} ORDER BY 1`;
  return rows.map((row) => row.name);
}
