import { KEPT, keptOf, check } from '../../../../app/modules/ledger/testing/invariants';
import { type Db } from '../../../../app/platform/db.server';
import { type MustBack, type MustPayment, sum } from './reckoning';
import { must, same, worded } from './same';
import { type PaymentRow, type Rows, type Stands } from './stands';
import { OF_TOP_UPS } from './top-up-invariants';

function rowOf({ rows, copy }: Stands, { session, invoice, row: named }: MustPayment): PaymentRow {
  const row = rows.payments.find((one) => {
    if (named !== null) return one.id === copy.as(named) && one.kind === 'topup';
    if (session !== null) return one.stripeSession === copy.as(session);
    return one.stripeInvoice === copy.as(invoice ?? '') && one.kind === 'plan';
  });
  if (!row) throw new Error(`no payment is of ${session ?? invoice ?? named ?? ''}`);
  return row;
}
const pairs = (stands: Stands): { row: PaymentRow; must: MustPayment }[] =>
  stands.must.payments.map((must) => ({ must, row: rowOf(stands, must) }));
const ownLots = ({ lots }: PaymentRow) => lots.filter(({ parentLotId }) => parentLotId === null);

function everyPaymentStandsAsAtStripe(stands: Stands): void {
  for (const { row, must: wanted } of pairs(stands)) {
    same(row.state, wanted.state, `the state of ${row.id}`);
    same(row.amountPaid, wanted.paid, `what was paid for ${row.id}`);
    same(row.credits, wanted.credits, `what ${row.id} sold`);
    if (wanted.intent !== null && (wanted.state === 'paid' || wanted.row !== null))
      same(row.stripeIntent, stands.copy.as(wanted.intent), `what paid ${row.id}`);
  }
  same(stands.rows.payments.length, stands.must.payments.length, 'the number of payments');
}

function settledMoneyIsGrantedOnce(stands: Stands): void {
  for (const { row, must: wanted } of pairs(stands)) {
    if (wanted.state !== 'paid') continue;
    const grants = row.transfers.filter(({ kind }) => kind === 'grant');
    same(
      grants.map(({ key, amount }) => [key, amount]),
      [[`grant:${row.id}`, wanted.credits]],
      `the grants of ${row.id}`,
    );
    same(
      ownLots(row).map(({ granted }) => granted),
      [wanted.credits],
      `the lots of ${row.id}`,
    );
  }
}

function nothingUnsettledIsGranted(stands: Stands): void {
  for (const { row, must: wanted } of pairs(stands)) {
    if (wanted.state === 'paid') continue;
    same([row.lots.length, row.transfers.length, row.moneyObject], [0, 0, null], `what ${row.id} brought`);
  }
}

function aPackSettlesByOneRule({ rows }: Stands): void {
  for (const { id, kind, state, proof } of rows.payments) {
    const settled = proof !== null && proof.settledAt !== null;
    same(settled, kind === 'pack' && state === 'paid', `whether ${id} says what settled it`);
  }
}

function aPeriodPaidIsOnePayment(stands: Stands): void {
  const invoices = stands.must.payments.flatMap(({ invoice }) =>
    invoice === null ? [] : [stands.copy.as(invoice)],
  );
  const plans = stands.rows.payments.filter(({ kind }) => kind === 'plan');
  same(plans.map((row) => row.stripeInvoice).sort(), invoices.sort(), 'the invoices that became payments');
  for (const { row, must: wanted } of pairs(stands)) {
    if (wanted.invoice === null) continue;
    same(
      ownLots(row).map(({ expiresAt }) => expiresAt),
      [wanted.expiresAt],
      `how long ${row.id} lives`,
    );
  }
}

function everySubscriptionStandsAsAtStripe({ rows, must: wanted, copy }: Stands): void {
  const here = rows.subscriptions.map((row) => ({
    ...{ stripeId: row.stripeId, status: row.status, isEnding: row.endsAt !== null || row.endedAt !== null },
  }));
  const there = wanted.subscriptions.map((one) => ({ ...one, stripeId: copy.as(one.stripeId) }));
  same(here.sort(byId), there.sort(byId), 'the subscriptions');
  same(
    rows.orders.map(({ id, state }) => ({ id, state })).sort((a, b) => (a.id < b.id ? -1 : 1)),
    wanted.orders.map((one) => ({ ...one, id: copy.as(one.id) })).sort((a, b) => (a.id < b.id ? -1 : 1)),
    'the orders',
  );
}
const byId = (a: { stripeId: string | null }, b: { stripeId: string | null }) =>
  (a.stripeId ?? '') < (b.stripeId ?? '') ? -1 : 1;

