-- CreateEnum
CREATE TYPE "endpoint_state" AS ENUM ('on', 'off', 'disabled', 'removed');

-- CreateEnum
CREATE TYPE "sending_state" AS ENUM ('pending', 'sent', 'failed', 'canceled');

-- CreateTable
CREATE TABLE "message" (
    "id" TEXT NOT NULL,
    "book" "mode" NOT NULL,
    "type" TEXT NOT NULL,
    "customer" TEXT,
    "cause" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "message_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "endpoint" (
    "id" TEXT NOT NULL,
    "book" "mode" NOT NULL,
    "url" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "types" TEXT[],
    "state" "endpoint_state" NOT NULL DEFAULT 'on',
    "reason" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "failing_since" TIMESTAMPTZ(6),

    CONSTRAINT "endpoint_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "endpoint_secret" (
    "endpoint" TEXT NOT NULL,
    "n" INTEGER NOT NULL,
    "secret" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    "expires_at" TIMESTAMPTZ(6),

    CONSTRAINT "endpoint_secret_pkey" PRIMARY KEY ("endpoint","n")
);

-- CreateTable
CREATE TABLE "sending" (
    "id" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "endpoint" TEXT NOT NULL,
    "n" INTEGER NOT NULL DEFAULT 1,
    "replay_of" TEXT,
    "actor" TEXT,
    "state" "sending_state" NOT NULL DEFAULT 'pending',
    "tries" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    "due_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    "claimed_until" TIMESTAMPTZ(6),
    "ended_at" TIMESTAMPTZ(6),

    CONSTRAINT "sending_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sending_try" (
    "sending" TEXT NOT NULL,
    "n" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "ms" INTEGER NOT NULL,
    "status" SMALLINT,
    "error" TEXT,
    "answer" TEXT,

    CONSTRAINT "sending_try_pkey" PRIMARY KEY ("sending","n")
);

-- CreateIndex
CREATE INDEX "message_book_at_id_idx" ON "message"("book", "at", "id");

-- CreateIndex
CREATE INDEX "message_customer_at_idx" ON "message"("customer", "at");

-- CreateIndex
CREATE UNIQUE INDEX "message_cause_type_key" ON "message"("cause", "type");

-- CreateIndex
CREATE INDEX "endpoint_book_state_idx" ON "endpoint"("book", "state");

-- CreateIndex
CREATE UNIQUE INDEX "endpoint_secret_in_force" ON "endpoint_secret"("endpoint") WHERE (expires_at IS NULL);

-- CreateIndex
CREATE INDEX "sending_due" ON "sending"("endpoint", "due_at", "id") WHERE (state = 'pending'::sending_state);

-- CreateIndex
CREATE INDEX "sending_endpoint_id_idx" ON "sending"("endpoint", "id");

-- CreateIndex
CREATE INDEX "sending_given_up" ON "sending"("endpoint", "ended_at") WHERE (state = 'failed'::sending_state);

-- CreateIndex
CREATE INDEX "sending_replay_of_idx" ON "sending"("replay_of");

-- CreateIndex
CREATE UNIQUE INDEX "sending_message_endpoint_n_key" ON "sending"("message", "endpoint", "n");

-- AddForeignKey
ALTER TABLE "message" ADD CONSTRAINT "message_customer_fkey" FOREIGN KEY ("customer") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "endpoint_secret" ADD CONSTRAINT "endpoint_secret_endpoint_fkey" FOREIGN KEY ("endpoint") REFERENCES "endpoint"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sending" ADD CONSTRAINT "sending_message_fkey" FOREIGN KEY ("message") REFERENCES "message"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sending" ADD CONSTRAINT "sending_endpoint_fkey" FOREIGN KEY ("endpoint") REFERENCES "endpoint"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sending" ADD CONSTRAINT "sending_replay_of_fkey" FOREIGN KEY ("replay_of") REFERENCES "sending"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sending_try" ADD CONSTRAINT "sending_try_sending_fkey" FOREIGN KEY ("sending") REFERENCES "sending"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ── Rules that Prisma's schema cannot express ──────────────────────────────────────────────────────

CREATE TRIGGER message_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON message FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER sending_try_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON sending_try FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
-- What was sent to whom, and who asked for it, stays; what has ended stays ended: a replay is another row.
CREATE TRIGGER sending_stays BEFORE DELETE OR TRUNCATE OR UPDATE OF id, message, endpoint, n, replay_of, actor, created_at
  ON sending FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER sending_ends_once BEFORE UPDATE ON sending FOR EACH ROW WHEN (OLD.state <> 'pending') EXECUTE FUNCTION refuse_change();
-- An endpoint never changes its book, and one that was removed stays so, for its log's sake.
CREATE TRIGGER endpoint_stays BEFORE DELETE OR TRUNCATE OR UPDATE OF id, book, created_at ON endpoint FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER endpoint_is_removed_once BEFORE UPDATE ON endpoint FOR EACH ROW WHEN (OLD.state = 'removed') EXECUTE FUNCTION refuse_change();

ALTER TABLE message ADD CONSTRAINT message_data_is_object CHECK (jsonb_typeof(data) = 'object');
ALTER TABLE endpoint
  ADD CONSTRAINT endpoint_disabled_has_reason CHECK ((state = 'disabled') = (reason IS NOT NULL)),
  ADD CONSTRAINT endpoint_types_known CHECK (types IS NOT NULL),
  ADD CONSTRAINT endpoint_url_is_http CHECK (url ~ '^https?://');
ALTER TABLE endpoint_secret ADD CONSTRAINT endpoint_secret_format CHECK (n > 0 AND secret ~ '^whsec_[A-Za-z0-9+/]+=*$');
ALTER TABLE sending
  ADD CONSTRAINT sending_counts CHECK (n > 0 AND tries >= 0),
  ADD CONSTRAINT sending_ended CHECK ((state = 'pending') = (ended_at IS NULL) AND (state = 'pending' OR claimed_until IS NULL)),
  -- Whoever wants it once more is named.
  ADD CONSTRAINT sending_replay CHECK ((n = 1) = (replay_of IS NULL) AND (n = 1 OR actor IS NOT NULL));
ALTER TABLE sending_try
  ADD CONSTRAINT sending_try_has_result CHECK ((status IS NULL) <> (error IS NULL)),
  ADD CONSTRAINT sending_try_bounds CHECK (n > 0 AND ms >= 0 AND length(answer) <= 500);

-- ── Messages ───────────────────────────────────────────────────────────────────────────────────────
-- Each is told by a deferred trigger of the row that causes it: at commit, with the balances that the whole transaction leaves, and in that
-- transaction, so that it stands or falls with the effect. Conditions and not functions decide which rows are told of: they are weighed as a
-- row is written, so that a spend, hold, capture or release pays for no call. What each type carries is held by modules/outbox/shared.ts.

-- A time as the product reads it: UTC, milliseconds. Null for what never comes.
CREATE FUNCTION outbox_time(p_at timestamptz) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN isfinite(p_at) THEN to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') END $$;

-- What a wallet holds, as the API would answer.
CREATE FUNCTION outbox_balance(w wallet) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object('balance', jsonb_build_object('available', b.available, 'held', b.held, 'claimed', b.claimed, 'debt', b.debt, 'seq', b.seq))
  FROM ledger_balance(w.book, w.customer, NULL) b $$;

-- Where credits come from and until when they live.
CREATE FUNCTION outbox_lot(l lot) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object('lot', l.id, 'kind', l.kind, 'payment', l.payment, 'expires_at', outbox_time(l.expires_at)) $$;

-- Writes a message, once per cause and type; what is on its way to each endpoint of the book that wants it; and the jobs that send it. Jobs
-- without a key are inserted alone: they wait for nobody.
CREATE FUNCTION outbox_tell(p_book mode, p_type text, p_customer text, p_cause text, p_data jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_message text := 'msg_' || replace(uuidv7()::text, '-', '');
  v_sending text;
BEGIN
  INSERT INTO message (id, book, type, customer, cause, data)
  SELECT v_message, p_book, p_type, c.id, p_cause, jsonb_build_object('book', p_book, 'customer', c.id, 'external_id', c.external_id) || p_data
  FROM customer c WHERE c.id = p_customer
  ON CONFLICT (cause, type) DO NOTHING;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  FOR v_sending IN
    INSERT INTO sending (id, message, endpoint)
    SELECT 'snd_' || replace(uuidv7()::text, '-', ''), v_message, e.id FROM endpoint e
    WHERE e.book = p_book AND e.state = 'on' AND (e.types = '{}' OR p_type = ANY (e.types))
    RETURNING id
  LOOP
    PERFORM graphile_worker.add_job('outbox.send', json_build_object('sendingId', v_sending));
  END LOOP;
END $$;

CREATE FUNCTION outbox_payment_paid() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  p record;
BEGIN
  SELECT y.*, r.mode AS book, i.code AS item INTO STRICT p FROM payment y JOIN realm r ON r.id = y.realm
    LEFT JOIN catalog_version v ON v.id = y.catalog_version LEFT JOIN catalog_item i ON i.id = v.item WHERE y.id = NEW.payment;
  PERFORM outbox_tell(p.book, 'payment.settled', p.customer, p.id, jsonb_build_object('payment', p.id, 'kind', p.kind, 'item', p.item,
    'quantity', p.quantity, 'credits', p.credits, 'amount', p.amount_paid, 'currency', p.currency, 'paid_at', outbox_time(p.paid_at)));
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER outbox_payment_paid AFTER INSERT ON payment_change DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW."to" = 'paid') EXECUTE FUNCTION outbox_payment_paid();

-- A transfer without an entry moved nothing: it is a fault for verify to find, and no message.
-- A grant tells how much of it repaid a debt at once: those transfers carry its time.
CREATE FUNCTION outbox_grant() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  w wallet;
  l lot;
BEGIN
  SELECT * INTO STRICT w FROM wallet WHERE id = NEW.wallet;
  SELECT o.* INTO l FROM entry e JOIN lot o ON o.id = e.lot WHERE e.transfer = NEW.id;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  PERFORM outbox_tell(NEW.book, 'credits.granted', w.customer, NEW.id, outbox_lot(l) || outbox_balance(w) || jsonb_build_object('transfer', NEW.id,
    'amount', NEW.amount, 'reason', NEW.reason, 'repaid_debt', (SELECT coalesce(sum(y.amount), 0) FROM transfer y
      WHERE y.wallet = w.id AND y.recorded_at = NEW.recorded_at AND y.kind = 'repay')));
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER outbox_grant AFTER INSERT ON transfer DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.kind = 'grant') EXECUTE FUNCTION outbox_grant();

