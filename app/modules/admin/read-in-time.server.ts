import { type Db, inTransaction, type Tx } from '~/platform/db.server';
import { sqlState } from '~/platform/db-errors.server';
import { seconds } from '~/platform/time';

/** What only reads: the client itself or a transaction. */
export type Reader = Pick<Db, '$queryRaw'>;

/**
 * For the rest of a transaction each statement is planned for the values at hand. A plan for any values knows neither how
 * rare they are nor that a partial index holds them, and looks cheap below a LIMIT: it may read a table from end to end.
 */
export const planEach = (tx: Tx): Promise<unknown> =>
  tx.$queryRaw`SELECT set_config('plan_cache_mode', 'force_custom_plan', true)`;

/** A page that takes longer helps nobody, and holds a connection that others need. */
const MOST_MS = seconds(5);

const CANCELED = '57014';

/** The status of a page whose search took too long. */
export const TOO_LONG = 422;

/**
 * Reads one page of a list. Each statement is stopped when it takes too long; `fn` sends one after the other.
 * @throws 422 when one was stopped: whoever asks narrows the search.
 */
export async function readInTime<T>(db: Db, fn: (tx: Tx) => Promise<T>, mostMs = MOST_MS): Promise<T> {
  try {
    return await inTransaction(db, 'console list', async (tx) => {
      await planEach(tx);
      await tx.$queryRaw`SELECT set_config('statement_timeout', ${String(mostMs)}, true)`;
      return fn(tx);
    });
  } catch (error) {
    if (sqlState(error) === CANCELED) throw new Response(null, { status: TOO_LONG });
    throw error;
  }
}
