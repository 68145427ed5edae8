import { type Db } from '~/platform/db.server';

import { type Limit } from './set-limit.server';

/** More units than this have no team. */
const MOST = 1000;

/** Every limit of a book. What is not among them has the limit 0. */
export function listLimits(db: Db, book: Limit['book']): Promise<Limit[]> {
  return db.staffLimit.findMany({
    where: { book },
    select: {
      ...{ book: true, role: true, act: true, unit: true },
      ...{ perAct: true, actorDay: true, customerDay: true },
    },
    orderBy: [{ act: 'asc' }, { unit: 'asc' }, { role: 'asc' }],
    take: MOST,
  });
}
