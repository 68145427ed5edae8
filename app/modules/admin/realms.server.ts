import { type Db } from '~/platform/db.server';

import { type RealmRef } from './shared';

const MOST = 50;

/** What a page says of a realm. */
export const REALM_REF = { id: true, name: true, mode: true, account: true } as const;

/** Every realm that ever had rows here, the oldest first. */
export async function readRealms(db: Db): Promise<RealmRef[]> {
  return db.realm.findMany({
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: MOST,
    select: REALM_REF,
  });
}

/** The realms that an address asks for by `?realm=`; the present one when it names none that is known. */
export function realmsOf(search: URLSearchParams, known: readonly RealmRef[], present: string): string[] {
  const asked = search.getAll('realm').filter((id) => known.some((realm) => realm.id === id));
  return asked.length === 0 ? [present] : [...new Set(asked)];
}
