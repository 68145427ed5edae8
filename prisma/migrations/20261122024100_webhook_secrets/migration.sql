-- AlterTable
ALTER TABLE "event" ADD COLUMN     "secret" TEXT;

-- CreateTable
CREATE TABLE "webhook_secret" (
    "realm" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "first_seen_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    "proven_at" TIMESTAMPTZ(6),
    "proven_by" TEXT,

    CONSTRAINT "webhook_secret_pkey" PRIMARY KEY ("realm","fingerprint")
);

-- AddForeignKey
ALTER TABLE "webhook_secret" ADD CONSTRAINT "webhook_secret_realm_fkey" FOREIGN KEY ("realm") REFERENCES "realm"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- A secret is proven by an event, and stays proven.
ALTER TABLE "webhook_secret" ADD CONSTRAINT "webhook_secret_proven" CHECK (("proven_at" IS NULL) = ("proven_by" IS NULL));

-- As before, and the event says by which secret it came: one that was never seen has to be proven.
CREATE FUNCTION inbox_receive(
  p_realm text, p_id text, p_type text, p_object_id text, p_api_version text, p_account text, p_created timestamptz, p_payload text,
  p_sha bytea, p_known boolean, p_path text, p_ip text, p_agent text, p_secret smallint, p_bytes int, p_ms real, p_request_id text, p_fingerprint text
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_verdict delivery_verdict := 'first';
  v_sha bytea;
  v_status event_status;
  v_started timestamptz := clock_timestamp();
BEGIN
  IF p_fingerprint IS NOT NULL AND NOT EXISTS (SELECT FROM webhook_secret WHERE realm = p_realm AND fingerprint = p_fingerprint) THEN
    INSERT INTO webhook_secret (realm, fingerprint) VALUES (p_realm, p_fingerprint) ON CONFLICT DO NOTHING;
  END IF;
  INSERT INTO event (realm, id, type, object_id, api_version, account, created, payload, sha, secret, status, decision, reason, decided_at)
  VALUES (p_realm, p_id, p_type, p_object_id, p_api_version, p_account, p_created, p_payload, p_sha, p_fingerprint,
    CASE WHEN p_known THEN 'queued' ELSE 'done' END::event_status, CASE WHEN p_known THEN NULL ELSE 'ignored' END::event_decision,
    CASE WHEN p_known THEN NULL ELSE 'unhandled_type' END, CASE WHEN p_known THEN NULL ELSE clock_timestamp() END)
  ON CONFLICT (realm, id) DO NOTHING;
  IF NOT FOUND THEN
    v_verdict := 'repeat';
    -- What was read from Stripe's list is written otherwise than what is delivered.
    SELECT sha INTO v_sha FROM event WHERE realm = p_realm AND id = p_id AND source = 'delivery';
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

-- What still calls it without the secret is a process of the release before this one, while it is replaced.
CREATE OR REPLACE FUNCTION inbox_receive(
  p_realm text, p_id text, p_type text, p_object_id text, p_api_version text, p_account text, p_created timestamptz, p_payload text,
  p_sha bytea, p_known boolean, p_path text, p_ip text, p_agent text, p_secret smallint, p_bytes int, p_ms real, p_request_id text
) RETURNS text LANGUAGE sql AS $$
  SELECT inbox_receive(p_realm, p_id, p_type, p_object_id, p_api_version, p_account, p_created, p_payload, p_sha, p_known, p_path,
    p_ip, p_agent, p_secret, p_bytes, p_ms, p_request_id, NULL);
$$;