CREATE FUNCTION outbox_expire() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  w wallet;
  l lot;
BEGIN
  SELECT * INTO STRICT w FROM wallet WHERE id = NEW.wallet;
  SELECT o.* INTO l FROM entry e JOIN lot o ON o.id = e.lot WHERE e.transfer = NEW.id;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  PERFORM outbox_tell(NEW.book, 'credits.expired', w.customer, NEW.id, outbox_lot(l) || outbox_balance(w) || jsonb_build_object('transfer', NEW.id,
    'amount', NEW.amount));
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER outbox_expire AFTER INSERT ON transfer DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.kind = 'expire') EXECUTE FUNCTION outbox_expire();

-- A person's correction. Why it was made is for staff.
CREATE FUNCTION outbox_adjust() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  w wallet;
  e entry;
BEGIN
  SELECT * INTO STRICT w FROM wallet WHERE id = NEW.wallet;
  SELECT * INTO e FROM entry o WHERE o.transfer = NEW.id ORDER BY o.seq LIMIT 1;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  PERFORM outbox_tell(NEW.book, 'credits.adjusted', w.customer, NEW.id, outbox_balance(w) || jsonb_build_object('transfer', NEW.id, 'amount', NEW.amount,
    'direction', CASE e."to" WHEN 'available' THEN 'added' ELSE 'subtracted' END));
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER outbox_adjust AFTER INSERT ON transfer DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.kind = 'adjust') EXECUTE FUNCTION outbox_adjust();

