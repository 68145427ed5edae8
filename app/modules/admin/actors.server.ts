import { type Db } from '~/platform/db.server';

import { type ActorRef } from './shared';

/** Who acted, by name where it is a person with an account here. */
export async function readActors(db: Db, ids: readonly string[]): Promise<Map<string, ActorRef>> {
  const people = [...new Set(ids)].filter((id) => id.startsWith('usr_'));
  const users = await db.user.findMany({
    where: { id: { in: people } },
    select: { id: true, name: true },
    take: people.length,
  });
  const names = new Map(users.map(({ id, name }) => [id, name]));
  return new Map(ids.map((id) => [id, { id, name: names.get(id) ?? id }]));
}
