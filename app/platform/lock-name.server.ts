import { type Tx } from './db.server';

/** Lets the transactions that lock one name come one after the other; held until this one ends. Two names may share a lock. */
export async function lockName(tx: Tx, name: string): Promise<void> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))::text`;
}
