import { approveOffline, previewOffline, rejectOffline } from '~/modules/offline/index.server';
import { OFFLINE_CHANNEL_LABEL } from '~/modules/offline/shared';

import { type ApprovalDoor } from './approval-door';
import { refusedApproval } from './refused-approval';

/** Payments made outside Stripe. */
export const offlineDoor: ApprovalDoor = {
  async preview({ db }, { book, body }) {
    const seen = await previewOffline(db, { book, body });
    const { before, after, currency, amount, channel, reference, recordedAs } = seen;
    return {
      changes: [
        { label: 'Revenue recorded', unit: currency, before: 0n, after: amount },
        { label: 'Available', unit: 'credits', before: before.available, after: after.available },
        ...(before.debt === 0n
          ? []
          : [{ label: 'Owed', unit: 'credits', before: before.debt, after: after.debt }]),
      ],
      notes: [
        `Paid by ${OFFLINE_CHANNEL_LABEL[channel].toLowerCase()}, reference ${reference}. See that the money is there: Stripe knows nothing of it.`,
      ],
      bar: recordedAs === undefined ? undefined : `This reference is recorded already, as ${recordedAs}.`,
    };
  },
  async approve({ db }, input) {
    const answer = await approveOffline(db, input);
    if (answer.outcome !== 'executed') return refusedApproval(answer);
    const [paymentId] = answer.effects;
    return {
      ...{ outcome: 'done', message: 'The payment is recorded and its credits are granted.' },
      ...(paymentId && { way: { to: `/admin/payments/${paymentId}`, label: 'Show the payment' } }),
    };
  },
  decline: ({ db }, input) => rejectOffline(db, input),
};
