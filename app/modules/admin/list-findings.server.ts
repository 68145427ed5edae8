import * as z from 'zod';

import { FINDING_KINDS } from '~/modules/findings/shared';
import { type Db } from '~/platform/db.server';

import { Prisma } from '../../../prisma/generated/client';
import { FindingState } from '../../../prisma/generated/enums';
import { countRows } from './count-rows.server';
import { betweenDays, branchesOf, dayOf, members, textOf, wordsOf } from './filters.server';
import { cutPage, every, type ListSource, type PageAt, pageSql } from './page.server';
import { readInTime } from './read-in-time.server';
import { realmsOf } from './realms.server';
import { type FindingListRow, type ListView, type RealmRef } from './shared';

interface FindingFilters {
  realmIds: string[];
  states: FindingState[];
  kinds: string[];
  since: string | undefined;
  until: string | undefined;
  text: string | undefined;
}

export const findingFilters = (
  search: URLSearchParams,
  known: readonly RealmRef[],
  present: string,
): FindingFilters => ({
  realmIds: realmsOf(search, known, present),
  states: members(search, 'state', FindingState),
  kinds: wordsOf(search, 'kind').filter((word) => FINDING_KINDS.some((kind) => kind === word)),
  since: dayOf(search, 'since'),
  until: dayOf(search, 'until'),
  text: textOf(search, 'q'),
});

const sql = Prisma.sql;
const SOURCE: ListSource = { table: sql`finding f`, at: sql`f.created_at`, id: sql`f.id`, idType: 'text' };

/** Any id that stands on it: its own, its subject's, its object's, its payment's, its customer's. */
const found = (text: string): Prisma.Sql[] =>
  [sql`f.id`, sql`f.subject`, sql`f.object_id`, sql`f.payment`, sql`f.customer`].map(
    (column) => sql`${column} = ${text}`,
  );

const row = z
  .object({
    ...{ cursor: z.string(), id: z.string(), realm: z.string(), kind: z.string() },
    ...{ state: z.enum(FindingState), subject: z.string(), detail: z.string(), created_at: z.date() },
  })
  .transform(({ realm: realmId, created_at: createdAt, ...same }): FindingListRow => ({
    ...{ ...same, realmId, createdAt },
  }));

/** Findings that the filters let through, newest first. */
export function listFindings(
  db: Db,
  filters: FindingFilters,
  page: PageAt,
): Promise<ListView<FindingListRow>> {
  const { text, since, until, kinds, states, realmIds } = filters;
  const where = branchesOf(
    text === undefined ? [] : found(text),
    [
      every([
        ...betweenDays(sql`f.created_at`, since, until),
        ...(kinds.length === 0 ? [] : [sql`f.kind = ANY (${kinds}::text[])`]),
      ]),
    ],
    realmIds.map((id) => sql`f.realm = ${id}`),
    states.map((state) => sql`f.state = ${state}::finding_state`),
  );
  return readInTime(db, async (tx) => {
    const { found: rows, order } = pageSql(SOURCE, where, page);
    const answer = await tx.$queryRaw`
      SELECT cursor, f.id, f.realm, f.kind, f.state::text AS state, f.subject, f.detail, f.created_at
      FROM ${rows} JOIN finding f ON f.id = found_id ${order}`;
    return { ...cutPage(z.array(row).parse(answer), page), count: await countRows(tx, SOURCE, where) };
  });
}
