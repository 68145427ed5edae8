import { applyCard, applyCardSession } from '~/modules/credits/index.server';
import { applyDisputeFact } from '~/modules/disputes/index.server';
import { applyFact } from '~/modules/payments/index.server';
import { applyChargeRefunds, applyRefundFact } from '~/modules/refunds/index.server';
import {
  decided,
  type DoorOutcome,
  type FactContext,
  type SessionFact,
  type StripeFact,
} from '~/modules/stripe/shared';
import {
  applyPlanInvoice,
  applyPlanMoney,
  applyPlanSession,
  applySubscription,
} from '~/modules/subscriptions/index.server';
import { assertNever } from '~/platform/assert-never';
import { type Tx } from '~/platform/db.server';

/** Brings what Stripe says to the room that it is for. Every event, caught-up or replayed, comes this way. */
export function dispatchFact(tx: Tx, fact: StripeFact, context: FactContext): Promise<DoorOutcome> {
  switch (fact.kind) {
    case 'session':
      return dispatchSession(tx, fact, context);
    case 'invoice':
      return fact.subscriptionId === undefined
        ? applyFact(tx, fact, context)
        : applyPlanInvoice(tx, fact, context);
    case 'intent':
    case 'charge':
      return applyPlanMoney(tx, fact, context);
    case 'subscription':
      return applySubscription(tx, fact, context);
    case 'refund':
      return applyRefundFact(tx, fact, context);
    case 'charge_refunds':
      return applyChargeRefunds(tx, fact, context);
    case 'dispute':
      return applyDisputeFact(tx, fact, context);
    case 'card':
      return applyCard(tx, fact, context);
    case 'card_setup':
      // What is read beside a session and is never an event of its own.
      return Promise.resolve(decided('ignored', 'read_only'));
    default:
      return assertNever(fact);
  }
}

function dispatchSession(tx: Tx, session: SessionFact, context: FactContext): Promise<DoorOutcome> {
  switch (session.mode) {
    case 'payment':
      return applyFact(tx, session, context);
    case 'subscription':
      return applyPlanSession(tx, session, context);
    case 'setup':
      return applyCardSession(tx, session, context);
    default:
      return assertNever(session.mode);
  }
}
