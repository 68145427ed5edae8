import { Prisma } from '../../../prisma/generated/client';

/** Where counting ends: a number beyond it says no more to anybody, and costs the scrape. */
const MOST = 100_000;

/** Of each realm: what Stripe said, what is unfinished, and what is asked of Stripe. */
export const STRIPE_FACTS = (settling: readonly string[]) => Prisma.sql`
  WITH unprocessed AS MATERIALIZED (
    SELECT realm, type = ANY (${settling}::text[]) AS is_paid, received_at FROM event
    WHERE status = 'queued' OR status = 'waiting' LIMIT ${MOST}::int
  ), of_realm AS (
    SELECT r.id, r.mode, r.sells, min(u.received_at) AS oldest, min(u.received_at) FILTER (WHERE u.is_paid) AS oldest_paid,
      count(u.realm) FILTER (WHERE u.is_paid) AS paid
    FROM realm r LEFT JOIN unprocessed u ON u.realm = r.id GROUP BY r.id
  ), events AS (
    SELECT r.id, s.status, (
      SELECT count(*) FROM (SELECT 1 FROM event e WHERE e.realm = r.id AND e.status = s.status AND e.status <> 'done' LIMIT ${MOST}::int) c
    ) AS n
    FROM realm r CROSS JOIN unnest('{queued,waiting,quarantined,dead,dismissed}'::event_status[]) s (status)
  ), payments AS (
    SELECT r.id, s.state, f.n, f.oldest FROM realm r CROSS JOIN unnest('{created,open,processing,review}'::payment_state[]) s (state)
    CROSS JOIN LATERAL (
      SELECT count(*) AS n, min(created_at) AS oldest FROM (
        SELECT created_at FROM payment p WHERE p.realm = r.id AND p.state = s.state ORDER BY created_at, id LIMIT ${MOST}::int) c
    ) f
  ), money_backs AS (
    SELECT r.id, k.kind, (
      SELECT count(*) FROM (SELECT 1 FROM money_back m WHERE m.realm = r.id AND m.kind = k.kind AND m.level = 'pending'
        AND m.created_at > clock_timestamp() - interval '120 days' LIMIT ${MOST}::int) c
    ) AS pending, (
      SELECT count(*) FROM (SELECT 1 FROM money_back m WHERE m.realm = r.id AND m.kind = k.kind
        AND m.created_at > clock_timestamp() - interval '1 day' LIMIT ${MOST}::int) c
    ) AS begun
    FROM realm r CROSS JOIN unnest(enum_range(NULL::money_back_kind)) k (kind)
  ), calls AS (
    SELECT r.id, count(c.id) AS n, min(c.created_at) AS oldest FROM realm r LEFT JOIN stripe_call c ON c.realm = r.id AND c.state = 'open'
    GROUP BY r.id
  )
  SELECT name, labels, value::float8 AS value FROM (
    SELECT 'credence_oldest_unprocessed_paid_event_age_seconds' AS name, jsonb_build_object('realm', id) AS labels,
      coalesce(extract(epoch FROM clock_timestamp() - oldest_paid), 0) AS value FROM of_realm
    UNION ALL SELECT 'credence_oldest_unprocessed_event_age_seconds', jsonb_build_object('realm', id),
      coalesce(extract(epoch FROM clock_timestamp() - oldest), 0) FROM of_realm
    UNION ALL SELECT 'credence_unprocessed_paid_events', jsonb_build_object('realm', id), paid FROM of_realm
    UNION ALL SELECT 'credence_realm_info', jsonb_build_object('realm', id, 'mode', mode, 'sells', sells::text), 1 FROM of_realm
    UNION ALL SELECT 'credence_events', jsonb_build_object('realm', id, 'status', status), n FROM events
    UNION ALL SELECT 'credence_payments_unfinished', jsonb_build_object('realm', id, 'state', state), n FROM payments
    UNION ALL SELECT 'credence_oldest_unfinished_payment_age_seconds', jsonb_build_object('realm', id, 'state', state),
      coalesce(extract(epoch FROM clock_timestamp() - oldest), 0) FROM payments
    UNION ALL SELECT 'credence_payments_settled_last_hour', jsonb_build_object('realm', r.id), (
      SELECT count(*) FROM (SELECT 1 FROM payment p WHERE p.realm = r.id AND p.state = 'paid'
        AND p.paid_at > clock_timestamp() - interval '1 hour' LIMIT ${MOST}::int) c) FROM realm r
    UNION ALL SELECT 'credence_money_backs_unfinished', jsonb_build_object('realm', id, 'kind', kind), pending FROM money_backs
    UNION ALL SELECT 'credence_money_backs_last_day', jsonb_build_object('realm', id, 'kind', kind), begun FROM money_backs
    UNION ALL SELECT 'credence_stripe_calls_open', jsonb_build_object('realm', id), n FROM calls
    UNION ALL SELECT 'credence_oldest_open_stripe_call_age_seconds', jsonb_build_object('realm', id),
      coalesce(extract(epoch FROM clock_timestamp() - oldest), 0) FROM calls
    UNION ALL SELECT 'credence_catch_up_age_seconds', jsonb_build_object('realm', realm), extract(epoch FROM clock_timestamp() - ran_at) FROM catch_up
    UNION ALL SELECT 'credence_caught_up_events_total', jsonb_build_object('realm', realm), found FROM catch_up
    UNION ALL SELECT 'credence_findings_open', jsonb_build_object('realm', realm, 'kind', kind), count(*)
      FROM finding WHERE resolved_at IS NULL GROUP BY realm, kind
  ) facts`;

