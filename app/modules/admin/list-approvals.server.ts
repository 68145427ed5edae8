import * as z from 'zod';

import { APPROVAL_STATES, requestLabel, STAFF_ACTS } from '~/modules/approvals/shared';
import { type Db } from '~/platform/db.server';

import { Prisma } from '../../../prisma/generated/client';
import { Mode } from '../../../prisma/generated/enums';
import { countRows } from './count-rows.server';
import { cutPage, type ListSource, type PageAt, pageSql } from './page.server';
import { readInTime } from './read-in-time.server';
import { type ApprovalRow, type ListView } from './shared';

export interface ApprovalFilters {
  /** Those in one state, or all that one person asked for. */
  of: { state: (typeof APPROVAL_STATES)[number] } | { requester: string } | { customerId: string };
}

const state = z.enum(APPROVAL_STATES);

/** The tab that an address asks for: the open ones when it names none. */
export function approvalFilters(search: URLSearchParams, reader: string): ApprovalFilters {
  if (search.has('mine')) return { of: { requester: reader } };
  const asked = state.safeParse(search.get('state'));
  return { of: { state: asked.success ? asked.data : 'open' } };
}

const sql = Prisma.sql;
const SOURCE: ListSource = { table: sql`approval a`, at: sql`a.created_at`, id: sql`a.id`, idType: 'text' };

function branchOf({ of }: ApprovalFilters): Prisma.Sql {
  if ('state' in of) return sql`a.state = ${of.state}::approval_state`;
  return 'requester' in of ? sql`a.requester = ${of.requester}` : sql`a.customer = ${of.customerId}`;
}

const customer = z.object({ id: z.string(), email: z.string().nullable(), name: z.string().nullable() });
const row = z
  .object({
    cursor: z.string(),
    id: z.string(),
    book: z.enum(Mode),
    act: z.enum(STAFF_ACTS),
    body: z.unknown(),
    unit: z.string(),
    amount: z.bigint(),
    state,
    reason: z.string(),
    requester: z.string(),
    requester_name: z.string().nullable(),
    customer: customer.nullable(),
    created_at: z.date(),
    expires_at: z.date(),
  })
  .transform(({ requester, requester_name, created_at, expires_at, body, ...same }): ApprovalRow => ({
    ...same,
    label: requestLabel(same.act, body),
    requester: { id: requester, name: requester_name ?? requester },
    createdAt: created_at,
    expiresAt: expires_at,
  }));

/** Requests for a second person, newest first. */
export async function listApprovals(
  db: Db,
  filters: ApprovalFilters,
  page: PageAt,
): Promise<ListView<ApprovalRow>> {
  const where = [branchOf(filters)];
  const { found, order } = pageSql(SOURCE, where, page);
  return readInTime(db, async (tx) => {
    const rows = await tx.$queryRaw`
      SELECT cursor, a.id, a.book::text AS book, a.act::text AS act, a.body, a.unit, a.amount, a.reason, a.requester, u.name AS requester_name,
        CASE WHEN a.state = 'open' AND a.expires_at <= clock_timestamp() THEN 'expired' ELSE a.state::text END AS state,
        CASE WHEN c.id IS NOT NULL THEN json_build_object('id', c.id, 'email', c.email, 'name', c.name) END AS customer,
        a.created_at, a.expires_at
      FROM ${found} JOIN approval a ON a.id = found_id
        LEFT JOIN customer c ON c.id = a.customer LEFT JOIN "user" u ON u.id = a.requester
      ${order}`;
    return { ...cutPage(z.array(row).parse(rows), page), count: await countRows(tx, SOURCE, where) };
  });
}

/** How many wait for somebody's decision. */
export const countOpenApprovals = (db: Db): Promise<number> =>
  db.approval.count({ where: { state: 'open', expiresAt: { gt: new Date() } } });
