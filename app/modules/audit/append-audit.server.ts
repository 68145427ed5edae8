import * as z from 'zod';

import { type Tx } from '~/platform/db.server';

/** Anything that JSON can say once big integers and dates are text. */
type AuditValue =
  | string
  | number
  | boolean
  | null
  | bigint
  | Date
  | readonly AuditValue[]
  | { readonly [key: string]: AuditValue | undefined };

/** Who acts, and in whose words. */
export interface Author {
  /** A user's id, `cli`, or `system`. */
  actor: string;
  /** A reason code; from the command line, a sentence. */
  reason?: string | undefined;
  comment?: string | undefined;
}

export interface AuditInput extends Author {
  /** What: `user.role_changed`. */
  act: string;
  /** On what: the id of a row. */
  subject: string;
  realmId?: string;
  requestId?: string;
  before?: AuditValue;
  after?: AuditValue;
}

const rows = z.tuple([z.object({ seq: z.bigint() })]);

/**
 * Appends one row to the audit in the transaction of the act that it tells of, and answers its number. It takes a lock
 * that every append waits for: call it last.
 */
export async function appendAudit(tx: Tx, input: AuditInput): Promise<bigint> {
  const result = await tx.$queryRaw`
    SELECT audit_append(${input.actor}, ${input.act}, ${input.subject}, ${input.reason ?? null}, ${input.realmId ?? null},
      ${input.requestId ?? null}, ${bodyOf(input)}::jsonb) AS seq`;
  return rows.parse(result)[0].seq;
}

/** Comment, before and after may hold what must be redacted one day; all else stays for good. */
function bodyOf({ comment, before, after }: AuditInput): string | null {
  if (comment === undefined && before === undefined && after === undefined) return null;
  return JSON.stringify({ comment, before, after }, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
}
