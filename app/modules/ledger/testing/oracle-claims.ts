import {
  balances,
  type Cause,
  foundChild,
  giveBack,
  inBurnOrder,
  least,
  lotOf,
  type Micros,
  most,
  NEVER,
  move,
  type Movement,
  openDebt,
  type OracleClaim,
  type OracleLot,
  type OracleWallet,
  record,
  total,
} from './oracle-wallet';

const claimOf = (w: OracleWallet, paymentId: string): OracleClaim | undefined =>
  w.claims.find((claim) => claim.paymentId === paymentId);

/** Opens the claim of a payment that sold or granted so many credits, when it has none. */
export function openClaim(w: OracleWallet, paymentId: string, granted: bigint): OracleClaim {
  const known = claimOf(w, paymentId);
  if (known) return known;
  const none = { refund: 0n, dispute: 0n, pending: 0n, indebted: 0n, revokedDispute: 0n, owed: 0n };
  const claim: OracleClaim = { paymentId, granted, ...none, repayments: [] };
  w.claims.push(claim);
  return claim;
}

/** The lots of a payment: the one it granted, and those that gave credits of it back. */
export const familyOf = (w: OracleWallet, paymentId: string): OracleLot[] =>
  inBurnOrder(w.lots.filter((lot) => lot.paymentId === paymentId));

/** What has gone by refunds and by disputes, and all that may go: levels, capped at what was granted, refunds first. */
function levelsOf({ refund, dispute, pending, granted }: OracleClaim) {
  const gone = least(refund + dispute, granted);
  return { gone, all: least(gone + pending, granted), byDispute: gone - least(refund, gone) };
}

/** What a claim should stand at, by the rule of levels. */
export function targetsOf(claim: OracleClaim, family: readonly OracleLot[]) {
  const { gone, all, byDispute } = levelsOf(claim);
  const reachable = total(family, 'available', 'claimed', 'revoked');
  const revoked = least(gone, reachable);
  const refund = least(gone - byDispute, revoked);
  const claimed = least(all - gone, reachable - revoked);
  const shortfall = family.length === 0 ? 0n : most(0n, gone - revoked - total(family, 'expired'));
  const ceiling = least(shortfall, claim.indebted);
  const isDrawnOn = total(family, 'held') > 0n;
  const owed = isDrawnOn ? least(ceiling, claim.owed) : ceiling;
  return { revoked, refund, dispute: revoked - refund, claimed, shortfall, owed };
}

const causeOf = (claim: OracleClaim): Cause => (levelsOf(claim).byDispute > 0n ? 'dispute' : 'refund');

/** When something is recorded, and when it came about: what is due comes about at its own instant. */
interface When {
  at: Micros;
  asOf: Micros;
}

const POOLS = ['claimed', 'revoked.dispute', 'revoked.refund', 'available'] as const;
type Pool = (typeof POOLS)[number];

/** Brings these payments' claims to their targets, one after the other. A payment that gets credits back by it queues up at the end. */
export function settle(w: OracleWallet, paymentIds: readonly string[], when: When): void {
  const queue = [...paymentIds];
  for (const paymentId of queue) queue.push(...settleOne(w, paymentId, when));
}

/** The payments that got credits back by it, each as often as it did. */
function settleOne(w: OracleWallet, paymentId: string, when: When): readonly string[] {
  const claim = claimOf(w, paymentId);
  const family = familyOf(w, paymentId);
  if (!claim || family.length === 0) return [];
  const target = targetsOf(claim, family);
  const revoked = total(family, 'revoked');
  const over: Record<Pool, bigint> = {
    claimed: total(family, 'claimed') - target.claimed,
    'revoked.dispute': claim.revokedDispute - target.dispute,
    'revoked.refund': revoked - claim.revokedDispute - target.refund,
    available: target.revoked + target.claimed - revoked - total(family, 'claimed'),
  };
  for (const from of POOLS)
    for (const to of POOLS) {
      const amount = least(over[from], -over[to]);
      if (amount <= 0n) continue;
      over[from] -= amount;
      over[to] += amount;
      shift(w, family, { at: when.at, kind: 'claim', from, to, amount, paymentId }, when.asOf);
    }
  claim.revokedDispute = target.dispute;
  return settleDebt(w, claim, target.owed, when.at);
}

/** Moves credits of a family between what is available, claimed and revoked: in burn order, and back to the living first. */
function shift(w: OracleWallet, family: readonly OracleLot[], movement: Movement, asOf: Micros): void {
  const { at, from, to } = movement;
  const isDead = (lot: OracleLot) => to === 'available' && lot.expiresAt <= at;
  const place = from === 'available' || from === 'claimed' ? from : 'revoked';
  if (place === 'revoked' && to !== 'available' && to !== 'claimed') {
    record(w, null, movement);
    return;
  }
  let left = movement.amount;
  for (const lot of [...family.filter((one) => !isDead(one)), ...family.filter(isDead)]) {
    const amount = least(left, lot.in[place]);
    left -= amount;
    if (amount === 0n) continue;
    if (from === 'available') lot.claimedAt = asOf;
    if (from === 'claimed' && isDead(lot)) {
      // An entry moves within one lot: what a dead lot held back is taken out of it first.
      move(w, lot, { ...movement, to: 'revoked.refund', amount });
      giveBack(w, lot, lot.claimedAt, { ...movement, from: 'revoked.refund', amount });
    } else if (to === 'available') giveBack(w, lot, lot.claimedAt, { ...movement, amount });
    else move(w, lot, { ...movement, amount });
  }
  if (left > 0n) throw new Error('The oracle has a claim on more than there is.');
}

