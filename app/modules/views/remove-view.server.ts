import { type Db } from '~/platform/db.server';

export type RemoveViewOutcome =
  | { outcome: 'removed' }
  /** It is gone already, or was never this person's. */
  | { outcome: 'unknown_view' };

/** Takes away a view of this person's. */
export async function removeView(
  db: Db,
  { userId, viewId }: { userId: string; viewId: string },
): Promise<RemoveViewOutcome> {
  const { count } = await db.staffView.deleteMany({ where: { id: viewId, userId } });
  return { outcome: count === 1 ? 'removed' : 'unknown_view' };
}
