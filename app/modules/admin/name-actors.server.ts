import { type Db } from '~/platform/db.server';

/** What people call these actors, by their ids: a user's name, or their e-mail address. Others are not among them. */
export async function nameActors(db: Db, actors: readonly string[]): Promise<Map<string, string>> {
  if (actors.length === 0) return new Map();
  const users = await db.user.findMany({
    where: { id: { in: [...actors] } },
    take: actors.length,
    select: { id: true, name: true, email: true },
  });
  return new Map(users.map(({ id, name, email }) => [id, name === '' ? email : name]));
}