/** Debt rises at once; it falls by cancelling what is open, then by returning what was repaid, the latest first. */
function settleDebt(w: OracleWallet, claim: OracleClaim, target: bigint, at: Micros): string[] {
  const touched: string[] = [];
  const of = { at, kind: 'claim', paymentId: claim.paymentId } as const;
  const rise = most(0n, target - claim.owed);
  record(w, null, { ...of, from: 'debt_issued', to: 'debt', amount: rise });
  claim.owed += rise;
  const cancelled = least(claim.owed - target, openDebt(claim));
  record(w, null, { ...of, from: 'debt', to: 'debt_issued', amount: cancelled });
  claim.owed -= cancelled;
  while (claim.owed > target) {
    const last = claim.repayments.at(-1);
    if (!last) throw new Error('The oracle cannot return what nobody repaid.');
    const amount = least(last.amount, claim.owed - target);
    last.amount -= amount;
    if (last.amount === 0n) claim.repayments.pop();
    claim.owed -= amount;
    const lot = lotOf(w, last.lot);
    foundChild(w, lot, last.at, { ...of, from: `revoked.${last.cause}`, to: 'available', amount });
    if (lot.paymentId !== null) touched.push(lot.paymentId);
  }
  return touched;
}

/** A grant repays what its wallet owes, the payment sold first before others. Credits that are dead already repay nothing. */
export function repayDebts(w: OracleWallet, lot: OracleLot, at: Micros): void {
  if (lot.expiresAt <= at) return;
  for (const claim of [...w.claims].sort((a, b) => (a.paymentId < b.paymentId ? -1 : 1))) {
    const { paymentId } = claim;
    const amount = least(openDebt(claim), lot.in.available);
    if (amount === 0n) continue;
    const cause = causeOf(claim);
    move(
      w,
      lot,
      { at, kind: 'repay', from: 'available', to: `revoked.${cause}`, amount, paymentId },
      'moved',
    );
    record(w, null, { at, kind: 'repay', from: 'debt', to: 'debt_issued', amount, paymentId });
    claim.repayments.push({ lot: lot.n, amount, at, cause });
  }
}

/**
 * Books what is due at an instant as if each thing had been booked at its own: a hold that ends gives back what still
 * lives, its payments' claims take theirs, and only then may a lot end.
 */
export function bookDue(w: OracleWallet, at: Micros): void {
  for (;;) {
    const holds = w.holds.filter((hold) => hold.state === 'active' && hold.expiresAt <= at);
    const lots = w.lots.filter((lot) => lot.in.available > 0n && lot.expiresAt <= at);
    const [hold] = holds.sort((a, b) => (a.expiresAt < b.expiresAt ? -1 : 1));
    const [lot] = lots.sort((a, b) => (a.expiresAt < b.expiresAt ? -1 : 1));
    if (lot && (!hold || lot.expiresAt <= hold.expiresAt))
      move(w, lot, { at, kind: 'expire', from: 'available', to: 'expired', amount: lot.in.available });
    else if (hold) {
      hold.state = 'expired';
      letGo(w, hold.parts, { at, asOf: hold.expiresAt, kind: 'release' });
    } else return;
  }
}

/** The next instant at which a lot or a hold of the wallet ends. */
export function nextEndOf({ lots, holds }: OracleWallet): Micros {
  const ends = [
    ...lots.filter((lot) => lot.in.available > 0n).map((lot) => lot.expiresAt),
    ...holds.filter((hold) => hold.state === 'active').map((hold) => hold.expiresAt),
  ];
  return ends.reduce(least, NEVER);
}

/** Ends the hold on some parts: what lived at `asOf` can be spent again, unless a claim waits for it. */
export function letGo(
  w: OracleWallet,
  parts: readonly { lot: number; amount: bigint }[],
  { at, asOf, kind }: When & { kind: 'release' | 'capture' },
): void {
  for (const part of parts) {
    const lot = lotOf(w, part.lot);
    const to = lot.expiresAt > asOf ? 'available' : 'expired';
    move(w, lot, { at, kind, from: 'held', to, amount: part.amount });
  }
  settleOf(w, parts, { at, asOf });
}

export function settleOf(w: OracleWallet, parts: readonly { lot: number }[], when: When): void {
  const touched = parts.map((part) => lotOf(w, part.lot).paymentId);
  settle(
    w,
    touched.filter((paymentId) => paymentId !== null),
    when,
  );
}

/** What stands at an instant at or after the wallet's last entry, booked or not; a debt stands once it is booked. */
export function balancesAt(w: OracleWallet, at: Micros) {
  const then = structuredClone(w);
  bookDue(then, at);
  return { ...balances(then), debt: balances(w).debt, seq: balances(w).seq };
}
