import { rejectApproval } from '~/modules/approvals/index.server';
import { readBalance } from '~/modules/ledger/index.server';
import { isKeyFault, isPassing } from '~/modules/stripe/index.server';
import { carryOutApproved, type CarryOutOutcome, previewApproved } from '~/modules/webhooks/index.server';
import { assertNever } from '~/platform/assert-never';
import { inTransaction } from '~/platform/db.server';

import {
  type ApprovalDeps,
  type ApprovalDoor,
  type CarriedOut,
  type Requested,
  type RequestPreview,
} from './approval-door';
import { refusedApproval } from './refused-approval';

const ASKED_AGAIN = 'Stripe is asked again what was paid before anything is granted.';
const MOVED = 'The event has moved since it was asked for.';

/** Stripe was asked what was paid, and what it says lets nothing be granted. */
const UNREAD = {
  not_paid: 'Stripe says that nothing of it is paid. Nothing was done.',
  not_money: 'It tells of no money that settled. Nothing was done.',
  no_key_of_realm: 'Only the key of its own Stripe account may read it. Nothing was done.',
} as const;

type Unread = Extract<CarryOutOutcome, { outcome: keyof typeof UNREAD }>;
const isUnread = (answer: CarryOutOutcome): answer is Unread => answer.outcome in UNREAD;

/** Money of events: assigned to a customer, granted in review, dismissed. */
export const eventDoor: ApprovalDoor = {
  async preview({ db }, request) {
    const seen = await previewApproved(db, request.body);
    switch (seen.kind) {
      case 'assign':
        return {
          changes: await granting(db, request, seen.credits),
          notes: [`The money becomes the sale of ${seen.pack}.`, ASKED_AGAIN],
          bar: seen.isStuck ? undefined : MOVED,
        };
      case 'review':
        return {
          changes: await granting(db, request, seen.credits),
          notes: [ASKED_AGAIN],
          bar: seen.isInReview ? undefined : 'The payment is not in review any more.',
        };
      case 'dismiss':
        return {
          changes: [{ label: 'Event', unit: null, before: 'waits for a person', after: 'dismissed' }],
          notes: ['The settled money that it tells of is given to nobody.'],
          bar: seen.isStuck ? undefined : MOVED,
        };
      default:
        return assertNever(seen);
    }
  },
  async approve({ db, readerOf }, input) {
    try {
      const answer = await carryOutApproved(db, readerOf, input);
      if (answer.outcome === 'executed')
        return { outcome: 'done', message: 'It is carried out.', ...wayTo(answer.effects) };
      return isUnread(answer)
        ? { outcome: 'refused', message: UNREAD[answer.outcome] }
        : refusedApproval(answer);
    } catch (error) {
      if (!isPassing(error) && !isKeyFault(error)) throw error;
      return { outcome: 'refused', message: 'Stripe does not answer, so nothing was done. Try again later.' };
    }
  },
  decline: ({ db }, input) => inTransaction(db, 'decline', (tx) => rejectApproval(tx, input)),
};

/** A grant repays what the wallet owes first. */
async function granting(
  db: ApprovalDeps['db'],
  { book, customerId }: Requested,
  credits: bigint,
): Promise<RequestPreview['changes']> {
  if (customerId === null) return [];
  const { available, debt } = await readBalance(db, { book, customerId });
  const repaid = debt < credits ? debt : credits;
  const gained = {
    label: 'Available',
    unit: 'credits',
    before: available,
    after: available + credits - repaid,
  };
  return debt === 0n
    ? [gained]
    : [gained, { label: 'Debt', unit: 'credits', before: debt, after: debt - repaid }];
}

function wayTo(effects: readonly string[]): Pick<Extract<CarriedOut, { outcome: 'done' }>, 'way'> {
  const paymentId = effects.find((id) => id.startsWith('pay_'));
  return paymentId === undefined
    ? {}
    : { way: { to: `/admin/payments/${paymentId}`, label: 'Show the payment' } };
}