function everyRefundAndDisputeIsOneRow(stands: Stands): void {
  const told = ({
    stripeId,
    kind,
    status,
    level,
    amount,
    taken,
  }: Omit<MustBack, 'stripeId' | 'row'> & { stripeId: string | null }) => ({
    ...{ stripeId, kind, status, level, amount, taken },
  });
  for (const { row, must: wanted } of pairs(stands)) {
    const there = wanted.backs.map((back) => ({ ...back, stripeId: stands.copy.as(back.stripeId) }));
    same(row.moneyBacks.map(told).sort(byId), there.map(told).sort(byId), `what went back of ${row.id}`);
    for (const back of there.filter((one) => one.row !== null))
      same(
        row.moneyBacks.find(({ stripeId }) => stripeId === back.stripeId)?.id,
        stands.copy.as(back.row ?? ''),
        'the row that a refund of ours fulfils',
      );
  }
}

function refundedIsAtMostPaid(stands: Stands): void {
  for (const row of stands.rows.payments) {
    const refunds = row.moneyBacks.filter(({ kind, level }) => kind === 'refund' && level !== 'none');
    must(
      sum(refunds.map(({ amount }) => amount)) <= (row.amountPaid ?? 0n),
      `more than was paid is refunded of ${row.id}`,
    );
  }
}

function creditsFollowTheMoney(stands: Stands): void {
  for (const { row, must: wanted } of pairs(stands)) {
    const claim = row.claim ?? { tGone: 0n, tAll: 0n, tDispute: 0n };
    same(
      [claim.tGone, claim.tAll, claim.tDispute],
      [wanted.gone, wanted.all, wanted.byDispute],
      `what the money of ${row.id} took along`,
    );
  }
}

/** Of a payment, what is left, gone, spent and expired is what was granted; and all that could be revoked is. */
function whatIsGoneIsRevokedOrWasSpent(stands: Stands): void {
  for (const { row, must: wanted } of pairs(stands)) {
    const of = (place: 'available' | 'claimed' | 'revoked' | 'expired' | 'held') =>
      sum(row.lots.map((lot) => lot[place]));
    const reachable = of('available') + of('claimed') + of('revoked');
    const revoked = wanted.gone < reachable ? wanted.gone : reachable;
    const pending = wanted.all - wanted.gone;
    same(of('revoked'), revoked, `what is revoked of ${row.id}`);
    same(
      of('claimed'),
      pending < reachable - revoked ? pending : reachable - revoked,
      `what is held back of ${row.id}`,
    );
    same(of('held'), 0n, `what is on hold of ${row.id}`);
  }
}

/** Granted − gone − spent − expired + what was spent of the gone = what the customer has, less what the customer owes. */
function theBalanceIsWhatSettledMoneySays({ rows, must: wanted, one }: Stands): void {
  const granted = sum(wanted.payments.filter(({ state }) => state === 'paid').map(({ credits }) => credits));
  const gone = sum(wanted.payments.map((payment) => payment.gone));
  const claims = rows.payments.flatMap(({ claim }) => (claim === null ? [] : [claim]));
  const absorbed = sum(claims.map(({ shortfall, owed }) => shortfall - owed));
  const expired = sum(rows.payments.flatMap(({ lots }) => lots.map((lot) => lot.expired)));
  const spilt = sum(claims.map((claim) => expiredGone(rows, claim.paymentId, claim.tGone, claim.shortfall)));
  const has = sum(
    rows.wallets.map(({ available, held, claimed, debt }) => available + held + claimed - debt),
  );
  same(has, granted - gone - one.spent - expired + absorbed + spilt, 'what the customer has');
  if (one.spent === 0n) same(absorbed, 0n, 'what was absorbed though nothing was spent');
}

/** What has gone of a payment that its expiry had taken already. */
function expiredGone(rows: Rows, paymentId: string, gone: bigint, shortfall: bigint): bigint {
  const lots = rows.payments.find(({ id }) => id === paymentId)?.lots ?? [];
  return gone - shortfall - sum(lots.map(({ revoked }) => revoked));
}

function whatWasSpentIsWhatWasAnswered({ rows, one }: Stands): void {
  same(sum(rows.spent.map(({ spent }) => spent)), one.spent, 'what was spent');
  const active = rows.wallets.flatMap(({ holds }) => holds.filter(({ state }) => state === 'active'));
  same(active.length, 0, 'the holds that stand');
}

function aWalletIsFrozenOnlyForDebt({ rows }: Stands): void {
  const owing = new Set(
    rows.payments.flatMap(({ claim, moneyBacks }) =>
      claim !== null && claim.owed > claim.repaid
        ? moneyBacks.flatMap(({ id, kind, level }) => (kind === 'dispute' && level === 'gone' ? [id] : []))
        : [],
    ),
  );
  for (const { freezes, frozenAt } of rows.wallets) {
    const standing = freezes.filter(({ thawedAt }) => thawedAt === null).map(({ cause }) => cause);
    same(standing.sort(), [...owing].sort(), 'why the wallet is frozen');
    same(frozenAt !== null, standing.length > 0, 'whether the wallet is frozen');
  }
}

