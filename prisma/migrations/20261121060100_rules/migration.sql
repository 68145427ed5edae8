-- ── Rules that Prisma's schema cannot express ──────────────────────────────────────────────────────

INSERT INTO book (id) VALUES ('test'), ('live');

-- Append-only tables refuse every change, also to their owner and in replication role. Corrections are new rows.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% refuses this %: history is corrected by new rows', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER transfer_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON transfer FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE transfer ENABLE ALWAYS TRIGGER transfer_append_only;
CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE entry ENABLE ALWAYS TRIGGER entry_append_only;
CREATE TRIGGER hold_part_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON hold_part FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE hold_part ENABLE ALWAYS TRIGGER hold_part_append_only;
CREATE TRIGGER payment_change_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payment_change FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE payment_change ENABLE ALWAYS TRIGGER payment_change_append_only;
CREATE TRIGGER catalog_version_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON catalog_version FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER catalog_price_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON catalog_price FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Wallets, lots, holds and claims are projections of the entries: they change, but never vanish, and what they are never changes.
CREATE TRIGGER wallet_stays BEFORE DELETE OR TRUNCATE OR UPDATE OF id, book, customer, created_at ON wallet FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE wallet ENABLE ALWAYS TRIGGER wallet_stays;
CREATE TRIGGER lot_stays BEFORE DELETE OR TRUNCATE
  OR UPDATE OF id, wallet, kind, priority, promo, expires_at, granted, payment, paid_minor, currency, parent_lot, created_at
  ON lot FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE lot ENABLE ALWAYS TRIGGER lot_stays;
CREATE TRIGGER hold_stays BEFORE DELETE OR TRUNCATE OR UPDATE OF id, wallet, amount, expires_at, created_at ON hold FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE hold ENABLE ALWAYS TRIGGER hold_stays;
CREATE TRIGGER claim_stays BEFORE DELETE OR TRUNCATE OR UPDATE OF payment, wallet, granted ON claim FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE claim ENABLE ALWAYS TRIGGER claim_stays;

-- Deliveries leave by retention (DELETE), never by edit.
CREATE TRIGGER delivery_append_only BEFORE UPDATE OR TRUNCATE ON delivery FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- An audit row changes only by losing its body; the digest stays, so the chain still verifies.
CREATE FUNCTION audit_redact_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.body IS NOT NULL OR (to_jsonb(NEW) - 'body') IS DISTINCT FROM (to_jsonb(OLD) - 'body') THEN
    RAISE EXCEPTION 'audit is append-only: only its body can be redacted' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_redact BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION audit_redact_only();
ALTER TABLE audit ENABLE ALWAYS TRIGGER audit_redact;
CREATE TRIGGER audit_append_only BEFORE DELETE OR TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE audit ENABLE ALWAYS TRIGGER audit_append_only;

-- No account of a wallet or a lot is ever negative, and a lot never holds more than was granted.
ALTER TABLE wallet
  ADD CONSTRAINT wallet_not_negative CHECK (available >= 0 AND held >= 0 AND claimed >= 0 AND debt >= 0),
  ADD CONSTRAINT wallet_seq_not_negative CHECK (seq >= 0),
  SET (fillfactor = 70);
ALTER TABLE lot
  ADD CONSTRAINT lot_not_negative CHECK (granted > 0 AND available >= 0 AND held >= 0 AND claimed >= 0 AND revoked >= 0 AND expired >= 0 AND moved >= 0),
  ADD CONSTRAINT lot_within_granted CHECK (available + held + claimed + revoked + expired + moved <= granted),
  ADD CONSTRAINT lot_closed_is_empty CHECK (open OR (available = 0 AND held = 0 AND claimed = 0)),
  SET (fillfactor = 70);
