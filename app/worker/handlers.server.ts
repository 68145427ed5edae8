import { type JobHandlers } from '~/modules/jobs/shared';
import { sendQueuedMail } from '~/modules/mail/index.server';
import { mailPurchase, recheckPayments, recordSessionCall } from '~/modules/payments/index.server';
import { recordCustomerCall, type StripeSettings, sweepCalls } from '~/modules/stripe/index.server';
import { type RealmView } from '~/modules/stripe/shared';
import { catchUp } from '~/modules/webhooks/index.server';
import { type Db } from '~/platform/db.server';

export interface JobDeps {
  db: Db;
  realm: RealmView;
  stripe: StripeSettings;
  /** Origin of our own pages, without a trailing slash. */
  appUrl: string;
}

/** Which room does which job. */
export function jobHandlers({ db, realm, stripe, appUrl }: JobDeps): JobHandlers {
  return {
    'mail.send': async ({ mailId }) => {
      await sendQueuedMail(db, mailId);
    },
    'payments.mail': (mail) => mailPurchase(db, mail, appUrl),
    'payments.recheck': async () => {
      await recheckPayments(db, stripe, { realm, now: new Date() });
    },
    'stripe.sweep_calls': async () => {
      const settlers = {
        'customer.create': recordCustomerCall,
        'checkout_session.create': recordSessionCall,
      };
      await sweepCalls(db, stripe, { realmId: realm.id, settlers, now: new Date() });
    },
    'webhooks.catch_up': async () => {
      await catchUp(db, stripe, { realm, now: new Date() });
    },
  };
}