function everyEventIsDecided({ rows, copy }: Stands): void {
  const said = copy.life.events.map(({ id }) => copy.as(id));
  same(rows.said.map(({ id }) => id).sort(), said.sort(), 'the events that came');
  for (const { id, status, reason, decision } of rows.said)
    must(status === 'done' && decision !== null, `${id} is ${status}: ${reason ?? ''}`);
  for (const { id, run, tries } of rows.said) {
    const attempts = rows.lastAttempts.find((one) => one.eventId === id && one.run === run)?._count ?? 0;
    same(attempts, tries, `the tries of ${id}`);
  }
}

function everyStepIsToldAndRises({ rows }: Stands): void {
  for (const { id, state, changes, moneyBacks } of rows.payments) {
    same(changes.at(-1)?.to, state, `the last step of ${id}`);
    same(
      changes.filter(({ to }) => to === 'paid').length,
      state === 'paid' ? 1 : 0,
      `how often ${id} was paid`,
    );
    for (const [n, change] of changes.entries())
      same(change.from, changes[n - 1]?.to ?? null, `a step of ${id}`);
    for (const back of moneyBacks) {
      same(
        [back.changes.at(-1)?.to, back.changes.at(-1)?.rank],
        [back.status, back.rank],
        `the last step of ${back.id}`,
      );
      for (const [n, change] of back.changes.entries())
        must(n === 0 || change.rank > (back.changes[n - 1]?.rank ?? -1), `${back.id} fell`);
    }
  }
}

function everyActOfStaffIsAudited({ rows, one }: Stands): void {
  const asked = rows.payments.flatMap(({ moneyBacks }) => moneyBacks.filter(({ actor }) => actor !== null));
  same(asked.length, one.asked, 'the refunds that staff asked for');
  same(
    rows.audits.map(({ subject, act }) => [subject, act]).sort(),
    asked.map(({ id }) => [id, 'refund.requested']).sort(),
    'the audit of refunds',
  );
}

function theCustomerIsToldOnce({ rows }: Stands): void {
  const told = (id: string) => rows.mails.filter(({ about }) => about === id).map(({ mail, n }) => [mail, n]);
  for (const { id, state, kind } of rows.payments) {
    // What a top-up's refusal means is told with the pause.
    const failed = kind === 'topup' ? undefined : 'failed';
    const mail = { paid: 'credits_added', failed }[String(state)];
    same(told(id), mail === undefined ? [] : [[mail, 1]], `the mails of ${id}`);
  }
  for (const { id, changes } of rows.rules) {
    const steps = changes.flatMap(({ n, to }) => (to === 'waiting' ? [] : [[String(n), 1]]));
    same(told(id), steps, `the mails of ${id}`);
  }
}

/** Each is explained in app/README.md. */
const OF_LIVES = [
  ...[
    everyPaymentStandsAsAtStripe,
    settledMoneyIsGrantedOnce,
    nothingUnsettledIsGranted,
    aPackSettlesByOneRule,
    aPeriodPaidIsOnePayment,
  ],
  ...[
    everySubscriptionStandsAsAtStripe,
    everyRefundAndDisputeIsOneRow,
    refundedIsAtMostPaid,
    creditsFollowTheMoney,
  ],
  ...[whatIsGoneIsRevokedOrWasSpent, theBalanceIsWhatSettledMoneySays, whatWasSpentIsWhatWasAnswered],
  ...[aWalletIsFrozenOnlyForDebt, everyEventIsDecided, everyStepIsToldAndRises, everyActOfStaffIsAudited],
  ...[theCustomerIsToldOnce, ...OF_TOP_UPS],
] as const;
export const EVERY_INVARIANT = [...OF_LIVES, ...KEPT, aReplayChangesNothing].map(({ name }) => name);

/** All but when a row was written, or a subscription read, last. */
export function aReplayChangesNothing(before: Stands, after: Stands): void {
  const told = (value: unknown): unknown =>
    JSON.parse(worded(value), (key, one: unknown) =>
      key === 'updatedAt' || key === 'readAt' ? undefined : one,
    );
  const { payments, wallets, subscriptions, orders, rules, cards, spent, audits, mails } = before.rows;
  for (const [n, row] of payments.entries())
    same(told(after.rows.payments[n]), told(row), `payment ${row.id}`);
  same(after.rows.payments.length, payments.length, 'the number of payments');
  same(told(after.rows.wallets), told(wallets), 'the wallet');
  same(told(after.rows.subscriptions), told(subscriptions), 'the subscriptions');
  same(told([after.rows.rules, after.rows.cards]), told([rules, cards]), 'the top-up');
  same(
    told([after.rows.orders, after.rows.spent, after.rows.audits, after.rows.mails]),
    told([orders, spent, audits, mails]),
    'the rest',
  );
}

/** Checks one customer's end, and counts what held. */
export const checkLife = (stands: Stands, counts: Map<string, number>): void =>
  check(OF_LIVES, stands, counts);

/** What the ledger itself must keep, of the wallets of some customers. */
export async function checkBooks(
  db: Db,
  customers: readonly string[],
  counts: Map<string, number>,
): Promise<void> {
  check(KEPT, await keptOf(db, customers), counts);
}
