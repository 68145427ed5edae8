import * as z from 'zod';

import { type Db } from '~/platform/db.server';

import { Prisma } from '../../../prisma/generated/client';
import { countRows } from './count-rows.server';
import { betweenDays, branchesOf, dayOf, textOf } from './filters.server';
import { cutPage, every, type ListSource, PAGE_SIZE, pageAfter, type PageAt, pageSql } from './page.server';
import { type Reader, readInTime } from './read-in-time.server';
import { type AuditRow, type ListView } from './shared';

export interface AuditFilters {
  acts: string[];
  reasons: string[];
  actors: string[];
  /** On these UTC days, both included. */
  since: string | undefined;
  until: string | undefined;
  /** A whole id of a subject, an actor or a request, or a person's whole e-mail address. */
  text: string | undefined;
}

/** Acts and reasons are codes with dots, actors ids with a colon before them. */
const code = /^[\w.:@+-]{1,120}$/;
const MOST_CODES = 10;
const codesOf = (search: URLSearchParams, name: string) =>
  [...new Set(search.getAll(name).filter((value) => code.test(value)))].slice(0, MOST_CODES);

export const auditFilters = (search: URLSearchParams): AuditFilters => ({
  acts: codesOf(search, 'act'),
  reasons: codesOf(search, 'reason'),
  actors: codesOf(search, 'actor'),
  since: dayOf(search, 'since'),
  until: dayOf(search, 'until'),
  text: textOf(search, 'q'),
});

const sql = Prisma.sql;
const SOURCE: ListSource = { table: sql`audit a`, at: sql`a.at`, id: sql`a.seq`, idType: 'bigint' };

/** An actor stands as an id, or behind a word: `api:apc_…`. A request is looked for without an index, in any list that is short. */
function ofText(text: string): Prisma.Sql[] {
  return [
    sql`a.subject = ${text}`,
    sql`a.actor = ANY(${[text, `api:${text}`, `user:${text}`]}::text[])`,
    // An address is one person's: looked up first, that person's rows are read by their own index.
    sql`a.actor = (SELECT id FROM "user" WHERE email = ${text.toLowerCase()})`,
    ...(text.startsWith('req_') ? [sql`a.request_id = ${text}`] : []),
  ];
}

function branches({ acts, reasons, actors, since, until, text }: AuditFilters): Prisma.Sql[] {
  return branchesOf(
    text === undefined ? [] : ofText(text),
    [every(betweenDays(sql`a.at`, since, until))],
    actors.map((actor) => sql`a.actor = ${actor}`),
    reasons.map((reason) => sql`a.reason = ${reason}`),
    acts.map((act) => sql`a.act = ${act}`),
  );
}

const body = z.object({
  comment: z.string().nullish(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
});

/** What a row of the audit is read as. */
export const auditRow = z
  .object({
    cursor: z.string(),
    seq: z.bigint(),
    at: z.date(),
    actor: z.string(),
    email: z.string().nullable(),
    act: z.string(),
    subject: z.string(),
    reason: z.string().nullable(),
    realm: z.string().nullable(),
    request_id: z.string().nullable(),
    body: body.nullable(),
    body_digest: z.string(),
    hash: z.string(),
    is_redacted: z.boolean(),
  })
  .transform(({ actor, email, request_id, body_digest, is_redacted, ...same }) => ({
    ...same,
    actor: { id: actor, email },
    comment: same.body?.comment ?? null,
    requestId: request_id,
    bodyDigest: body_digest,
    isRedacted: is_redacted,
  }));
export type FullAuditRow = z.infer<typeof auditRow>;

/** A row without a body from the first has the digest of nothing. */
export const AUDIT_COLUMNS = sql`
  a.seq, a.at, a.actor, u.email, a.act, a.subject, a.reason, a.realm, a.request_id, a.body,
  encode(a.body_digest, 'hex') AS body_digest, encode(a.hash, 'hex') AS hash,
  a.body IS NULL AND a.body_digest <> sha256('') AS is_redacted`;
/** A person acts under their log-in's id. */
export const AUDIT_ACTOR = sql`LEFT JOIN "user" u ON u.id = a.actor`;

async function readPage(db: Reader, where: Prisma.Sql[], page: PageAt, take: number) {
  const { found, order } = pageSql(SOURCE, where, page, take);
  const rows = await db.$queryRaw`
    SELECT cursor, ${AUDIT_COLUMNS} FROM ${found} JOIN audit a ON a.seq = found_id ${AUDIT_ACTOR} ${order}`;
  return cutPage(z.array(auditRow).parse(rows), page, take);
}

const listed = ({
  cursor,
  seq,
  at,
  actor,
  act,
  subject,
  reason,
  comment,
  isRedacted,
}: FullAuditRow): AuditRow => ({
  ...{ cursor, seq, at, actor, act, subject, reason, comment, isRedacted },
});

/** What people, clients and the system did, newest first. */
export async function listAudit(db: Db, filters: AuditFilters, page: PageAt): Promise<ListView<AuditRow>> {
  const where = branches(filters);
  return readInTime(db, async (tx) => {
    const { rows, ...places } = await readPage(tx, where, page, PAGE_SIZE);
    return { ...places, rows: rows.map(listed), count: await countRows(tx, SOURCE, where) };
  });
}

/** The same list to its end, in pages. */
export async function* walkAudit(
  db: Db,
  filters: AuditFilters,
  take: number,
): AsyncGenerator<FullAuditRow[]> {
  const where = branches(filters);
  let page: PageAt = { direction: 'first' };
  for (;;) {
    const { rows, next } = await readPage(db, where, page, take);
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (next === undefined || last === undefined) return;
    page = pageAfter(last.cursor);
  }
}

const words = z.array(z.object({ word: z.string() }));

/** The acts and reasons that there are: each is one step along an index, however many rows bear it. */
export async function readAuditWords(db: Db): Promise<{ acts: string[]; reasons: string[] }> {
  const stepsOf = async (column: Prisma.Sql) => {
    const found = await db.$queryRaw`
      WITH RECURSIVE step AS (
        SELECT (SELECT min(${column}) FROM audit) AS word
        UNION ALL
        SELECT (SELECT min(${column}) FROM audit WHERE ${column} > s.word) FROM step s WHERE s.word IS NOT NULL
      )
      SELECT word FROM step WHERE word IS NOT NULL ORDER BY word`;
    return words.parse(found).map(({ word }) => word);
  };
  const [acts, reasons] = await Promise.all([stepsOf(sql`act`), stepsOf(sql`reason`)]);
  return { acts, reasons };
}
