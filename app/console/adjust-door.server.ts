import { approveAdjustment, previewRequested } from '~/modules/adjustments/index.server';
import { rejectApproval } from '~/modules/approvals/index.server';
import { inTransaction } from '~/platform/db.server';

import { type ApprovalDoor } from './approval-door';
import { refusedApproval } from './refused-approval';

const BAR = {
  insufficient: 'Less is available now than is to be taken.',
  expiry_past: 'The credits that were to be added would have expired by now.',
} as const;

/** Adjustments of a wallet. */
export const adjustDoor: ApprovalDoor = {
  async preview({ db }, { customerId, book, body }) {
    if (customerId === null) return { changes: [], notes: [], bar: 'It names no customer.' };
    const { before, after, expiresAt, bar } = await previewRequested(db, { book, customerId, body });
    return {
      changes: [{ label: 'Available', unit: 'credits', before: before.available, after: after.available }],
      notes: [
        ...(expiresAt === null ? [] : [`The added credits expire on ${expiresAt.toUTCString()}.`]),
        ...(before.debt === 0n ? [] : ['The customer owes credits; an adjustment repays none of it.']),
      ],
      bar: bar && BAR[bar],
    };
  },
  async approve({ db }, input) {
    const answer = await approveAdjustment(db, input);
    if (answer.outcome !== 'executed') return refusedApproval(answer);
    const [transferId] = answer.effects;
    return {
      ...{ outcome: 'done', message: 'The adjustment stands in the books.' },
      ...(transferId && { way: { to: `/admin/transfers/${transferId}`, label: 'Show the transfer' } }),
    };
  },
  decline: ({ db }, input) => inTransaction(db, 'decline', (tx) => rejectApproval(tx, input)),
};
