import { closeDb, createDb } from '~/platform/db.server';
import { isConnectionFault } from '~/platform/db-errors.server';

import { capture, hold } from '../holds.server';

/** `hold-pairs.ts URL CUSTOMER PAIRS`: holds and captures one credit, so many times under fixed keys, and tells each pair that stands. */
const [url = '', customerId = '', pairs = '0'] = process.argv.slice(2);
const AT_ONCE = 4;

const db = createDb(url, AT_ONCE);
const asked = (key: string) => ({ book: 'test', actor: 'pairs', key }) as const;

/** A connection that was cut leaves the outcome unknown: the same key asks for it. */
async function surely<T>(act: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (!isConnectionFault(error)) throw error;
    }
  }
}

async function pair(n: number): Promise<void> {
  const held = await surely(() => hold(db, { ...asked(`pair:${n}:hold`), customerId, amount: 1n }));
  if (held.outcome !== 'held' && held.outcome !== 'replayed') throw new Error(`Pair ${n}: ${held.outcome}.`);
  const { holdId } = held;
  const captured = await surely(() => capture(db, { ...asked(`pair:${n}:capture`), holdId, amount: 1n }));
  if (captured.outcome !== 'captured' && captured.outcome !== 'replayed')
    throw new Error(`Pair ${n}: ${captured.outcome}.`);
  process.stdout.write(`${n}\n`);
}

async function walk(first: number): Promise<void> {
  for (let n = first; n < Number(pairs); n += AT_ONCE) await pair(n);
}

await Promise.all(Array.from({ length: AT_ONCE }, (_, first) => walk(first)));
await closeDb(db);