ALTER TABLE transfer ADD CONSTRAINT transfer_amount_positive CHECK (amount > 0);
-- Sum zero by construction: each entry takes from one account exactly what it gives to another.
ALTER TABLE entry
  ADD CONSTRAINT entry_amount_positive CHECK (amount > 0),
  ADD CONSTRAINT entry_two_accounts CHECK ("from" <> "to"),
  -- Only debt moves without a lot; else the sum of the lots drifts from the wallet.
  ADD CONSTRAINT entry_names_lot CHECK (lot IS NOT NULL OR ("from" NOT IN ('available', 'held', 'claimed') AND "to" NOT IN ('available', 'held', 'claimed'))),
  ADD CONSTRAINT entry_after_not_negative CHECK (available_after >= 0 AND held_after >= 0 AND claimed_after >= 0 AND debt_after >= 0),
  ADD CONSTRAINT entry_lot_after CHECK (
    (lot IS NULL AND lot_available_after IS NULL AND lot_held_after IS NULL AND lot_claimed_after IS NULL)
    OR (lot IS NOT NULL AND lot_available_after >= 0 AND lot_held_after >= 0 AND lot_claimed_after >= 0)),
  ADD CONSTRAINT entry_seq_positive CHECK (seq > 0);
ALTER TABLE hold ADD CONSTRAINT hold_amount_positive CHECK (amount > 0), ADD CONSTRAINT hold_expires_later CHECK (expires_at > created_at);
ALTER TABLE hold_part ADD CONSTRAINT hold_part_amount_positive CHECK (amount > 0);
ALTER TABLE claim ADD CONSTRAINT claim_within_granted CHECK (granted > 0 AND 0 <= t_gone AND t_gone <= t_all AND t_all <= granted);
ALTER TABLE claim ADD CONSTRAINT claim_payment_fkey FOREIGN KEY (payment) REFERENCES payment (id) ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE lot ADD CONSTRAINT lot_payment_fkey FOREIGN KEY (payment) REFERENCES payment (id) ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE transfer ADD CONSTRAINT transfer_payment_fkey FOREIGN KEY (payment) REFERENCES payment (id) ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE transfer ADD CONSTRAINT transfer_hold_fkey FOREIGN KEY (hold) REFERENCES hold (id) ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE payment
  ADD CONSTRAINT payment_amounts CHECK (
    credits > 0 AND quantity > 0 AND amount_subtotal >= 0
    AND (amount_paid IS NULL OR amount_paid >= 0) AND (amount_discount IS NULL OR amount_discount >= 0) AND (amount_tax IS NULL OR amount_tax >= 0)),
  -- A paid payment names the money that settled it and when.
  ADD CONSTRAINT payment_paid_has_money CHECK (state <> 'paid' OR (paid_at IS NOT NULL AND amount_paid IS NOT NULL AND (money_object IS NOT NULL OR kind = 'offline'))),
  ADD CONSTRAINT payment_review_has_reason CHECK (state <> 'review' OR review_reason IS NOT NULL),
  ADD CONSTRAINT payment_currency_lower CHECK (currency = lower(currency) AND length(currency) = 3);
-- A customer's open page never holds two sessions of one payment: one payment, one session (unique above).

-- State ranks: a payment only rises. created < open < processing < expired = canceled = failed < review < paid.
CREATE FUNCTION payment_rank(s payment_state) RETURNS smallint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE s WHEN 'created' THEN 0 WHEN 'open' THEN 1 WHEN 'processing' THEN 2
    WHEN 'expired' THEN 3 WHEN 'canceled' THEN 3 WHEN 'failed' THEN 3 WHEN 'review' THEN 4 WHEN 'paid' THEN 5 END::smallint $$;