/** Of each book: whether the ledger holds, what it gave, and what is told of it to the product. */
export const CREDIT_FACTS = Prisma.sql`
  WITH verified AS (
    SELECT b.id AS book, d.faults, d.recorded_at FROM book b
    CROSS JOIN LATERAL (SELECT faults, recorded_at FROM day_root WHERE book = b.id ORDER BY day DESC LIMIT 1) d
  ), drifts AS (
    SELECT count(*) AS n FROM ledger_drift WHERE seen_at > clock_timestamp() - interval '1 day'
  ), sendings AS (
    SELECT b.id AS book, s.state, f.n, f.oldest FROM book b CROSS JOIN unnest('{pending,failed}'::sending_state[]) s (state)
    CROSS JOIN LATERAL (
      SELECT count(*) AS n, min(c.created_at) AS oldest FROM (
        SELECT o.created_at FROM sending o JOIN endpoint e ON e.id = o.endpoint
        WHERE e.book = b.id AND o.state = s.state AND o.state <> 'sent' LIMIT ${MOST}::int) c
    ) f
  )
  SELECT name, labels, value::float8 AS value FROM (
    SELECT 'credence_ledger_consistent' AS name, jsonb_build_object('book', book) AS labels, (faults = 0 AND drifts.n = 0)::int AS value
      FROM verified, drifts
    UNION ALL SELECT 'credence_ledger_faults', jsonb_build_object('book', book), faults FROM verified
    UNION ALL SELECT 'credence_ledger_verification_age_seconds', jsonb_build_object('book', book),
      extract(epoch FROM clock_timestamp() - recorded_at) FROM verified
    UNION ALL SELECT 'credence_ledger_drifts', '{}', n FROM drifts
    UNION ALL SELECT 'credence_credits_granted', jsonb_build_object('book', b.id),
      coalesce((SELECT abs(sum(amount)) FROM book_total t WHERE t.book = b.id AND t.account::text LIKE 'issued.%'), 0) FROM book b
    UNION ALL SELECT 'credence_outgoing_sendings', jsonb_build_object('book', book, 'state', state), n FROM sendings
    UNION ALL SELECT 'credence_oldest_pending_sending_age_seconds', jsonb_build_object('book', book),
      coalesce(extract(epoch FROM clock_timestamp() - oldest), 0) FROM sendings WHERE state = 'pending'
    UNION ALL SELECT 'credence_outgoing_endpoints', jsonb_build_object('book', b.id, 'state', s.state),
      (SELECT count(*) FROM endpoint e WHERE e.book = b.id AND e.state = s.state)
      FROM book b CROSS JOIN unnest('{on,off,disabled}'::endpoint_state[]) s (state)
    UNION ALL SELECT 'credence_paused', jsonb_build_object('book', book, 'work', work), (paused_at IS NOT NULL)::int FROM pause_switch
  ) facts`;

/** Jobs, mails and alerts. */
export const QUEUE_FACTS = Prisma.sql`
  WITH jobs AS MATERIALIZED (
    SELECT CASE WHEN attempts >= max_attempts AND locked_at IS NULL THEN 'failed' WHEN locked_at IS NOT NULL THEN 'running'
      WHEN run_at <= clock_timestamp() THEN 'ready' WHEN attempts > 0 THEN 'retrying' ELSE 'scheduled' END AS state, run_at
    FROM graphile_worker._private_jobs LIMIT ${MOST}::int
  )
  SELECT name, labels, value::float8 AS value FROM (
    SELECT 'credence_jobs' AS name, jsonb_build_object('state', s.state) AS labels, (SELECT count(*) FROM jobs WHERE jobs.state = s.state) AS value
      FROM unnest('{ready,running,scheduled,retrying,failed}'::text[]) s (state)
    UNION ALL SELECT 'credence_oldest_ready_job_age_seconds', '{}',
      coalesce(extract(epoch FROM clock_timestamp() - min(run_at)), 0) FROM jobs WHERE state = 'ready'
    UNION ALL SELECT 'credence_mails', '{"state": "queued"}', count(*) FROM (SELECT 1 FROM mail WHERE state = 'queued' LIMIT ${MOST}::int) q
    UNION ALL SELECT 'credence_mails', '{"state": "failed"}', count(*)
      FROM mail WHERE state = 'failed' AND created_at > clock_timestamp() - interval '1 day'
    UNION ALL SELECT 'credence_alerts', jsonb_build_object('kind', kind), count(*) FROM alert WHERE state = 'open' GROUP BY kind
  ) facts`;
