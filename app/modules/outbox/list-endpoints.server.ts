import * as z from 'zod';

import { type Book } from '~/modules/ledger/shared';
import { type Db } from '~/platform/db.server';

import { type EndpointState } from './shared';

/** An endpoint without its secrets. */
export interface EndpointView {
  id: string;
  book: Book;
  url: string;
  description: string;
  /** What it hears; empty is everything. */
  types: string[];
  state: EndpointState;
  /** Why it was disabled. */
  reason: string | null;
  /** Since when every try failed; null when the last one succeeded. */
  failingSince: Date | null;
  createdAt: Date;
  /** When a message last arrived. */
  lastSentAt: Date | null;
  /** Messages on their way. */
  pending: number;
}

const MOST = 200;

/** The endpoints of a book, or of both, the newest first; removed ones are left out unless asked for. */
export async function listEndpoints(
  db: Db,
  { book, withRemoved = false }: { book?: Book | undefined; withRemoved?: boolean } = {},
): Promise<EndpointView[]> {
  const rows = await db.endpoint.findMany({
    where: {
      ...(book === undefined ? {} : { bookId: book }),
      ...(withRemoved ? {} : { state: { not: 'removed' as const } }),
    },
    select: {
      ...{ id: true, bookId: true, url: true, description: true, types: true, state: true },
      ...{ reason: true, failingSince: true, createdAt: true },
    },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: MOST,
  });
  const pending = await countPending(db);
  return Promise.all(
    rows.map(async ({ bookId, ...row }) => ({
      ...{ ...row, book: bookId, pending: pending.get(row.id) ?? 0 },
      lastSentAt: await readLastSent(db, row.id),
    })),
  );
}

const pendingRows = z.array(z.object({ endpoint: z.string(), n: z.int() }));

/** Messages on their way per endpoint. The state stands as a word: only so is the index of pending ones known to hold them all. */
async function countPending(db: Db): Promise<Map<string, number>> {
  const found = await db.$queryRaw`
    SELECT endpoint, count(*)::int AS n FROM sending WHERE state = 'pending' GROUP BY endpoint`;
  return new Map(pendingRows.parse(found).map(({ endpoint, n }) => [endpoint, n]));
}

async function readLastSent(db: Db, endpointId: string): Promise<Date | null> {
  const last = await db.sending.findFirst({
    where: { endpointId, state: 'sent' },
    orderBy: { id: 'desc' },
    select: { endedAt: true },
  });
  return last?.endedAt ?? null;
}
