import { type Db, inTransaction } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';
import { keptQuery, type ViewList, VIEWS_MAX } from './shared';

export interface SaveViewInput {
  userId: string;
  list: ViewList;
  /** 1 to VIEW_NAME_MAX characters. */
  name: string;
  /** Of the list's address, at most VIEW_QUERY_MAX characters. */
  query: string;
}

export type SaveViewOutcome =
  /** It stands, by this click or by an earlier one. */
  | { outcome: 'saved' }
  /** Another view of this list has that name. */
  | { outcome: 'name_taken' }
  /** There are VIEWS_MAX of them. */
  | { outcome: 'too_many' }
  /** Nothing is filtered and no column chosen: that is the list itself. */
  | { outcome: 'nothing_chosen' };

/** Keeps what a person sees of a list under a name of theirs. */
export function saveView(db: Db, { userId, list, name, ...input }: SaveViewInput): Promise<SaveViewOutcome> {
  const query = keptQuery(new URLSearchParams(input.query));
  return inTransaction(db, 'save view', async (tx): Promise<SaveViewOutcome> => {
    if (query === '') return { outcome: 'nothing_chosen' };
    // One at a time for each person: the count below stays true.
    await tx.$queryRaw`SELECT id FROM "user" WHERE id = ${userId} FOR NO KEY UPDATE`;
    const known = await tx.staffView.findMany({
      where: { userId, list },
      take: VIEWS_MAX,
      select: { name: true, query: true },
    });
    const same = known.find((view) => view.name.toLowerCase() === name.toLowerCase());
    if (same !== undefined) return { outcome: same.query === query ? 'saved' : 'name_taken' };
    if (known.length === VIEWS_MAX) return { outcome: 'too_many' };
    await tx.staffView.create({ data: { id: newId('viw'), userId, list, name, query } });
    return { outcome: 'saved' };
  });
}
