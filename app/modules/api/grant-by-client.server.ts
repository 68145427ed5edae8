import { countAct } from '~/modules/approvals/index.server';
import { grant, type GrantOutcome } from '~/modules/ledger/index.server';
import { type Book } from '~/modules/ledger/shared';
import { type Db, inTransaction, type Tx } from '~/platform/db.server';
import { days } from '~/platform/time';

/** Why a product gives credits that nobody pays for. */
export const GRANT_KINDS = ['bonus', 'trial', 'referral'] as const;
export type GrantKind = (typeof GRANT_KINDS)[number];

const KIND_LABEL: Record<GrantKind, string> = { bonus: 'Bonus', trial: 'Trial', referral: 'Referral' };

export interface GrantByClientInput {
  clientId: string;
  book: Book;
  /** One that exists. */
  customerId: string;
  /** Of the ledger: `api:<client>:<Idempotency-Key>`. */
  key: string;
  /** Credits, above zero. */
  amount: bigint;
  kind: GrantKind;
  /** The product's own words: customers and staff read them behind the kind, as "Bonus: welcome". */
  reason?: string;
  /** Null means never. */
  expiresAt: Date | null;
  now: Date;
}

type Standing = Extract<GrantOutcome, { outcome: 'granted' | 'replayed' }>;

export type GrantByClientOutcome =
  /** The credits stand. `replayed`: they stood already under this key, and the answer is the one of then. */
  | Standing
  /** The key stands for another act or another body. */
  | { outcome: 'key_reused' }
  /** Nothing is written, and the key stays free: the same request can pass when there is room again. */
  | {
      outcome: 'above_limit';
      /** The bound that leaves the least room: of one act, or of 24 hours for this client or for this customer. */
      bound: 'per_act' | 'actor_day' | 'customer_day';
      /** Credits. */
      limit: bigint;
      /** Credits that count against it already. */
      used: bigint;
    }
  /** Nothing is written: a new grant expires after `now`, and within ten years. */
  | { outcome: 'expiry_out_of_range' };

/** Ten years with their leap days. */
const LONGEST = days(3653);

/**
 * Gives a customer credits of kind `promo` because their product says so, within the limits of the role `api`. The count
 * and the grant are one transaction, and a key counts and grants once: asked again it is answered as it was, whatever the
 * limits or the clock say by then. For that the expiry is judged here and not by the schema of a request.
 *
 * Like every grant it first repays what the wallet owes (`available` rises by the rest, `debt` falls), and a frozen
 * wallet takes it too.
 * @throws RangeError when the amount is not above zero; a database error when the outcome is unknown: ask again with the same key
 */
export async function grantByClient(db: Db, input: GrantByClientInput): Promise<GrantByClientOutcome> {
  if (await isKnown(db, input)) return inTransaction(db, 'repeat grant', (tx) => grantOf(tx, input));
  if (!isInRange(input)) return { outcome: 'expiry_out_of_range' };
  return inTurn(db, input.book, () => grantCounted(db, input));
}

const isInRange = ({ expiresAt, now }: GrantByClientInput): boolean =>
  expiresAt === null ||
  (expiresAt.getTime() > now.getTime() && expiresAt.getTime() <= now.getTime() + LONGEST);

/** Whether the key stands for an act of the ledger, whichever: then it grants nothing more, and nothing is counted. */
async function isKnown(db: Db | Tx, { book: bookId, key }: GrantByClientInput): Promise<boolean> {
  const transfer = await db.transfer.findUnique({
    where: { bookId_key: { bookId, key } },
    select: { id: true },
  });
  return transfer !== null;
}

/** Takes the count back: the key was taken while this transaction waited. */
class NotGranted extends Error {
  constructor(readonly answer: GrantOutcome) {
    super('Another act has the key of this grant');
  }
}

async function grantCounted(db: Db, input: GrantByClientInput): Promise<GrantByClientOutcome> {
  const { clientId, book, customerId, key, amount } = input;
  const act = { book, act: 'grant', role: 'api', customerId, unit: 'credits', amount } as const;
  try {
    return await inTransaction(db, 'grant by client', async (tx) => {
      const counted = await countAct(tx, { ...act, actor: actorOf(clientId), subject: key });
      if (counted.outcome === 'own_wallet') throw new Error(`The client ${clientId} has a log-in.`);
      if (counted.outcome === 'above') {
        // A twin may have taken the last room under the limit.
        if (await isKnown(tx, input)) return grantOf(tx, input);
        const { bound, limit, used } = counted;
        return { outcome: 'above_limit', bound, limit, used };
      }
      const answer = await grantOf(tx, input);
      if (answer.outcome !== 'granted') throw new NotGranted(answer);
      return answer;
    });
  } catch (error) {
    if (error instanceof NotGranted) return error.answer;
    throw error;
  }
}

function grantOf(tx: Tx, input: GrantByClientInput): Promise<GrantOutcome> {
  const { clientId, book, customerId, key, amount, kind, reason, expiresAt, now } = input;
  return grant(tx, {
    ...{ book, customerId, key, amount, expiresAt, lotKind: 'promo', occurredAt: now },
    actor: actorOf(clientId),
    reason: reason === undefined ? KIND_LABEL[kind] : `${KIND_LABEL[kind]}: ${reason}`,
  });
}

const actorOf = (clientId: string) => `api:${clientId}`;

/** The last grant of each book that was begun. */
const turns = new WeakMap<Db, Map<Book, Promise<unknown>>>();

/**
 * One after the other: grants of a book wait for each other at its limits, and those that wait there would keep the
 * connections that spends need.
 */
async function inTurn<T>(db: Db, book: Book, work: () => Promise<T>): Promise<T> {
  const books = turns.get(db) ?? new Map<Book, Promise<unknown>>();
  turns.set(db, books);
  const before = books.get(book);
  const turn = (before ?? Promise.resolve()).then(work, work);
  books.set(book, turn);
  return turn;
}
