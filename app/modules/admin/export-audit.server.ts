import { csvLine } from '~/platform/csv.server';
import { type Db } from '~/platform/db.server';
import { streamText } from '~/platform/download.server';

import { type AuditFilters, type FullAuditRow, walkAudit } from './list-audit.server';

/** So many rows are read at once; the list itself has no end here. */
const CHUNK = 1000;

const COLUMNS = [
  ...['number', 'at', 'actor', 'email', 'act', 'subject', 'reason', 'comment', 'before', 'after'],
  ...['redacted', 'realm', 'request', 'body_sha256', 'hash'],
] as const;

const json = (value: unknown) => (value === undefined ? undefined : JSON.stringify(value));

const line = (row: FullAuditRow): string =>
  csvLine([
    ...[row.seq, row.at.toISOString(), row.actor.id, row.actor.email, row.act, row.subject, row.reason],
    ...[row.comment, json(row.body?.before), json(row.body?.after)],
    ...[row.isRedacted ? 'yes' : 'no', row.realm, row.requestId, row.bodyDigest, row.hash],
  ]);

async function* lines(db: Db, filters: AuditFilters): AsyncGenerator<string> {
  yield csvLine(COLUMNS);
  for await (const rows of walkAudit(db, filters, CHUNK)) yield rows.map(line).join('');
}

/** The whole filtered list as CSV, read a chunk at a time. */
export const exportAudit = (db: Db, filters: AuditFilters, signal: AbortSignal): ReadableStream<Uint8Array> =>
  streamText(lines(db, filters), signal);
