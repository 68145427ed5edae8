import * as z from 'zod';

import { type Db } from '~/platform/db.server';

import { Prisma } from '../../../prisma/generated/client';
import { StripeCallState } from '../../../prisma/generated/enums';
import { type CountedList, countRows } from './count-rows.server';
import { betweenDays, branchesOf, dayOf, members } from './filters.server';
import { cutPage, every, type ListSource, type PageAt, pageSql } from './page.server';
import { readInTime } from './read-in-time.server';
import { realmsOf } from './realms.server';
import { type CallRow, type ListView, type RealmRef } from './shared';

export interface CallFilters {
  realmIds: string[];
  states: StripeCallState[];
  since: string | undefined;
  until: string | undefined;
}

export const callFilters = (
  search: URLSearchParams,
  known: readonly RealmRef[],
  present: string,
): CallFilters => ({
  realmIds: realmsOf(search, known, present),
  states: members(search, 'state', StripeCallState),
  since: dayOf(search, 'since'),
  until: dayOf(search, 'until'),
});

const sql = Prisma.sql;
const SOURCE: ListSource = {
  table: sql`stripe_call s`,
  at: sql`s.created_at`,
  id: sql`s.id`,
  idType: 'text',
};

const row = z
  .object({
    cursor: z.string(),
    id: z.string(),
    realm: z.string(),
    kind: z.string(),
    purpose: z.string(),
    attempt: z.number(),
    state: z.enum(StripeCallState),
    sends: z.number(),
    http_status: z.number().nullable(),
    error_code: z.string().nullable(),
    created_at: z.date(),
  })
  .transform(({ realm, http_status, error_code, created_at, ...same }): CallRow => ({
    ...same,
    realmId: realm,
    httpStatus: http_status,
    errorCode: error_code,
    createdAt: created_at,
  }));

const branches = (filters: CallFilters): Prisma.Sql[] =>
  branchesOf(
    filters.realmIds.map((id) => sql`s.realm = ${id}`),
    filters.states.map((state) => sql`s.state = ${state}::stripe_call_state`),
    [every(betweenDays(sql`s.created_at`, filters.since, filters.until))],
  );

/** Writes to Stripe, newest first. */
export async function listCalls(db: Db, filters: CallFilters, page: PageAt): Promise<ListView<CallRow>> {
  const where = branches(filters);
  const { found, order } = pageSql(SOURCE, where, page);
  return readInTime(db, async (tx) => {
    const rows = await tx.$queryRaw`
      SELECT cursor, s.id, s.realm, s.kind, s.purpose, s.attempt, s.state::text AS state, s.sends, s.http_status, s.error_code, s.created_at
      FROM ${found} JOIN stripe_call s ON s.id = found_id ${order}`;
    return { ...cutPage(z.array(row).parse(rows), page), count: await countRows(tx, SOURCE, where) };
  });
}

/** The same list, to be counted beside others. */
export const countedCalls = (filters: CallFilters): CountedList => ({
  source: SOURCE,
  branches: branches(filters),
});
