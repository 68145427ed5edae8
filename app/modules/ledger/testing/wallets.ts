import { type Db, inTransaction } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

import { type Act } from '../act.server';
import { type AdjustInput } from '../adjust.server';
import { type GrantInput } from '../grant.server';
import { type HoldInput } from '../holds.server';
import { adjust, capture, hold, readBalance, release, reverse, settleClaim, spend } from '../index.server';
import { type ClaimOutcome } from '../settle-claim.server';
import { type BalanceView, type Book } from '../shared';
import { granted, grantOf, newCustomer, newPayment } from './credits';
import { setTestClock } from './test-clock';

/** Levels in credits; what is left out is zero. */
interface Levels {
  refund?: bigint;
  dispute?: bigint;
  pending?: bigint;
  owing?: bigint;
}

/** One customer's wallet in a book and short words for what is done to it; each call has a key of its own. */
export class TestWallet {
  constructor(
    readonly db: Db,
    readonly customerId: string,
    readonly book: Book,
  ) {}

  asked = () => ({
    book: this.book,
    customerId: this.customerId,
    actor: 'test',
    key: `test:${newId('req')}`,
  });

  async lot(amount: bigint, terms: Partial<GrantInput> = {}): Promise<string> {
    const input = grantOf(this.customerId, { book: this.book, amount, ...terms });
    return (await granted(this.db, input)).lotId;
  }

  /** A payment of so many credits, granted. */
  async bought(credits: bigint, terms: Partial<GrantInput> = {}): Promise<string> {
    const paymentId = await this.sold(credits);
    await this.lot(credits, { paymentId, key: `grant:${paymentId}`, ...terms });
    return paymentId;
  }

  /** A payment of so many credits that is not granted yet. */
  sold = (credits: bigint) => newPayment(this.db, { customerId: this.customerId, book: this.book, credits });

  spend = (amount: bigint) => spend(this.db, { ...this.asked(), amount });
  hold = (amount: bigint, terms: Partial<HoldInput> = {}) =>
    hold(this.db, { ...this.asked(), amount, ...terms });
  capture = (holdId: string, amount: bigint) => capture(this.db, { ...this.asked(), holdId, amount });
  release = (holdId: string) => release(this.db, { ...this.asked(), holdId });
  reverse = (transferId: string) => reverse(this.db, { ...this.asked(), transferId });

  adjust = (direction: AdjustInput['direction'], amount: bigint, terms: Partial<AdjustInput> = {}) =>
    inTransaction(this.db, 'adjust', (tx) =>
      adjust(tx, { ...this.asked(), direction, amount, expiresAt: null, reason: 'correction', ...terms }),
    );

  settle = (paymentId: string, levels: Levels): Promise<ClaimOutcome> =>
    inTransaction(this.db, 'settle', (tx) =>
      settleClaim(tx, {
        paymentId,
        gone: { refund: levels.refund ?? 0n, dispute: levels.dispute ?? 0n },
        pending: levels.pending ?? 0n,
        owing: levels.owing ?? 0n,
        actor: 'event:evt_1',
        occurredAt: new Date('2027-01-01T00:00:00Z'),
      }),
    );

  balance = (at?: Date): Promise<BalanceView> =>
    readBalance(this.db, { book: this.book, customerId: this.customerId, ...(at && { at }) });

  /** What is left of each lot that has anything, in burn order. */
  async lots(): Promise<bigint[]> {
    const rows = await this.db.$queryRaw<{ available: bigint }[]>`
      SELECT l.available FROM lot l JOIN wallet w ON w.id = l.wallet
      WHERE w.customer = ${this.customerId} AND w.book = ${this.book}::mode AND l.open
      ORDER BY l.priority, l.expires_at, l.promo DESC, l.created_at, l.id`;
    return rows.map((row) => row.available);
  }

  /** `kind: from → to amount` of each entry, oldest first. */
  async story(): Promise<string[]> {
    const rows = await this.db.$queryRaw<{ line: string }[]>`
      SELECT x.kind || ': ' || e."from" || ' → ' || e."to" || ' ' || e.amount AS line
      FROM entry e JOIN transfer x ON x.id = e.transfer JOIN wallet w ON w.id = e.wallet
      WHERE w.customer = ${this.customerId} AND w.book = ${this.book}::mode ORDER BY e.seq`;
    return rows.map((row) => row.line);
  }
}

export async function newWallet(db: Db, book: Book = 'test'): Promise<TestWallet> {
  return new TestWallet(db, await newCustomer(db), book);
}

/** The answer of an act that was written. @throws when it was refused */
export function done<T extends { outcome: string }>(answer: T): Extract<T, Act> {
  if (!isDone(answer)) throw new Error(`The act was refused: ${answer.outcome}.`);
  return answer;
}

function isDone<T extends { outcome: string }>(answer: T): answer is Extract<T, Act> {
  return 'recordedAt' in answer;
}

/** Puts the test clock to an instant: `2027-01-01T10:00:00Z`. */
export const clockAt = (db: Db, instant: string) => setTestClock(db, BigInt(Date.parse(instant)) * 1000n);
