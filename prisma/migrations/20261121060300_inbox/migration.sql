-- ── The inbox ──────────────────────────────────────────────────────────────────────────────────────

-- Stores one verified delivery and its event in one autocommit call, and never waits for the row that a worker holds.
-- A repeat makes a waiting event due now, unless a try of it runs, and starts a new run of a dead one. The first body of
-- an id is kept.
CREATE FUNCTION inbox_receive(
  p_realm text, p_id text, p_type text, p_object_id text, p_api_version text, p_account text, p_created timestamptz, p_payload text,
  p_sha bytea, p_known boolean, p_path text, p_ip text, p_agent text, p_secret smallint, p_bytes int, p_ms real, p_request_id text
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_verdict delivery_verdict := 'first';
  v_sha bytea;
  v_status event_status;
  v_started timestamptz := clock_timestamp();
BEGIN
  INSERT INTO event (realm, id, type, object_id, api_version, account, created, payload, sha, status, decision, reason, decided_at)
  VALUES (p_realm, p_id, p_type, p_object_id, p_api_version, p_account, p_created, p_payload, p_sha,
    CASE WHEN p_known THEN 'queued' ELSE 'done' END::event_status, CASE WHEN p_known THEN NULL ELSE 'ignored' END::event_decision,
    CASE WHEN p_known THEN NULL ELSE 'unhandled_type' END, CASE WHEN p_known THEN NULL ELSE clock_timestamp() END)
  ON CONFLICT (realm, id) DO NOTHING;
  IF NOT FOUND THEN
    v_verdict := 'repeat';
    SELECT sha INTO v_sha FROM event WHERE realm = p_realm AND id = p_id;
    IF v_sha <> p_sha THEN v_verdict := 'conflict'; END IF;
    SELECT status INTO v_status FROM event
      WHERE realm = p_realm AND id = p_id AND status IN ('waiting', 'dead') FOR UPDATE SKIP LOCKED;
    IF v_status = 'waiting' THEN
      -- A try that reads from Stripe holds no lock; claimed_at alone says that it runs.
      UPDATE event SET due_at = clock_timestamp() WHERE realm = p_realm AND id = p_id AND waits_for IS NULL AND reason IS NOT NULL
        AND (claimed_at IS NULL OR claimed_at < clock_timestamp() - interval '30 seconds');
    ELSIF v_status = 'dead' THEN
      UPDATE event SET status = 'queued', reason = NULL, run = run + 1, tries = 0, first_try_at = NULL, claimed_at = NULL, decided_at = NULL, due_at = clock_timestamp()
        WHERE realm = p_realm AND id = p_id;
    END IF;
  END IF;
  INSERT INTO delivery (realm, event, event_type, verdict, status, path, ip, agent, api_version, secret, bytes, ms, request_id)
  VALUES (p_realm, p_id, p_type, v_verdict, 200, p_path, p_ip, p_agent, p_api_version, p_secret, p_bytes,
    p_ms + extract(epoch FROM clock_timestamp() - v_started) * 1000, p_request_id);
  RETURN v_verdict;
END $$;

-- Takes up to p_limit due events for 30 seconds; a claim that is not decided by then is due again, and the try counts.
CREATE FUNCTION inbox_claim(p_limit int)
RETURNS TABLE (realm_id text, event_id text, event_run int, try int) LANGUAGE sql AS $$
  -- Materialized: joined directly, the limited list could be run again for each row and take more than p_limit.
  WITH due AS MATERIALIZED (
    SELECT realm, id FROM event WHERE status IN ('queued', 'waiting') AND due_at <= clock_timestamp()
    ORDER BY due_at LIMIT p_limit FOR UPDATE SKIP LOCKED
  )
  UPDATE event e SET tries = e.tries + 1, due_at = clock_timestamp() + interval '30 seconds', claimed_at = clock_timestamp(),
    first_try_at = coalesce(e.first_try_at, clock_timestamp())
  FROM due
  WHERE e.realm = due.realm AND e.id = due.id
  RETURNING e.realm, e.id, e.run, e.tries $$;