-- A claim moves a payment's credits between what is available, held back and revoked, in one act and more than one way at once: each account
-- that gained is told of, by what it gained in all. A claim that moved debt alone moved no credits.
CREATE FUNCTION outbox_claim() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  w wallet;
  r record;
BEGIN
  SELECT * INTO STRICT w FROM wallet WHERE id = NEW.wallet;
  FOR r IN
    SELECT m.type, sum(m.amount) AS amount FROM entry e CROSS JOIN LATERAL (VALUES (e."to", e.amount), (e."from", -e.amount)) a (account, amount)
      CROSS JOIN LATERAL (SELECT CASE a.account WHEN 'available' THEN 'credits.restored' WHEN 'claimed' THEN 'credits.held_back'
        WHEN 'revoked.refund' THEN 'credits.revoked' WHEN 'revoked.dispute' THEN 'credits.revoked' END AS type, a.amount) m
    WHERE e.transfer = NEW.id AND m.type IS NOT NULL
    GROUP BY m.type HAVING sum(m.amount) > 0 ORDER BY m.type
  LOOP
    PERFORM outbox_tell(NEW.book, r.type, w.customer, NEW.id, outbox_balance(w) || jsonb_build_object('transfer', NEW.id, 'amount', r.amount,
      'payment', NEW.payment));
  END LOOP;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER outbox_claim AFTER INSERT ON transfer DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.kind = 'claim') EXECUTE FUNCTION outbox_claim();

