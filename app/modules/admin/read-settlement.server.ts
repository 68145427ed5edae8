import * as z from 'zod';

import { readSettlementPolicy } from '~/modules/payments/index.server';
import { SETTLEMENT_RULES, type SettlementRule } from '~/modules/payments/shared';
import { type Db, type Tx } from '~/platform/db.server';

import { Prisma } from '../../../prisma/generated/client';
import { countRows } from './count-rows.server';
import { cutPage, every, type ListSource, type PageAt, pageSql } from './page.server';
import { readInTime } from './read-in-time.server';
import {
  SETTLEMENT_VERDICTS,
  type SettlementComparison,
  type SettlementShow,
  type SettlementView,
} from './shared';

/** The newest of the period are enough to tell two rules apart, however much is sold. */
const SAMPLE = 10_000;
const PERIODS = [1, 7, 30] as const;

interface SettlementFilters {
  days: number;
  other: SettlementRule | undefined;
  show: SettlementShow | undefined;
}

const SHOWN = [...SETTLEMENT_VERDICTS, 'patience', 'look'] as const;

export const settlementFilters = (search: URLSearchParams): SettlementFilters => ({
  days: PERIODS.find((days) => String(days) === search.get('days')) ?? 7,
  other: SETTLEMENT_RULES.find((rule) => rule === search.get('with')),
  show: SHOWN.find((show) => show === search.get('show')),
});

const sql = Prisma.sql;
const SOURCE: ListSource = {
  ...{ table: sql`settlement_proof s`, at: sql`s.proven_at`, id: sql`s.payment`, idType: 'text' },
};

/** When a rule would have settled by events alone: looks at Stripe serve every rule alike. */
const TIME_OF: Record<SettlementRule, Prisma.Sql> = {
  'settled-fact': sql`least(s.intent_at, s.session_at)`,
  'payment-intent': sql`CASE WHEN s.is_free THEN s.session_at ELSE s.intent_at END`,
  'session-completed': sql`s.session_at`,
};

const verdictOf = (current: Prisma.Sql, other: Prisma.Sql) => sql`
  CASE WHEN ${current} IS NULL AND ${other} IS NULL THEN 'neither' WHEN ${other} IS NULL THEN 'missing'
    WHEN ${current} IS NULL THEN 'ahead' WHEN ${other} > ${current} THEN 'later' ELSE 'agreed' END`;

/** By which rule packs of a realm settle, and what another one would have made of those that were proven paid lately. */
export async function readSettlement(
  db: Db,
  realmId: string,
  { days, other: asked, show }: SettlementFilters,
  page: PageAt,
): Promise<SettlementView> {
  const policy = await readSettlementPolicy(db, realmId);
  const { current, candidate } = policy;
  const wanted = asked === current ? undefined : asked;
  const other =
    wanted ?? candidate ?? (current === 'payment-intent' ? 'session-completed' : 'payment-intent');
  const [currentAt, otherAt] = [TIME_OF[current], TIME_OF[other]];
  const verdict = verdictOf(currentAt, otherAt);
  const inPeriod = sql`s.realm = ${realmId} AND s.proven_at >= clock_timestamp() - make_interval(days => ${days})`;
  const shown =
    show === undefined
      ? []
      : [show === 'patience' || show === 'look' ? sql`s.settled_by = ${show}` : sql`${verdict} = ${show}`];
  const where = [every([inPeriod, ...shown])];
  const { found, order } = pageSql(SOURCE, where, page);
  return readInTime(db, async (tx) => {
    const read = await tx.$queryRaw`
      SELECT found.cursor, s.payment AS "paymentId", coalesce(p.amount_paid, p.amount_subtotal) AS amount, p.currency,
        s.proven_at AS "provenAt", ${verdict} AS verdict, ${currentAt} AS "currentAt", ${otherAt} AS "otherAt", s.rule,
        s.settled_by AS "settledBy"
      FROM ${found} JOIN settlement_proof s ON s.payment = found_id JOIN payment p ON p.id = s.payment ${order}`;
    const list = { ...cutPage(rows.parse(read), page), count: await countRows(tx, SOURCE, where) };
    return { policy, other, days, show, comparison: await compare(tx, inPeriod, currentAt, otherAt), list };
  });
}

const rows = z.array(
  z.object({
    cursor: z.string(),
    paymentId: z.string(),
    amount: z.bigint(),
    currency: z.string(),
    provenAt: z.date(),
    verdict: z.enum(SETTLEMENT_VERDICTS),
    currentAt: z.date().nullable(),
    otherAt: z.date().nullable(),
    rule: z.enum(SETTLEMENT_RULES).nullable(),
    settledBy: z.enum(['rule', 'patience', 'look']).nullable(),
  }),
);

const counted = z.tuple([
  z.object({
    ...{
      n: z.int(),
      patience: z.int(),
      looks: z.int(),
      p50: z.number().nullable(),
      p95: z.number().nullable(),
    },
    ...{ agreed: z.int(), later: z.int(), missing: z.int(), ahead: z.int(), neither: z.int() },
  }),
]);

async function compare(
  tx: Tx,
  inPeriod: Prisma.Sql,
  currentAt: Prisma.Sql,
  otherAt: Prisma.Sql,
): Promise<SettlementComparison> {
  const tallies = SETTLEMENT_VERDICTS.map(
    (verdict) =>
      sql`count(*) FILTER (WHERE verdict = ${verdict} AND nth <= ${SAMPLE})::int AS ${Prisma.raw(verdict)}`,
  );
  const found = await tx.$queryRaw`
    WITH newest AS (
      SELECT row_number() OVER (ORDER BY s.proven_at DESC, s.payment DESC) AS nth, s.settled_by,
        ${verdictOf(currentAt, otherAt)} AS verdict, extract(epoch FROM ${otherAt} - ${currentAt})::float8 * 1000 AS ms
      FROM settlement_proof s WHERE ${inPeriod} ORDER BY s.proven_at DESC, s.payment DESC LIMIT ${SAMPLE + 1}
    )
    SELECT count(*)::int AS n, ${Prisma.join(tallies)},
      count(*) FILTER (WHERE settled_by = 'patience')::int AS patience, count(*) FILTER (WHERE settled_by = 'look')::int AS looks,
      percentile_disc(0.5) WITHIN GROUP (ORDER BY ms) FILTER (WHERE verdict = 'later') AS p50,
      percentile_disc(0.95) WITHIN GROUP (ORDER BY ms) FILTER (WHERE verdict = 'later') AS p95
    FROM newest`;
  const [{ n, p50, p95, patience, looks, ...verdicts }] = counted.parse(found);
  return { verdicts, p50, p95, patience, looks, isCut: n > SAMPLE };
}
