import { sum } from './reckoning';
import { must, same } from './same';
import { type PaymentRow, type Stands } from './stands';

/** Of credits that a saved card buys by itself. */
type TopUpRow = PaymentRow & { topUp: NonNullable<PaymentRow['topUp']> };
const isTopUp = (row: PaymentRow): row is TopUpRow => row.kind === 'topup' && row.topUp !== null;

const begunAt = ({ changes }: PaymentRow): number => changes[0]?.at.getTime() ?? 0;
const UNFINISHED = new Set<string>(['created', 'open', 'processing']);
const finishedAt = ({ changes }: PaymentRow): number =>
  changes.find(({ to }) => !UNFINISHED.has(to))?.at.getTime() ?? Infinity;

/** In the order in which they were begun. */
const topUpsOf = ({ rows }: Stands): TopUpRow[] =>
  rows.payments.filter(isTopUp).sort((a, b) => begunAt(a) - begunAt(b));

function aTopUpIsWhatWasAgreedTo(stands: Stands): void {
  const { copy, rows } = stands;
  const bought = rows.payments.filter(({ kind }) => kind === 'topup');
  for (const row of bought) must(isTopUp(row), `${row.id} was agreed to by nobody`);
  for (const row of topUpsOf(stands)) {
    const { consent, card } = row.topUp;
    same(
      rows.rules.map(({ id }) => id),
      [consent.ruleId],
      `who agreed to ${row.id}`,
    );
    must(consent.at.getTime() <= begunAt(row), `${row.id} is older than its consent`);
    const isAgreed =
      row.currency === consent.currency &&
      row.amountSubtotal <= consent.amount &&
      row.credits >= consent.credits;
    must(isAgreed, `${row.id} is not what was agreed to`);
    const charged = stands.must.topUps.charged.find((one) => copy.as(one.row) === row.id);
    same(card.stripeMethod, copy.as(charged?.stripeMethod ?? ''), `the card that ${row.id} was charged to`);
  }
}

/** At any time one of a customer is unfinished at most, and it was begun while the rule was on. */
function topUpsComeOneAfterAnother(stands: Stands): void {
  const topUps = topUpsOf(stands);
  for (const [n, row] of topUps.entries()) {
    const before = topUps[n - 1];
    if (before !== undefined)
      must(finishedAt(before) <= begunAt(row), `${row.id} was begun while ${before.id} was under way`);
    const steps = stands.rows.rules.flatMap(({ changes }) => changes);
    const wasOn = steps.some(({ to, at }, step) => {
      const left = steps[step + 1]?.at.getTime() ?? Infinity;
      return to === 'on' && at.getTime() <= begunAt(row) && begunAt(row) <= left;
    });
    must(wasOn, `${row.id} was begun while top-ups were not on`);
  }
}

/** What was paid and what is under way, in one month: all of a run is bought in one. */
function aMonthStaysWithinItsLimit(stands: Stands): void {
  const topUps = topUpsOf(stands);
  for (const [n, row] of topUps.entries()) {
    const counted = topUps.slice(0, n).filter(({ state }) => state !== 'failed');
    const cost = sum([...counted, row].map(({ amountSubtotal }) => amountSubtotal));
    must(cost <= row.topUp.consent.monthlyCap, `${row.id} goes beyond its month's limit`);
  }
}

function whatWentWrongPausesTopUps({ rows, must: { topUps } }: Stands): void {
  const [rule] = rows.rules;
  const state = rule?.state ?? 'none';
  must(topUps.states.includes(state), `top-ups are ${state}, and must be ${topUps.states.join(' or ')}`);
  if (rule === undefined) return;
  const { pauseReason: reason, changes } = rule;
  const isKnown = reason === null || topUps.reasons.includes(reason);
  must(isKnown, `top-ups are paused for ${String(reason)}, and may be for ${topUps.reasons.join(', ')}`);
  same(changes.at(-1)?.to, state, 'the last step of top-ups');
  for (const [n, { from }] of changes.entries()) same(from, changes[n - 1]?.to ?? null, 'a step of top-ups');
}

function aSavedCardIsOneRow({ rows, must: { topUps }, copy }: Stands): void {
  const here = rows.cards.map(({ stripeMethod, last4, isGone }) => [stripeMethod, last4, isGone]);
  const there = topUps.cards.map(({ stripeMethod, last4, isGone }) => [copy.as(stripeMethod), last4, isGone]);
  same(here.sort(), there.sort(), 'the saved cards');
}

export const OF_TOP_UPS = [
  ...[aTopUpIsWhatWasAgreedTo, topUpsComeOneAfterAnother, aMonthStaysWithinItsLimit],
  ...[whatWentWrongPausesTopUps, aSavedCardIsOneRow],
] as const;
