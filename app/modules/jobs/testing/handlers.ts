import { type JobHandlers } from '../shared';

/** A handler for every job: those given, and for all others the same one. */
export function handlersWith(own: Partial<JobHandlers>, other: () => Promise<void>): JobHandlers {
  return {
    'alerts.evaluate': other,
    'alerts.send': other,
    'approvals.expire': other,
    'approvals.mail': other,
    'credits.mail': other,
    'credits.mail_cap': other,
    'credits.review': other,
    'credits.sweep': other,
    'customers.delete': other,
    'customers.retain': other,
    'customers.sweep': other,
    'finance.roll': other,
    'ledger.book_due': other,
    'ledger.close_days': other,
    'ledger.find_expiring': other,
    'ledger.roll_standing': other,
    'ledger.tell_crossings': other,
    'mail.send': other,
    'outbox.send': other,
    'outbox.sweep': other,
    'payments.mail': other,
    'payments.recheck': other,
    'payments.thaw': other,
    'refunds.mail': other,
    'stripe.sweep_calls': other,
    'subscriptions.mail': other,
    'subscriptions.mail_end': other,
    'webhooks.catch_up': other,
    'webhooks.replay': other,
    'webhooks.sweep_replays': other,
    ...own,
  };
}
