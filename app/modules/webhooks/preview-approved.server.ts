import { type Db } from '~/platform/db.server';

import { approvedBody } from './carry-out-approved.server';

/** What waits for a second person in this room, as it stands now. */
export type ApprovedPreview =
  /** Money of an event becomes the sale of a pack to a customer. */
  | { kind: 'assign'; eventId: string; isStuck: boolean; pack: string; credits: bigint }
  /** What a payment in review sold is granted. */
  | { kind: 'review'; paymentId: string; isInReview: boolean; credits: bigint }
  /** An event that tells of settled money is closed for good. */
  | { kind: 'dismiss'; eventId: string; isStuck: boolean };

/** Shows what carrying out would do. Stripe is not asked before it is carried out. */
export async function previewApproved(db: Db, asked: unknown): Promise<ApprovedPreview> {
  const body = approvedBody.parse(asked);
  if (body.kind === 'review') {
    const { paymentId, realmId } = body;
    const payment = await db.payment.findFirst({
      where: { id: paymentId, realmId },
      select: { state: true, credits: true },
    });
    const isInReview = payment?.state === 'review';
    return { kind: 'review', paymentId, isInReview, credits: payment?.credits ?? 0n };
  }
  const { realmId, eventId, run } = body;
  const stuck = await db.event.count({
    where: { realmId, id: eventId, run, status: { in: ['quarantined', 'dead'] } },
  });
  const isStuck = stuck === 1;
  if (body.kind === 'dismiss') return { kind: 'dismiss', eventId, isStuck };
  const version = await db.catalogVersion.findUniqueOrThrow({
    where: { id: body.versionId },
    select: { name: true, credits: true },
  });
  const credits = version.credits * BigInt(body.quantity);
  return { kind: 'assign', eventId, isStuck, pack: version.name, credits };
}
