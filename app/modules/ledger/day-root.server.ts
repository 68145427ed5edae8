import { createHash } from 'node:crypto';
import * as z from 'zod';

import { type Db } from '~/platform/db.server';

import { type Book } from './shared';

/** A UTC day: `2026-11-20`. */
export type Day = string;

export interface DayRoot {
  book: Book;
  day: Day;
  /** SHA-256 in hex. */
  root: string;
  /** Wallets with an entry by then, and the entries of them all. */
  wallets: number;
  entries: bigint;
}

const PAGE = 1000;

const pages = z.array(z.object({ id: z.string(), head: z.string().nullable(), seq: z.bigint().nullable() }));

/**
 * What vouches for a book as it was at the end of a UTC day: kept elsewhere, it shows that nothing before has changed.
 * SHA-256 over lines of ASCII, each ended by a line feed: `credence day root v1 <book> <day>`, then for each wallet that
 * had an entry by then, in the order of ids, `<wallet> <head>`, the head being the hash of its last entry in hex.
 */
export async function readDayRoot(
  db: Db,
  { book, day }: { book: Book; day: Day },
): Promise<({ outcome: 'read' } & DayRoot) | { outcome: 'not_over' }> {
  if (!(await isOver(db, day))) return { outcome: 'not_over' };
  const hash = createHash('sha256').update(`credence day root v1 ${book} ${day}\n`);
  let wallets = 0;
  let entries = 0n;
  for (let after: string | undefined = ''; after !== undefined;) {
    const page = await readHeads(db, book, day, after);
    for (const { id, head, seq } of page) {
      if (head === null || seq === null) continue;
      hash.update(`${id} ${head}\n`);
      wallets += 1;
      entries += seq;
    }
    after = page.length < PAGE ? undefined : page.at(-1)?.id;
  }
  return { outcome: 'read', book, day, root: hash.digest('hex'), wallets, entries };
}

/** Ids have one length and small hexadecimal digits after their prefix: every collation orders them by their bytes. */
async function readHeads(db: Db, book: Book, day: Day, after: string) {
  return pages.parse(
    await db.$queryRaw`
      SELECT w.id, encode(e.hash, 'hex') AS head, e.seq
      FROM (SELECT id FROM wallet WHERE book = ${book}::mode AND id > ${after} ORDER BY id LIMIT ${PAGE}) w
      CROSS JOIN LATERAL ledger_books(w.id, (${day}::date + 1)::timestamp AT TIME ZONE 'UTC' - interval '1 microsecond') e
      ORDER BY w.id`,
  );
}

const over = z.tuple([z.object({ isOver: z.boolean() })]);

async function isOver(db: Db, day: Day): Promise<boolean> {
  return over.parse(await db.$queryRaw`SELECT ${day}::date < ledger_open_day() AS "isOver"`)[0].isOver;
}