CREATE FUNCTION payment_state_rises() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> OLD.state AND payment_rank(NEW.state) <= payment_rank(OLD.state) THEN
    RAISE EXCEPTION 'payment % cannot move from % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.id, NEW.kind, NEW.catalog_version, NEW.credits, NEW.currency, NEW.amount_subtotal, NEW.realm, NEW.customer, NEW.quantity) IS DISTINCT FROM
     (OLD.id, OLD.kind, OLD.catalog_version, OLD.credits, OLD.currency, OLD.amount_subtotal, OLD.realm, OLD.customer, OLD.quantity) THEN
    RAISE EXCEPTION 'payment %: the snapshot of what was sold cannot change', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state = 'paid' AND (NEW.amount_paid, NEW.money_object, NEW.paid_at) IS DISTINCT FROM (OLD.amount_paid, OLD.money_object, OLD.paid_at) THEN
    RAISE EXCEPTION 'payment %: what was paid cannot change', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER payment_rises BEFORE UPDATE ON payment FOR EACH ROW EXECUTE FUNCTION payment_state_rises();

ALTER TABLE money_back ADD CONSTRAINT money_back_amount_positive CHECK (amount > 0);
ALTER TABLE stripe_call
  ADD CONSTRAINT stripe_call_attempt_positive CHECK (attempt > 0 AND sends >= 0),
  ADD CONSTRAINT stripe_call_key_is_row_and_attempt CHECK (key = purpose || '.' || attempt),
  ADD CONSTRAINT stripe_call_succeeded_has_object CHECK (state <> 'succeeded' OR object_id IS NOT NULL);
ALTER TABLE catalog_version ADD CONSTRAINT catalog_version_positive CHECK (credits > 0 AND n > 0 AND (expires_days IS NULL OR expires_days > 0));
ALTER TABLE catalog_price ADD CONSTRAINT catalog_price_positive CHECK (amount > 0 AND currency = lower(currency) AND length(currency) = 3);
ALTER TABLE event ADD CONSTRAINT event_decided CHECK ((status = 'done') = (decision IS NOT NULL));
ALTER TABLE "user" ADD CONSTRAINT user_email_lower CHECK (email = lower(btrim(email)));

-- ── The audit's one writer ─────────────────────────────────────────────────────────────────────────

-- The hash of an audit row, version 1: over the digest of its body, not the body, so that a body can be redacted.
CREATE FUNCTION audit_row_hash(prev bytea, a audit) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT sha256(coalesce(prev, ''::bytea) || convert_to(json_build_array('v1', a.seq, extract(epoch FROM a.at), a.actor, a.act, a.subject,
    a.reason, a.realm, a.request_id, encode(a.body_digest, 'hex'))::text, 'UTF8')) $$;

-- Appends under one lock, so that the chain has no forks. Returns the row's number. The lock is kept to the end of the
-- transaction: callers append last, after every row lock of theirs.
CREATE FUNCTION audit_append(p_actor text, p_act text, p_subject text, p_reason text, p_realm text, p_request_id text, p_body jsonb)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  a audit%ROWTYPE;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('credence audit', 0));
  a.seq := nextval(pg_get_serial_sequence('audit', 'seq'));
  a.at := clock_timestamp();
  a.actor := p_actor;
  a.act := p_act;
  a.subject := p_subject;
  a.reason := p_reason;
  a.realm := p_realm;
  a.request_id := p_request_id;
  a.body := p_body;
  a.body_digest := sha256(convert_to(coalesce(p_body::text, ''), 'UTF8'));
  a.hash := audit_row_hash((SELECT hash FROM audit ORDER BY seq DESC LIMIT 1), a);
  INSERT INTO audit SELECT a.*;
  RETURN a.seq;
END $$;

-- Recomputes the chain and names the first broken row, if any. A redacted body is no fault: its digest stays.
CREATE FUNCTION audit_verify() RETURNS TABLE (broken_seq bigint, fault text) LANGUAGE sql STABLE AS $$
  SELECT f.seq, f.fault FROM (
    SELECT a.seq, CASE
      WHEN a.body_digest <> sha256(convert_to(a.body::text, 'UTF8')) THEN 'body differs from its digest'
      WHEN a.hash <> audit_row_hash(lag(a.hash) OVER (ORDER BY a.seq), a) THEN 'hash does not follow'
      END AS fault
    FROM audit a) f
  WHERE f.fault IS NOT NULL ORDER BY f.seq LIMIT 1 $$;
