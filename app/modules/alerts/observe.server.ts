import { findingWords } from '~/modules/findings/shared';
import { liveWorkers } from '~/modules/jobs/index.server';
import { SETTLING_EVENT_TYPES } from '~/modules/stripe/index.server';
import { type Tx } from '~/platform/db.server';
import { hours, minutes } from '~/platform/time';

import {
  ago,
  findingRows,
  type Look,
  minutesSince,
  MOST,
  type Observation,
  type Row,
  rows,
  things,
} from './observation.server';
import { type AlertKind, type AlertRuleView } from './shared';

/** How each kind is seen. All that is read is in partial indexes, or ends at a limit. */
const LOOKS: Readonly<Record<AlertKind, Look>> = {
  paid_event_waits: async (tx, threshold, now) => {
    const found = rows.parse(
      await tx.$queryRaw`
        SELECT realm AS subject, '' AS what, count(*)::int AS n, min(received_at) AS oldest FROM event
        WHERE (status = 'queued' OR status = 'waiting') AND type = ANY (${[...SETTLING_EVENT_TYPES]}::text[])
          AND received_at <= ${ago(now, minutes(threshold))}::timestamptz
        GROUP BY realm ORDER BY realm LIMIT ${MOST}`,
    );
    return found.map(({ subject, n, oldest }) => ({
      ...{ kind: 'paid_event_waits' as const, subject, size: n },
      detail: `${things(n, 'event')} that can settle money ${n === 1 ? 'is' : 'are'} not processed in ${subject}; the oldest for ${minutesSince(now, oldest)}.`,
      page: '/admin/webhooks/events?status=queued&status=waiting',
    }));
  },
  worker_down: async (tx, threshold) => {
    const { live, last } = await liveWorkers(tx);
    if (live.length >= threshold) return [];
    const since =
      last === undefined
        ? 'None has run within a week.'
        : `The last word of one came at ${last.beatAt.toISOString()}.`;
    const detail = `${live.length} of ${things(threshold, 'worker')} that should be alive said so within 45 seconds. ${since}`;
    return [{ kind: 'worker_down', subject: '', detail, size: 1, page: '/admin/health' }];
  },
  event_dead: async (tx, threshold) => {
    const found = rows.parse(
      await tx.$queryRaw`
        SELECT realm AS subject, coalesce(reason, 'unknown') AS what, count(*)::int AS n, min(received_at) AS oldest FROM event
        WHERE status = 'dead' GROUP BY 1, 2 HAVING count(*) >= ${threshold}::int ORDER BY 3 DESC, 1, 2 LIMIT ${MOST}`,
    );
    return found.map(({ subject, what, n }) => ({
      ...{ kind: 'event_dead' as const, subject: `${subject}:${what}`, size: n },
      detail: `${things(n, 'event')} of ${subject} died of ${what}. To try ${n === 1 ? 'it' : 'them'} again: npm run credence -- replay --status dead --code ${what} --reason "…" --dry-run.`,
      page: '/admin/dead-letters?status=dead',
    }));
  },
  money_in_review: async (tx, threshold, now) => {
    const found = rows.parse(
      await tx.$queryRaw`
        SELECT r.id AS subject, '' AS what, p.n, p.oldest FROM realm r CROSS JOIN LATERAL (
          SELECT count(*)::int AS n, min(created_at) AS oldest FROM payment WHERE realm = r.id AND state = 'review'
        ) p WHERE p.n >= ${threshold}::int ORDER BY r.id LIMIT ${MOST}`,
    );
    return found.map(({ subject, n, oldest }) => ({
      ...{ kind: 'money_in_review' as const, subject, size: n },
      detail: `${things(n, 'settled payment')} of ${subject} ${n === 1 ? 'waits' : 'wait'} for a person, the oldest begun ${minutesSince(now, oldest)} ago.`,
      page: '/admin/payments?state=review',
    }));
  },
  ledger_drift: async (tx, threshold, now) => {
    const found = rows.parse(
      await tx.$queryRaw`
        SELECT subject, fault AS what, times AS n, seen_at AS oldest FROM ledger_drift
        WHERE seen_at > ${ago(now, hours(threshold))}::timestamptz ORDER BY seen_at DESC LIMIT ${MOST}`,
    );
    return found.map(({ subject, what, n }) => ({
      ...{ kind: 'ledger_drift' as const, subject, size: 1 },
      detail: `${subject === what ? what : `Wallet ${subject}: ${what}`}. Met ${things(n, 'time')}.`,
      page: '/admin/health',
    }));
  },
  finding_open: async (tx, threshold) => {
    const found = findingRows.parse(
      await tx.$queryRaw`
        SELECT f.realm || ':' || f.kind AS subject, f.kind AS what, r.name AS realm, count(*)::int AS n
        FROM finding f JOIN realm r ON r.id = f.realm
        WHERE f.resolved_at IS NULL GROUP BY f.realm, f.kind, r.name HAVING count(*) >= ${threshold}::int
        ORDER BY 1 LIMIT ${MOST}`,
    );
    return found.map(({ subject, what, n, realm }) => ({
      ...{ kind: 'finding_open' as const, subject, size: n },
      detail: `${things(n, 'finding')} of ${realm} ${n === 1 ? 'is' : 'are'} open: ${findingWords(what)?.label ?? what}.`,
      page: '/admin#findings',
    }));
  },
  reconcile_late: async (tx, threshold, now) => {
    // Without a worker nothing is begun, which is told by itself.
    if ((await liveWorkers(tx)).live.length === 0) return [];
    const found = rows.parse(
      await tx.$queryRaw`
        SELECT r.id AS subject, r.name AS what, 1 AS n, x.since AS oldest FROM realm r CROSS JOIN LATERAL (
          SELECT coalesce(max(ended_at) FILTER (WHERE state = 'done'), min(created_at)) AS since, max(created_at) AS begun FROM (
            SELECT state, ended_at, created_at FROM reconcile_run WHERE realm = r.id AND plan <> 'asked'
            ORDER BY created_at DESC LIMIT ${MOST}) scheduled
        ) x WHERE x.since <= ${ago(now, hours(threshold))}::timestamptz
          AND (r.sells OR x.begun > ${ago(now, hours(threshold))}::timestamptz) ORDER BY 1 LIMIT ${MOST}`,
    );
    return found.map(({ subject, what, oldest }) => ({
      ...{ kind: 'reconcile_late' as const, subject, size: 1 },
      detail: `No scheduled reconciliation of ${what} has ended for ${minutesSince(now, oldest)}; every hour is normal.`,
      page: '/admin/reconciliation',
    }));
  },
  signature_failures: async (tx, threshold, now) => {
    const [found] = rows.parse(
      await tx.$queryRaw`
        SELECT '' AS subject, '' AS what, count(*)::int AS n, min(at) AS oldest FROM delivery
        WHERE verdict = 'bad_signature' AND at > ${ago(now, minutes(15))}::timestamptz AND detail = 'probable_secret_mismatch'`,
    );
    if (found === undefined || found.n < threshold) return [];
    const detail = `${things(found.n, 'delivery').replace(/ys$/, 'ies')} of the last 15 minutes had a fresh signature that none of our secrets made: probably another secret.`;
    return [
      {
        ...{ kind: 'signature_failures', subject: '', detail, size: 1 },
        page: '/admin/webhooks?verdict=bad_signature',
      },
    ];
  },
  events_missed: async (tx, threshold, now) => {
    const found = rows.parse(
      await tx.$queryRaw`
        SELECT r.id AS subject, '' AS what, e.n, e.oldest FROM realm r CROSS JOIN LATERAL (
          SELECT count(*)::int AS n, min(received_at) AS oldest FROM event
          WHERE realm = r.id AND source = 'catch_up' AND received_at > ${ago(now, hours(1))}::timestamptz
        ) e WHERE e.n >= ${threshold}::int ORDER BY r.id LIMIT ${MOST}`,
    );
    return found.map(({ subject, n }) => ({
      ...{ kind: 'events_missed' as const, subject, size: 1 },
      detail: `${things(n, 'event')} of ${subject} came within the last hour from Stripe’s list alone: no delivery had brought ${n === 1 ? 'it' : 'them'}.`,
      page: '/admin/webhooks/events?source=catch_up',
    }));
  },
  stripe_unreachable: async (tx, threshold, now) => {
    // Without a worker nobody asks Stripe, which is told by itself.
    if ((await liveWorkers(tx)).live.length === 0) return [];
    const found = rows.parse(
      await tx.$queryRaw`
        SELECT c.realm AS subject, '' AS what, 1 AS n, c.ran_at AS oldest FROM catch_up c JOIN realm r ON r.id = c.realm
        WHERE r.sells AND c.ran_at <= ${ago(now, minutes(threshold))}::timestamptz ORDER BY 1 LIMIT ${MOST}`,
    );
    return found.map(({ subject, oldest }) => ({
      ...{ kind: 'stripe_unreachable' as const, subject, size: 1 },
      detail: `Stripe’s list of events of ${subject} was last read ${minutesSince(now, oldest)} ago; every five minutes is normal.`,
      page: '/admin/health',
    }));
  },
  call_unknown: async (tx, threshold, now) => {
    const found = rows.parse(
      await tx.$queryRaw`
        SELECT realm AS subject, '' AS what, count(*)::int AS n, min(created_at) AS oldest FROM stripe_call
        WHERE state = 'open' AND created_at <= ${ago(now, minutes(threshold))}::timestamptz GROUP BY 1 ORDER BY 1 LIMIT ${MOST}`,
    );
    return found.map(({ subject, n, oldest }) => ({
      ...{ kind: 'call_unknown' as const, subject, size: n },
      detail: `${things(n, 'call')} to Stripe of ${subject} ${n === 1 ? 'has' : 'have'} no known outcome, the oldest for ${minutesSince(now, oldest)}.`,
      page: '/admin/webhooks/calls?state=open',
    }));
  },
  endpoint_disabled: async (tx, threshold) => {
    const found = rows.parse(
      await tx.$queryRaw`
        SELECT id AS subject, book || ' ' || coalesce(reason, '') AS what, count(*) OVER ()::int AS n, NULL::timestamptz AS oldest
        FROM endpoint WHERE state = 'disabled' ORDER BY id LIMIT ${MOST}`,
    );
    return found.filter(({ n }) => n >= threshold).map(disabled);
  },
};

function disabled({ subject, what }: Row): Observation {
  const [book = '', reason = ''] = what.split(' ');
  const why = reason === 'gone' ? 'it answered 410' : 'every try of a day failed';
  return {
    ...{ kind: 'endpoint_disabled', subject, size: 1, page: '/admin/settings/endpoints' },
    detail: `Book ${book} sends nothing more to ${subject}: ${why}. Once it answers: npm run credence -- endpoint change ${subject} --on.`,
  };
}

/** All that is so now and whose kind is on. */
export async function observe(tx: Tx, rules: readonly AlertRuleView[], now: Date): Promise<Observation[]> {
  const found: Observation[] = [];
  for (const { kind, isOn, threshold } of rules)
    if (isOn) found.push(...(await LOOKS[kind](tx, threshold, now)));
  return found;
}
