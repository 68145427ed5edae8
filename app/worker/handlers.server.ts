import { expireApprovals, mailApproval } from '~/modules/approvals/index.server';
import { mailCap, mailTopUp, reviewTopUp, sweepTopUps } from '~/modules/credits/index.server';
import { rollFinance } from '~/modules/finance/index.server';
import { runDeletion, runRetention, sweepDeletions } from '~/modules/customers/index.server';
import { type JobHandlers } from '~/modules/jobs/shared';
import { bookDue, closeDays, findExpiring, rollStanding, tellCrossings } from '~/modules/ledger/index.server';
import { sendQueuedMail } from '~/modules/mail/index.server';
import { type RunningSender, sweepOutbox } from '~/modules/outbox/index.server';
import { endFreezes, mailPurchase, recheckPayments } from '~/modules/payments/index.server';
import { mailRefund, releaseRefund } from '~/modules/refunds/index.server';
import { type StripeSettings, sweepCalls } from '~/modules/stripe/index.server';
import { type RealmView } from '~/modules/stripe/shared';
import { mailEnd, mailPlan } from '~/modules/subscriptions/index.server';
import {
  catchUp,
  eraseEvents,
  eraseLateEvents,
  type RealmReader,
  runReplay,
  sweepReplays,
} from '~/modules/webhooks/index.server';
import { type Db } from '~/platform/db.server';

import { dispatchFact } from './dispatch.server';
import { ERASERS, RETIRERS } from './erasers.server';
import { CALL_SETTLERS } from './settlers.server';

export interface JobDeps {
  db: Db;
  realm: RealmView;
  stripe: StripeSettings;
  reader: RealmReader;
  sender: Pick<RunningSender, 'wake'>;
  /** Origin of our own pages, without a trailing slash. */
  appUrl: string;
}

/** Which room does which job. */
export function jobHandlers({ db, realm, stripe, reader, sender, appUrl }: JobDeps): JobHandlers {
  return {
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
      const deps = { db, realm, settings: stripe, erasers: ERASERS, eraseEvents, now: new Date() };
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
    'payments.recheck': async () => {
      await recheckPayments(db, stripe, { realm, now: new Date() });
    },
    'payments.thaw': async () => {
      await endFreezes(db);
    },
    'refunds.mail': (mail) => mailRefund(db, mail, appUrl),
    'stripe.sweep_calls': async () => {
      await sweepCalls(db, stripe, { realmId: realm.id, settlers: CALL_SETTLERS, now: new Date() });
    },
    'subscriptions.mail': (mail) => mailPlan(db, mail, appUrl),
    'subscriptions.mail_end': (mail) => mailEnd(db, mail, { appUrl, now: new Date() }),
    'webhooks.catch_up': async () => {
      await catchUp(db, stripe, { realm, now: new Date() });
    },
    'webhooks.replay': ({ replayId }) => runReplay({ db, reader, dispatch: dispatchFact }, replayId),
    'webhooks.sweep_replays': async () => {
      await sweepReplays(db, new Date());
    },
  };
}
