import * as z from 'zod';

const driverCause = z.object({
  meta: z.object({
    driverAdapterError: z.object({
      cause: z.object({
        originalCode: z.string().optional(),
        originalMessage: z.string().optional(),
        kind: z.string().optional(),
        constraint: z
          .object({ index: z.string().optional(), fields: z.array(z.string()).optional() })
          .optional(),
      }),
    }),
  }),
});

function causeOf(error: unknown) {
  const parsed = driverCause.safeParse(error);
  return parsed.success ? parsed.data.meta.driverAdapterError.cause : undefined;
}

/** The SQLSTATE behind an error of Prisma or pg, if Postgres gave one. */
export function sqlState(error: unknown): string | undefined {
  const cause = causeOf(error);
  if (cause?.originalCode !== undefined) return cause.originalCode;
  const own = z.object({ code: z.string().length(5) }).safeParse(error);
  return own.success && !own.data.code.startsWith('P') ? own.data.code : undefined;
}

/** What Postgres said, without what Prisma says around it. */
export function sqlMessage(error: unknown): string | undefined {
  const cause = causeOf(error);
  if (cause?.originalMessage !== undefined) return cause.originalMessage;
  return sqlState(error) !== undefined && error instanceof Error ? error.message : undefined;
}

const RETRYABLE = new Set(['40001', '40P01']);

/** 40001 (serialization) and 40P01 (deadlock): the same transaction may succeed when run again. */
export function retryableCode(error: unknown): string | undefined {
  const state = sqlState(error);
  if (state !== undefined) return RETRYABLE.has(state) ? state : undefined;
  return causeOf(error)?.kind === 'TransactionWriteConflict' ? '40001' : undefined;
}

/** True when a unique constraint or index of this name refused the row. */
export function isUniqueViolation(error: unknown, constraint: string): boolean {
  const cause = causeOf(error);
  if (cause?.kind !== 'UniqueConstraintViolation' && cause?.originalCode !== '23505') return false;
  return cause.constraint?.index === constraint || (cause.originalMessage ?? '').includes(`"${constraint}"`);
}

const CONNECTION_KINDS = new Set([
  'DatabaseNotReachable',
  'ConnectionClosed',
  'SocketTimeout',
  'TooManyConnections',
]);
const CONNECTION_CODES = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'P1001',
  'P1002',
  'P1008',
  'P1017',
  'P2024',
  'P2028',
]);

/** True when the database could not be reached or went away: the work may succeed later, unchanged. */
export function isConnectionFault(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== undefined) return state.startsWith('08') || state.startsWith('57P') || state === '53300';
  if (CONNECTION_KINDS.has(causeOf(error)?.kind ?? '')) return true;
  const coded = z.object({ code: z.string() }).safeParse(error);
  if (coded.success && CONNECTION_CODES.has(coded.data.code)) return true;
  return (
    error instanceof Error &&
    /Connection terminated|timeout exceeded when trying to connect/.test(error.message)
  );
}
