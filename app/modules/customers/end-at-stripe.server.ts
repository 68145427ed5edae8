import { switchOff } from '~/modules/credits/index.server';
import {
  type CallPurpose,
  findCall,
  planCall,
  recordCall,
  sendCall,
  type StripeSettings,
} from '~/modules/stripe/index.server';
import { type RealmView } from '~/modules/stripe/shared';
import { type Db, inTransaction } from '~/platform/db.server';
import { isUniqueViolation } from '~/platform/db-errors.server';

import { minutes } from '~/platform/time';

import { type DeletionStepKind } from '../../../prisma/generated/enums';
import { findEndable } from './find-open.server';
import { planSteps } from './plan-steps.server';
import { readEnded, type TakenStep } from './read-ended.server';

/** Far above what one customer has standing at Stripe. */
const MOST = 500;

/** Long enough for what was refused to be read: it may have ended by itself. */
const ASK_AGAIN_AFTER = minutes(10);
/** After that a person looks why Stripe refuses it. */
const MAX_ATTEMPTS = 5;

const CALL_OF = {
  end_plan: 'subscription.cancel',
  expire_page: 'checkout_session.expire',
  detach_card: 'payment_method.detach',
} as const satisfies Record<DeletionStepKind, string>;

export interface EndAtStripeInput {
  deletionId: string;
  customerId: string;
  realm: RealmView;
}

/**
 * Asks Stripe to end all of a customer's that goes on in this realm: plans, open pages, saved cards; top-ups are switched
 * off here. Each call stands before it is sent, and what it came to is read from Stripe and met by the doors that its
 * event would have met: a page that was paid meanwhile settles. May end anywhere and begin again.
 * @throws StripeError when Stripe does not answer a read
 */
export async function endAtStripe(
  db: Db,
  settings: StripeSettings,
  { deletionId, customerId, realm }: EndAtStripeInput,
): Promise<void> {
  const realmId = realm.id;
  await inTransaction(db, 'plan deletion steps', (tx) => planSteps(tx, { deletionId, customerId, realmId }));
  const cause = `deletion:${deletionId}`;
  // Closes the card pages as well: a card that is saved meanwhile turns nothing on.
  await switchOff(db, { realmId, customerId, cause });
  const steps = await db.deletionStep.findMany({
    where: { deletionId, realmId },
    orderBy: { id: 'asc' },
    take: MOST,
    select: { id: true, kind: true, subject: true, target: true },
  });
  const open = await findOpenSubjects(db, { customerId, realmId });
  for (const step of steps) {
    const isOpen = open.has(step.subject);
    const taken = await takeStep(db, settings, realmId, step, isOpen);
    if (taken === 'answered' || (taken === 'was_answered' && isOpen))
      await readEnded(db, settings, { realm, customerId, cause, step });
  }
}

async function findOpenSubjects(
  db: Db,
  whose: { customerId: string; realmId: string },
): Promise<ReadonlySet<string>> {
  const standing = await findEndable(db, whose);
  return new Set(Object.values(standing).flatMap((rows) => rows.map(({ id }) => id)));
}

type Taken = 'answered' | 'was_answered' | 'unanswered';

/** Sends a step's call unless it was answered before. What was refused and goes on all the same is asked for a few times. */
async function takeStep(
  db: Db,
  settings: StripeSettings,
  realmId: string,
  { id: purpose, kind: step, target }: TakenStep,
  isOpen: boolean,
): Promise<Taken> {
  const purposeOfCall = { realmId, kind: CALL_OF[step], purpose };
  const standing = await findCall(db, purposeOfCall);
  if (standing.state === 'succeeded') return 'was_answered';
  if (standing.state === 'looked_for') return 'unanswered';
  if (standing.state === 'ended') {
    const attempts = await db.stripeCall.findMany({
      where: purposeOfCall,
      orderBy: { attempt: 'desc' },
      take: MAX_ATTEMPTS,
      select: { endedAt: true },
    });
    const endedAt = attempts[0]?.endedAt?.getTime() ?? 0;
    const mayAskAgain = attempts.length < MAX_ATTEMPTS && Date.now() - endedAt > ASK_AGAIN_AFTER;
    if (!isOpen || !mayAskAgain) return 'was_answered';
  }
  const call = standing.state === 'open' ? standing.call : await planOnce(db, { ...purposeOfCall, target });
  if (call === undefined) return 'unanswered';
  const result = await sendCall(db, settings, call);
  await inTransaction(db, 'record deletion step', (tx) => recordCall(tx, call.id, result));
  return result.outcome === 'unknown' ? 'unanswered' : 'answered';
}

/** The step's next call; undefined when another worker takes it. */
async function planOnce(db: Db, call: CallPurpose & { target: string }) {
  try {
    return await inTransaction(db, 'plan deletion call', (tx) => planCall(tx, { ...call, params: {} }));
  } catch (error) {
    if (isUniqueViolation(error, 'stripe_call_realm_key_key')) return undefined;
    throw error;
  }
}