CREATE FUNCTION outbox_crossing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  w wallet;
  l lot;
BEGIN
  SELECT * INTO STRICT w FROM wallet WHERE id = NEW.wallet;
  CASE NEW.kind
    WHEN 'low' THEN
      PERFORM outbox_tell(w.book, 'balance.low', w.customer, NEW.id, outbox_balance(w) || jsonb_build_object('threshold', NEW.threshold,
        'available', NEW.available));
    WHEN 'depleted' THEN
      PERFORM outbox_tell(w.book, 'balance.depleted', w.customer, NEW.id, outbox_balance(w));
    WHEN 'expiring' THEN
      SELECT * INTO STRICT l FROM lot WHERE id = NEW.lot;
      PERFORM outbox_tell(w.book, 'credits.expiring', w.customer, NEW.id, outbox_lot(l) || outbox_balance(w) || jsonb_build_object('amount', NEW.available));
  END CASE;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER outbox_crossing AFTER INSERT ON crossing DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION outbox_crossing();

-- Holds are booked as expired by whichever act comes first, or by the sweep of what is due.
CREATE FUNCTION outbox_hold_expired() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  w wallet;
  x transfer;
  v_returned bigint;
BEGIN
  SELECT * INTO STRICT w FROM wallet WHERE id = NEW.wallet;
  SELECT coalesce(sum(e.amount) FILTER (WHERE e."to" = 'available'), 0) INTO v_returned FROM transfer y JOIN entry e ON e.transfer = y.id
    WHERE y.hold = NEW.id AND y.kind = 'release';
  SELECT * INTO x FROM transfer WHERE hold = NEW.id AND kind = 'hold';
  PERFORM outbox_tell(w.book, 'hold.expired', w.customer, NEW.id, outbox_balance(w) || jsonb_build_object('hold', NEW.id, 'amount', NEW.amount,
    'returned', v_returned, 'expired', NEW.amount - v_returned, 'expired_at', outbox_time(NEW.expires_at), 'reason', x.reason));
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER outbox_hold_expired AFTER UPDATE ON hold DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.state = 'expired' AND OLD.state <> 'expired') EXECUTE FUNCTION outbox_hold_expired();

-- A refund or dispute tells each status that it comes to.
CREATE FUNCTION outbox_money_back() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  b record;
BEGIN
  SELECT m.*, p.customer, r.mode AS book INTO STRICT b FROM money_back m JOIN payment p ON p.id = m.payment JOIN realm r ON r.id = m.realm
    WHERE m.id = NEW.money_back;
  PERFORM outbox_tell(b.book, b.kind || '.updated', b.customer, b.id || ':' || NEW.n, jsonb_build_object(b.kind::text, b.id, 'payment', b.payment,
    'status', NEW."to", 'amount', b.amount, 'currency', b.currency, 'reason', b.reason)
    || CASE b.kind WHEN 'refund' THEN jsonb_build_object('failure', b.failure) ELSE jsonb_build_object('due_by', outbox_time(b.due_by)) END);
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER outbox_money_back AFTER INSERT ON money_back_change DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW."from" IS DISTINCT FROM NEW."to") EXECUTE FUNCTION outbox_money_back();
