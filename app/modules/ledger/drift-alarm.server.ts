import { clientOf, type Db, type Tx } from '~/platform/db.server';
import { sqlMessage, sqlState } from '~/platform/db-errors.server';
import { log } from '~/platform/log.server';

/** The SQLSTATE by which an act says that the books are at odds with themselves. */
const DRIFT = 'CR001';

export interface Drift {
  /** Undefined when no wallet is named. */
  walletId?: string | undefined;
  /** What is wrong, as a sentence's end. */
  fault: string;
}

/**
 * An act with the drift alarm around it. When the act finds the wallet at odds with its lots or claims, all of it is
 * rolled back, the alarm is sounded, and the caller has the error as ever.
 */
export async function alarmed<T>(db: Db | Tx, act: PromiseLike<T>): Promise<T> {
  try {
    return await act;
  } catch (error) {
    if (isDrift(error)) await soundAlarm(clientOf(db), driftIn(error));
    throw error;
  }
}

/** True when an act was rolled back because the books are at odds. */
export const isDrift = (error: unknown): boolean => sqlState(error) === DRIFT;

/** Logs the drift, and keeps it for the alerts, which tell of it. Never throws: what it tells of comes first. */
export async function soundAlarm(db: Db, drift: Drift): Promise<void> {
  log.error('ledger drift', drift);
  const { walletId, fault } = drift;
  try {
    await db.$executeRaw`
      INSERT INTO ledger_drift (subject, wallet, fault) VALUES (${walletId ?? fault}, ${walletId ?? null}, ${fault})
      ON CONFLICT (subject) DO UPDATE SET fault = excluded.fault, seen_at = clock_timestamp(), times = ledger_drift.times + 1`;
  } catch (error) {
    log.error('ledger drift not kept', { walletId, error: String(error) });
  }
}

function driftIn(error: unknown): Drift {
  const message = sqlMessage(error) ?? String(error);
  const [, walletId, fault] = /^wallet (\w+): (.*)$/s.exec(message) ?? [];
  return { walletId, fault: fault ?? message };
}
