import { findPaymentRealm } from '~/modules/payments/index.server';
import { approveRefund, previewRefund, rejectRefund } from '~/modules/refunds/index.server';
import { type RefundBar, type RefundStatus } from '~/modules/refunds/shared';
import { inTransaction } from '~/platform/db.server';

import { type ApprovalDeps, type ApprovalDoor, type CarriedOut } from './approval-door';
import { noKeyWords } from './no-key-words';
import { refusedApproval } from './refused-approval';

const BAR: Record<RefundBar['bar'], string> = {
  zero: 'Nothing is to be refunded.',
  not_paid: 'Nothing was paid through Stripe.',
  charged_back: 'The bank has the money, or wants it: a refund would pay twice.',
  too_much: 'More would go back than is left of the payment.',
};

/** How Stripe answered a refund that was let go. */
const SENT: Record<RefundStatus, { outcome: CarriedOut['outcome']; message: string }> = {
  awaiting_approval: { outcome: 'refused', message: 'It still waits. Nothing was sent.' },
  requested: { outcome: 'open', message: 'It is let go and about to be sent to Stripe.' },
  sending: {
    outcome: 'open',
    message: 'Stripe has not answered yet. The same request is sent again by itself.',
  },
  pending: { outcome: 'open', message: 'Stripe took it; the bank has not confirmed it yet.' },
  succeeded: { outcome: 'done', message: 'The money is on its way back.' },
  failed: { outcome: 'refused', message: 'Stripe refused it, and the credits are back.' },
  canceled: { outcome: 'refused', message: 'Stripe canceled it, and the credits are back.' },
  rejected: { outcome: 'refused', message: 'It was declined meanwhile.' },
};

/** The payment that a refund is of, and the account that its money came to. */
async function readRequest(db: ApprovalDeps['db'], id: string) {
  const row = await db.moneyBack.findUnique({ where: { id }, select: { paymentId: true } });
  const realm = row && (await findPaymentRealm(db, row));
  return row && realm ? { paymentId: row.paymentId, realm } : undefined;
}

/** Refunds through Stripe. */
export const refundDoor: ApprovalDoor = {
  async preview({ db, settingsOf }, { subject, amount, unit }) {
    const row = await readRequest(db, subject);
    const asked = row && { realmId: row.realm.id, paymentId: row.paymentId, amount, requestId: subject };
    const seen = asked && (await inTransaction(db, 'preview refund', (tx) => previewRefund(tx, asked)));
    if (!seen) return { changes: [], notes: [], bar: 'Its payment is not here any more.' };
    const key = await settingsOf(row.realm.id);
    return {
      changes: [
        { label: 'Refunded', unit, before: seen.refunded, after: seen.refunded + amount },
        {
          ...{ label: 'Credits left of the payment', unit: 'credits' },
          ...{ before: seen.available, after: seen.available - seen.toRevoke },
        },
      ],
      notes:
        seen.shortfall === 0n
          ? []
          : [
              `${seen.shortfall} credits of it are spent already; they are ${seen.policy === 'debt' ? 'owed by the customer' : 'absorbed'}.`,
            ],
      bar: key.outcome === 'no_key' ? noKeyWords(row.realm) : seen.bar && BAR[seen.bar.bar],
    };
  },
  async approve({ db, settingsOf }, input) {
    const approval = await db.approval.findUnique({
      where: { id: input.approvalId },
      select: { subject: true },
    });
    const asked = approval && (await readRequest(db, approval.subject));
    if (!asked) return refusedApproval({ outcome: 'not_found' });
    const key = await settingsOf(asked.realm.id);
    if (key.outcome === 'no_key') return { outcome: 'refused', message: noKeyWords(asked.realm) };
    const answer = await approveRefund(db, key.settings, { ...input, realm: asked.realm });
    if (answer.outcome !== 'sent') return refusedApproval(answer);
    const { outcome, message } = SENT[answer.status];
    const row = await db.moneyBack.findUnique({
      where: { id: answer.refundId },
      select: { paymentId: true },
    });
    const way = row && { to: `/admin/payments/${row.paymentId}`, label: 'Show the payment' };
    const words = answer.failure === null ? message : `${message} Stripe says: ${answer.failure}`;
    return outcome === 'refused'
      ? { outcome, message: words }
      : { outcome, message: words, ...(way && { way }) };
  },
  decline: ({ db }, input) => rejectRefund(db, input),
};
