import { type Pool, type PoolClient } from 'pg';

import { log } from './log.server';
import { seconds } from './time';

const AGAIN_AFTER = seconds(1);

/**
 * Keeps one connection of the pool for what lives as long as a connection does: LISTEN, an advisory lock. A lost one is
 * replaced and set up anew.
 */
export function keepConnection(
  pool: Pool,
  name: string,
  setUp: (client: PoolClient) => Promise<void>,
): { release: () => void } {
  let isReleased = false;
  let drop: ((error?: Error) => void) | undefined;

  const open = async (): Promise<void> => {
    const client = await pool.connect();
    const lost = (error?: Error): void => {
      if (drop !== lost) return;
      drop = undefined;
      // Ended, not returned: whatever stands on it must fall.
      client.release(error ?? true);
      if (!isReleased) again(error);
    };
    drop = lost;
    client.on('error', lost);
    if (isReleased) lost();
    else await setUp(client).catch(lost);
  };
  const again = (error: unknown): void => {
    if (isReleased) return;
    log.warn('standing connection lost', { name, error: String(error) });
    setTimeout(() => {
      if (!isReleased) open().catch(again);
    }, AGAIN_AFTER).unref();
  };
  open().catch(again);

  return {
    release: () => {
      isReleased = true;
      drop?.();
    },
  };
}
