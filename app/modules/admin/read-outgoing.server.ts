import * as z from 'zod';

import { type Db } from '~/platform/db.server';

import { readActors } from './actors.server';
import { isId } from './filters.server';
import { type OutgoingView } from './shared';

const MOST = 50;

/** The data as it is stored: numbers keep every digit. */
const stored = z.array(z.object({ data: z.string() }));

const LINE = {
  ...{
    id: true,
    n: true,
    state: true,
    tries: true,
    actor: true,
    createdAt: true,
    dueAt: true,
    endedAt: true,
  },
  endpoint: { select: { id: true, url: true, state: true } },
  log: {
    select: { n: true, at: true, ms: true, status: true, error: true, answer: true },
    orderBy: { n: 'asc' },
    take: MOST,
  },
} as const;

/** A message, by its id or by that of one of its sendings; undefined when there is none. */
export async function readOutgoing(db: Db, id: string): Promise<OutgoingView | undefined> {
  if (!isId(id)) return undefined;
  const message = await db.message.findFirst({
    where: id.startsWith('snd_') ? { sendings: { some: { id } } } : { id },
    select: {
      ...{ id: true, type: true, cause: true, bookId: true, at: true },
      customer: { select: { id: true, email: true, name: true } },
      sendings: { select: LINE, orderBy: { id: 'desc' }, take: MOST },
    },
  });
  if (message === null) return undefined;
  const [row] = stored.parse(
    await db.$queryRaw`SELECT data::text AS data FROM message WHERE id = ${message.id}`,
  );
  const actors = await readActors(
    db,
    message.sendings.flatMap(({ actor }) => actor ?? []),
  );
  const { bookId, sendings, ...same } = message;
  const head = `{"type":${JSON.stringify(message.type)},"timestamp":${JSON.stringify(message.at.toISOString())}`;
  return {
    ...same,
    book: bookId,
    body: `${head},"data":${row?.data ?? '{}'}}`,
    sendings: sendings.map((line) => ({
      ...line,
      actor: line.actor === null ? null : (actors.get(line.actor) ?? { id: line.actor, name: line.actor }),
    })),
  };
}
