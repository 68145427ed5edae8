import { type Db } from '~/platform/db.server';
import { type OwnView, type ViewList, VIEWS_MAX } from './shared';

/** A person's views of a list, the oldest first. */
export function listViews(db: Db, userId: string, list: ViewList): Promise<OwnView[]> {
  return db.staffView.findMany({
    where: { userId, list },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: VIEWS_MAX,
    select: { id: true, name: true, query: true },
  });
}
