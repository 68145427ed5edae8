import { mailAdmins } from '~/modules/mail/index.server';
import { clientOf, type Db, inTransaction, type Tx } from '~/platform/db.server';
import { sqlMessage, sqlState } from '~/platform/db-errors.server';
import { log } from '~/platform/log.server';
import { utcDay } from '~/platform/time';

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

/** Logs the drift, and mails it to every admin once per wallet and day. Never throws: what it tells of comes first. */
export async function soundAlarm(db: Db, drift: Drift): Promise<void> {
  log.error('ledger drift', drift);
  try {
    await inTransaction(db, 'ledger drift', (tx) => mailAdmins(tx, mailOf(drift)));
  } catch (error) {
    log.error('ledger drift not mailed', { walletId: drift.walletId, error: String(error) });
  }
}

function driftIn(error: unknown): Drift {
  const message = sqlMessage(error) ?? String(error);
  const [, walletId, fault] = /^wallet (\w+): (.*)$/s.exec(message) ?? [];
  return { walletId, fault: fault ?? message };
}

function mailOf({ walletId, fault }: Drift) {
  const subject = walletId === undefined ? 'The ledger is at odds' : `The ledger is at odds at ${walletId}`;
  return {
    cause: `ledger.drift:${walletId ?? fault}:${utcDay(new Date())}`,
    kind: 'ledger.drift',
    subject,
    content: {
      heading: subject,
      paragraphs: [
        walletId === undefined ? `${fault}.` : `Wallet ${walletId}: ${fault}.`,
        'An act that meets it ends with an error and writes nothing.',
        `See what is wrong, and since which entry: npm run credence -- ledger verify${walletId === undefined ? '' : ` --from ${walletId} --to ${walletId}`}`,
      ],
      footnotes: ['You have this mail as an admin. It is sent once a day while the fault is found.'],
    },
  };
}
