import * as z from 'zod';

import { isKeyFault, isPassing } from '~/modules/stripe/index.server';
import { isConnectionFault, retryableCode, sqlState } from '~/platform/db-errors.server';

export interface Fault {
  /** passing: the same work may succeed later. poison: it never will. unknown: a few tries tell. */
  kind: 'passing' | 'poison' | 'unknown';
  code: string;
  detail: string;
}

/** Data exceptions (22…), a missing value (23502), a CHECK (23514), a rule of an append-only or rising table (23001). */
const isInvariant = (state: string) => state.startsWith('22') || ['23001', '23502', '23514'].includes(state);

/** Sorts what a try threw. What is not recognised is unknown, never passing: it must not be retried for three days. */
export function classifyFault(error: unknown): Fault {
  const detail = (error instanceof Error ? error.message : String(error)).slice(0, 1000);
  if (retryableCode(error) !== undefined) return { kind: 'passing', code: 'lost_race', detail };
  if (isConnectionFault(error)) return { kind: 'passing', code: 'database_unreachable', detail };
  if (isPassing(error)) return { kind: 'passing', code: 'stripe_unreachable', detail };
  if (isKeyFault(error)) return { kind: 'passing', code: 'stripe_key_refused', detail };
  if (error instanceof z.ZodError || error instanceof SyntaxError)
    return { kind: 'poison', code: 'schema', detail };
  const state = sqlState(error);
  if (state !== undefined && isInvariant(state)) return { kind: 'poison', code: 'invariant', detail };
  return { kind: 'unknown', code: 'unknown', detail };
}
