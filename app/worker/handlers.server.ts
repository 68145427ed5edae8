import { evaluateAlerts, sendAlertNotice } from '~/modules/alerts/index.server';
import { expireApprovals, mailApproval } from '~/modules/approvals/index.server';
import { mailCap, mailTopUp, reviewTopUp, sweepTopUps } from '~/modules/credits/index.server';
import { rollFinance } from '~/modules/finance/index.server';
import { runDeletion, runRetention, sweepDeletions } from '~/modules/customers/index.server';
import { type JobHandlers } from '~/modules/jobs/shared';
import { bookDue, closeDays, findExpiring, rollStanding, tellCrossings } from '~/modules/ledger/index.server';
import { sendQueuedMail } from '~/modules/mail/index.server';
import { type AddressRules, type RunningSender, sweepOutbox } from '~/modules/outbox/index.server';
import { endFreezes, mailPurchase, recheckPayments } from '~/modules/payments/index.server';
import { reconcile, resumeRuns } from '~/modules/reconciliation/index.server';
import { mailRefund, releaseRefund } from '~/modules/refunds/index.server';
import { type HeldRealm, type ReaderOf, sweepCalls } from '~/modules/stripe/index.server';
import { mailEnd, mailPlan } from '~/modules/subscriptions/index.server';
import {
  catchUp,
  eraseEvents,
  eraseLateEvents,
  runReplay,
  sweepReplays,
  wakeKeyless,
} from '~/modules/webhooks/index.server';
import { type Db } from '~/platform/db.server';
import { withRequestContext } from '~/platform/request-context.server';

import { dispatchFact } from './dispatch.server';
import { ERASERS, RETIRERS } from './erasers.server';
import { reconcilerOf } from './reconciler.server';
import { CALL_SETTLERS } from './settlers.server';

export interface JobDeps {
  db: Db;
  /** The realm that sells: what is bought by itself is bought there. */
  selling: HeldRealm;
  /** Every realm whose key is held: what is in flight in any of them is finished. */
  heldRealms: () => Promise<readonly HeldRealm[]>;
  readerOf: ReaderOf;
  sender: Pick<RunningSender, 'wake'>;
  /** Where webhooks may go. */
  outbox: AddressRules;
  /** Origin of our own pages, without a trailing slash. */
  appUrl: string;
}

/** Which room does which job. */
export function jobHandlers({
  db,
  selling,
  heldRealms,
  readerOf,
  sender,
  outbox,
  appUrl,
}: JobDeps): JobHandlers {
  const { realm, settings: stripe } = selling;
  const inEachRealm = (work: (held: HeldRealm) => Promise<unknown>) => eachRealm(heldRealms, work);
  return {
    'alerts.evaluate': async () => {
      await evaluateAlerts(db, { now: new Date(), appUrl });
    },
    'alerts.send': async ({ noticeId }) => {
      await sendAlertNotice(db, noticeId, outbox);
    },
    'approvals.expire': async () => {
      await expireApprovals(db, { refund: releaseRefund });
    },
    'approvals.mail': (mail) => mailApproval(db, mail, appUrl),
    'credits.mail': (mail) => mailTopUp(db, mail, appUrl),
    'credits.mail_cap': (mail) => mailCap(db, mail, appUrl),
    'credits.review': async ({ customerId }) => {
      await reviewTopUp(db, stripe, { realm, customerId, now: new Date() });
    },
    'credits.sweep': async () => {
      await sweepTopUps(db, stripe, { realm, now: new Date() });
    },
    'customers.delete': async ({ deletionId }) => {
      const realms = await heldRealms();
      const deps = { db, realms, erasers: ERASERS, eraseEvents, now: new Date() };
      await runDeletion(deps, deletionId);
    },
    'customers.retain': async () => {
      await runRetention({ db, retirers: RETIRERS, eraseLate: eraseLateEvents, now: new Date() });
    },
    'customers.sweep': async () => {
      await sweepDeletions(db, new Date());
    },
    'finance.roll': () => rollFinance(db),
    'ledger.book_due': async () => {
      await bookDue(db);
    },
    'ledger.close_days': () => closeDays(db),
    'ledger.find_expiring': async () => {
      await findExpiring(db);
    },
    'ledger.roll_standing': () => rollStanding(db),
    'ledger.tell_crossings': async () => {
      await tellCrossings(db, appUrl);
    },
    'mail.send': async ({ mailId }) => {
      await sendQueuedMail(db, mailId);
    },
    // A job says that something is due; which, the sender sees in the rows.
    'outbox.send': () => {
      sender.wake();
      return Promise.resolve();
    },
    'outbox.sweep': async () => {
      await sweepOutbox(db, new Date());
      sender.wake();
    },
    'payments.mail': (mail) => mailPurchase(db, mail, appUrl),
    'payments.recheck': () =>
      inEachRealm((held) => recheckPayments(db, held.settings, { realm: held.realm, now: new Date() })),
    'payments.thaw': async () => {
      await endFreezes(db);
    },
    'reconciliation.hourly': () =>
      inEachRealm((held) => reconcile(reconcilerOf(db, held), { plan: 'hourly', actor: 'system' })),
    'reconciliation.nightly': () =>
      inEachRealm((held) => reconcile(reconcilerOf(db, held), { plan: 'nightly', actor: 'system' })),
    'reconciliation.resume': () => inEachRealm((held) => resumeRuns(reconcilerOf(db, held))),
    'refunds.mail': (mail) => mailRefund(db, mail, appUrl),
    'stripe.sweep_calls': () =>
      inEachRealm((held) =>
        sweepCalls(db, held.settings, {
          ...{ realmId: held.realm.id, settlers: CALL_SETTLERS, now: new Date() },
        }),
      ),
    'subscriptions.mail': (mail) => mailPlan(db, mail, appUrl),
    'subscriptions.mail_end': (mail) => mailEnd(db, mail, { appUrl, now: new Date() }),
    'webhooks.catch_up': () =>
      inEachRealm(async (held) => {
        await wakeKeyless(db, held.realm.id);
        await catchUp(db, held.settings, { realm: held.realm, now: new Date() });
      }),
    'webhooks.replay': ({ replayId }) => runReplay({ db, readerOf, dispatch: dispatchFact }, replayId),
    'webhooks.sweep_replays': async () => {
      await sweepReplays(db, new Date());
    },
  };
}

/** One after another; a realm whose Stripe does not answer keeps none of the others from theirs. */
async function eachRealm(
  heldRealms: JobDeps['heldRealms'],
  work: (held: HeldRealm) => Promise<unknown>,
): Promise<void> {
  const faults: unknown[] = [];
  for (const held of await heldRealms())
    await withRequestContext({ realm: held.realm.id }, () => work(held)).catch((error: unknown) => {
      faults.push(error);
    });
  if (faults.length > 0) throw faults[0];
}
