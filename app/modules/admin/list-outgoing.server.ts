import * as z from 'zod';

import { type Book } from '~/modules/ledger/shared';
import { type Db } from '~/platform/db.server';

import { Prisma } from '../../../prisma/generated/client';
import { EndpointState, SendingState } from '../../../prisma/generated/enums';
import { countRows } from './count-rows.server';
import { betweenDays, branchesOf, dayOf, members, textOf } from './filters.server';
import { cutPage, every, type ListSource, type PageAt, pageSql } from './page.server';
import { readInTime } from './read-in-time.server';
import { type EndpointRef, type ListView, type MessageRow, type SendingRow } from './shared';

interface OutgoingFilters {
  book: Book;
  states: SendingState[];
  endpoints: string[];
  types: string[];
  customerId: string | undefined;
  since: string | undefined;
  until: string | undefined;
}

const types = z.array(z.string().regex(/^[a-z_.]{1,60}$/)).catch([]);
const endpoints = z.array(z.string().regex(/^whe_\w{1,60}$/)).catch([]);

export const outgoingFilters = (search: URLSearchParams, book: Book): OutgoingFilters => ({
  book,
  states: members(search, 'state', SendingState),
  endpoints: endpoints.parse(search.getAll('endpoint')),
  types: types.parse(search.getAll('type')),
  customerId: textOf(search, 'customer'),
  since: dayOf(search, 'since'),
  until: dayOf(search, 'until'),
});

const sql = Prisma.sql;
const SENDINGS: ListSource = { table: sql`sending s`, at: sql`s.created_at`, id: sql`s.id`, idType: 'text' };
const MESSAGES: ListSource = { table: sql`message m`, at: sql`m.at`, id: sql`m.id`, idType: 'text' };

const ofMessage = ({ types: wanted, customerId }: OutgoingFilters): Prisma.Sql[] => [
  ...(wanted.length === 0 ? [] : [sql`m.type = ANY (${wanted}::text[])`]),
  ...(customerId === undefined ? [] : [sql`m.customer = ${customerId}`]),
];

/** An endpoint hears messages of its own book alone, so a sending's message is read only where something else is asked of it. */
function sendingBranches(filters: OutgoingFilters): Prisma.Sql[] {
  const { book, states, endpoints: wanted, since, until } = filters;
  const asked = ofMessage(filters);
  return branchesOf(
    [
      every([
        sql`s.endpoint = ANY (ARRAY(SELECT id FROM endpoint WHERE book = ${book}::mode))`,
        ...(wanted.length === 0 ? [] : [sql`s.endpoint = ANY (${wanted}::text[])`]),
        ...(asked.length === 0 ? [] : [sql`s.message IN (SELECT m.id FROM message m WHERE ${every(asked)})`]),
        ...betweenDays(sql`s.created_at`, since, until),
      ]),
    ],
    states.map((state) => sql`s.state = ${state}::sending_state`),
  );
}

const customer = z.object({
  customerId: z.string().nullable(),
  email: z.string().nullable(),
  name: z.string().nullable(),
});
const customerOf = ({ customerId, email, name }: z.infer<typeof customer>) =>
  customerId === null ? null : { id: customerId, email, name };

const sendings = z.array(
  customer.extend({
    cursor: z.string(),
    id: z.string(),
    messageId: z.string(),
    type: z.string(),
    n: z.int(),
    state: z.enum(SendingState),
    tries: z.int(),
    endpointId: z.string(),
    url: z.string(),
    endpointState: z.enum(EndpointState),
    createdAt: z.date(),
  }),
);

/** Messages on their way to endpoints, and those that ended, newest first. */
export async function listOutgoing(
  db: Db,
  filters: OutgoingFilters,
  page: PageAt,
): Promise<ListView<SendingRow>> {
  const where = sendingBranches(filters);
  const { found, order } = pageSql(SENDINGS, where, page);
  return readInTime(db, async (tx) => {
    const rows = sendings
      .parse(
        await tx.$queryRaw`
        SELECT cursor, s.id, s.message AS "messageId", m.type, s.n, s.state::text AS state, s.tries, e.id AS "endpointId", e.url,
          e.state::text AS "endpointState", c.id AS "customerId", c.email, c.name, s.created_at AS "createdAt"
        FROM ${found} JOIN sending s ON s.id = found_id JOIN message m ON m.id = s.message
        JOIN endpoint e ON e.id = s.endpoint LEFT JOIN customer c ON c.id = m.customer ${order}`,
      )
      .map((row): SendingRow => {
        const { customerId, email, name, endpointId, url, endpointState, ...same } = row;
        const endpoint: EndpointRef = { id: endpointId, url, state: endpointState };
        return { ...same, endpoint, customer: customerOf({ customerId, email, name }) };
      });
    return { ...cutPage(rows, page), count: await countRows(tx, SENDINGS, where) };
  });
}

const messages = z.array(
  customer.extend({
    cursor: z.string(),
    id: z.string(),
    type: z.string(),
    cause: z.string(),
    sendings: z.int(),
    arrived: z.int(),
    at: z.date(),
  }),
);

/** What a book told, newest first, whether anybody listened or not. */
export async function listTold(
  db: Db,
  filters: OutgoingFilters,
  page: PageAt,
): Promise<ListView<MessageRow>> {
  const where = [
    every([
      sql`m.book = ${filters.book}::mode`,
      ...ofMessage(filters),
      ...betweenDays(sql`m.at`, filters.since, filters.until),
    ]),
  ];
  const { found, order } = pageSql(MESSAGES, where, page);
  return readInTime(db, async (tx) => {
    const rows = messages
      .parse(
        await tx.$queryRaw`
          SELECT cursor, m.id, m.type, m.cause, c.id AS "customerId", c.email, c.name, m.at, s.sendings, s.arrived
          FROM ${found} JOIN message m ON m.id = found_id LEFT JOIN customer c ON c.id = m.customer
          CROSS JOIN LATERAL (
            SELECT count(*)::int AS sendings, (count(*) FILTER (WHERE state = 'sent'))::int AS arrived
            FROM sending WHERE message = m.id
          ) s ${order}`,
      )
      .map(({ customerId, email, name, ...same }): MessageRow => ({
        ...same,
        customer: customerOf({ customerId, email, name }),
      }));
    return { ...cutPage(rows, page), count: await countRows(tx, MESSAGES, where) };
  });
}
