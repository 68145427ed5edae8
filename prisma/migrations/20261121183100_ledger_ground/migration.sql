-- ── What every act of the ledger stands on ─────────────────────────────────────────────────────────
-- An act locks one wallet, takes its time after that lock, books what fell due, decides, and writes: transfer, then per
-- movement an entry with the lot it moved, then the wallet. The wallet travels through the act as a row in memory.

-- The ledger's one clock. Not now(): that is the start of a transaction which may have waited for the wallet.
CREATE FUNCTION ledger_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$ SELECT clock_timestamp() $$;

-- What an act answers. Balances are the wallet's at the end of the act; a replay answers what the act answered.
CREATE TYPE ledger_answer AS (
  outcome text, transfer_id text, wallet_id text, lot_id text, hold_id text, amount bigint, available bigint, held bigint, debt bigint,
  seq bigint, recorded_at timestamptz, hold_state hold_state, hold_expires_at timestamptz);

-- The hash of an entry, version 1: over the hash before it, the entry, its whole transfer and the terms of its lot, as one JSON array (which,
-- unlike joined text, has one reading); a transfer's reason follows as one JSON string. Verify and every writer hash through this one function.
CREATE OR REPLACE FUNCTION ledger_entry_hash(prev bytea, e entry, x transfer, l lot) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT sha256(prev || convert_to(json_build_array('v1',
    e.wallet, e.seq, e.transfer, e."from", e."to", e.lot, e.amount, e.available_after, e.held_after, e.claimed_after, e.debt_after,
    e.lot_available_after, e.lot_held_after, e.lot_claimed_after, extract(epoch FROM e.recorded_at),
    x.id, x.book, x.key, encode(x.body_hash, 'hex'), x.kind, x.wallet, x.amount, x.payment, x.hold, x.actor,
    extract(epoch FROM x.occurred_at), extract(epoch FROM x.recorded_at), x.reverses,
    l.id, l.wallet, l.kind, l.priority, l.promo, extract(epoch FROM l.expires_at), l.granted, l.payment, l.paid_minor, l.currency,
    l.parent_lot, extract(epoch FROM l.created_at))::text || coalesce(to_json(x.reason)::text, ''), 'UTF8')) $$;

-- A customer's wallet in a book, locked; made when it is the first.
CREATE FUNCTION ledger_wallet(p_book mode, p_customer text) RETURNS wallet LANGUAGE plpgsql AS $$
DECLARE
  w wallet;
  v_id text;
BEGIN
  SELECT * INTO w FROM wallet WHERE book = p_book AND customer = p_customer FOR NO KEY UPDATE;
  IF FOUND THEN RETURN w; END IF;
  v_id := 'wal_' || replace(uuidv7()::text, '-', '');
  INSERT INTO wallet (id, book, customer, head) VALUES (v_id, p_book, p_customer, ledger_genesis(v_id, p_book, p_customer))
    ON CONFLICT (book, customer) DO NOTHING;
  SELECT * INTO STRICT w FROM wallet WHERE book = p_book AND customer = p_customer FOR NO KEY UPDATE;
  RETURN w;
END $$;

-- A transfer in memory.
CREATE FUNCTION ledger_draft(
  w wallet, p_at timestamptz, p_key text, p_hash bytea, p_kind transfer_kind, p_amount bigint, p_actor text, p_reason text, p_occurred_at timestamptz,
  p_payment text DEFAULT NULL, p_hold text DEFAULT NULL, p_reverses text DEFAULT NULL
) RETURNS transfer LANGUAGE plpgsql AS $$
DECLARE
  x transfer;
BEGIN
  x.id := 'txf_' || replace(uuidv7()::text, '-', '');
  x.book := w.book;
  x.key := p_key;
  x.body_hash := p_hash;
  x.kind := p_kind;
  x.wallet := w.id;
  x.amount := p_amount;
  x.payment := p_payment;
  x.hold := p_hold;
  x.actor := p_actor;
  x.reason := p_reason;
  x.occurred_at := p_occurred_at;
  x.recorded_at := p_at;
  x.reverses := p_reverses;
  RETURN x;
END $$;

-- Writes a transfer, or answers null when its key stands already.
CREATE FUNCTION ledger_transfer(
  w wallet, p_at timestamptz, p_key text, p_hash bytea, p_kind transfer_kind, p_amount bigint, p_actor text, p_reason text, p_occurred_at timestamptz,
  p_payment text DEFAULT NULL, p_hold text DEFAULT NULL, p_reverses text DEFAULT NULL
) RETURNS transfer LANGUAGE plpgsql AS $$
DECLARE
  x transfer := ledger_draft(w, p_at, p_key, p_hash, p_kind, p_amount, p_actor, p_reason, p_occurred_at, p_payment, p_hold, p_reverses);
BEGIN
  INSERT INTO transfer VALUES (x.*) ON CONFLICT (book, key) DO NOTHING;
  RETURN CASE WHEN FOUND THEN x END;
END $$;

-- Writes a transfer that follows from another act: its key is the ledger's own, so that it stands can only be a fault.
CREATE FUNCTION ledger_consequence(
  w wallet, p_at timestamptz, p_key text, p_kind transfer_kind, p_amount bigint, p_actor text, p_occurred_at timestamptz,
  p_payment text DEFAULT NULL, p_hold text DEFAULT NULL
) RETURNS transfer LANGUAGE plpgsql AS $$
DECLARE
  x transfer := ledger_transfer(w, p_at, p_key, sha256(convert_to(p_key, 'UTF8')), p_kind, p_amount, p_actor, NULL, p_occurred_at, p_payment, p_hold);
BEGIN
  IF x.id IS NULL THEN
    RAISE EXCEPTION 'wallet %: % stands already', w.id, p_key USING ERRCODE = 'CR001';
  END IF;
  RETURN x;
END $$;

-- One movement, in memory: the balances of the wallet and of the lot (null when only debt moves), and an entry chained to the wallet's head.
CREATE FUNCTION ledger_moved(INOUT w wallet, INOUT l lot, x transfer, p_from ledger_account, p_to ledger_account, p_amount bigint, OUT e entry)
LANGUAGE plpgsql AS $$
BEGIN
  w.available := w.available + p_amount * ((p_to = 'available')::int - (p_from = 'available')::int);
  w.held := w.held + p_amount * ((p_to = 'held')::int - (p_from = 'held')::int);
  w.claimed := w.claimed + p_amount * ((p_to = 'claimed')::int - (p_from = 'claimed')::int);
  w.debt := w.debt + p_amount * ((p_to = 'debt')::int - (p_from = 'debt')::int);
  w.seq := w.seq + 1;
  w.last_at := x.recorded_at;
  IF l.id IS NOT NULL THEN
    l.available := l.available + p_amount * ((p_to = 'available')::int - (p_from = 'available')::int);
    l.held := l.held + p_amount * ((p_to = 'held')::int - (p_from = 'held')::int);
    l.claimed := l.claimed + p_amount * ((p_to = 'claimed')::int - (p_from = 'claimed')::int);
    IF p_to = 'expired' THEN
      l.expired := l.expired + p_amount;
    ELSIF x.kind IN ('repay', 'adjust') AND p_from = 'available' THEN
      l.moved := l.moved + p_amount;
    ELSIF p_to IN ('revoked.refund', 'revoked.dispute') THEN
      l.revoked := l.revoked + p_amount;
    ELSIF p_from IN ('revoked.refund', 'revoked.dispute') THEN
      l.revoked := l.revoked - p_amount;
    END IF;
    l.open := l.available + l.held + l.claimed > 0;
    IF p_to = 'available' THEN
      w.due_at := least(w.due_at, l.expires_at);
    END IF;
  END IF;
  e.wallet := w.id;
  e.seq := w.seq;
  e.transfer := x.id;
  e."from" := p_from;
  e."to" := p_to;
  e.lot := l.id;
  e.amount := p_amount;
  e.available_after := w.available;
  e.held_after := w.held;
  e.claimed_after := w.claimed;
  e.debt_after := w.debt;
  e.lot_available_after := l.available;
  e.lot_held_after := l.held;
  e.lot_claimed_after := l.claimed;
  e.recorded_at := x.recorded_at;
  w.head := ledger_entry_hash(w.head, e, x, l);
  e.hash := w.head;
END $$;

-- Writes a lot's counts.
CREATE FUNCTION ledger_put_lot(l lot) RETURNS lot LANGUAGE plpgsql AS $$
BEGIN
  UPDATE lot SET available = l.available, held = l.held, claimed = l.claimed, revoked = l.revoked, expired = l.expired, moved = l.moved,
    open = l.open WHERE id = l.id;
  RETURN l;
END $$;

-- One movement, written.
CREATE PROCEDURE ledger_move(INOUT w wallet, INOUT l lot, x transfer, p_from ledger_account, p_to ledger_account, p_amount bigint)
LANGUAGE plpgsql AS $$
DECLARE
  m record := ledger_moved(w, l, x, p_from, p_to, p_amount);
  e entry := m.e;
BEGIN
  w := m.w;
  l := m.l;
  IF l.id IS NOT NULL THEN
    l := ledger_put_lot(l);
  END IF;
  INSERT INTO entry VALUES (e.*);
END $$;

-- A new lot without a credit in it yet: the movement that fills it follows.
CREATE FUNCTION ledger_new_lot(l lot) RETURNS lot LANGUAGE plpgsql AS $$
BEGIN
  l.id := 'lot_' || replace(uuidv7()::text, '-', '');
  l.available := 0;
  l.held := 0;
  l.claimed := 0;
  l.expired := 0;
  l.moved := 0;
  l.revoked := coalesce(l.revoked, 0);
  l.open := true;
  INSERT INTO lot VALUES (l.*);
  RETURN l;
END $$;

-- Writes the wallet, and the threshold that its available credits crossed downwards.
CREATE FUNCTION ledger_store(w wallet) RETURNS wallet LANGUAGE plpgsql AS $$
DECLARE
  v_before bigint;
  v_low bigint;
BEGIN
  UPDATE wallet SET available = w.available, held = w.held, claimed = w.claimed, debt = w.debt, seq = w.seq, head = w.head, last_at = w.last_at,
    due_at = w.due_at WHERE id = w.id
    RETURNING old.available, (SELECT b.low_balance FROM book b WHERE b.id = w.book) INTO v_before, v_low;
  IF w.available < v_before AND (w.available = 0 OR v_before >= v_low AND w.available < v_low) THEN
    INSERT INTO crossing (id, wallet, kind, threshold, available, seq, at)
    VALUES ('crs_' || replace(uuidv7()::text, '-', ''), w.id, CASE WHEN w.available = 0 THEN 'depleted'::crossing_kind ELSE 'low' END,
      CASE WHEN w.available = 0 THEN 0 ELSE v_low END, w.available, w.seq, w.last_at);
  END IF;
  RETURN w;
END $$;

-- Ends the parts of a hold in order: the first p_capture credits are spent, the rest returns to its lots, or expires with those that died
-- before p_at. Adds the payments whose lots were touched.
CREATE PROCEDURE ledger_end_hold(INOUT w wallet, INOUT p_touched text[], x transfer, h hold, p_capture bigint, p_at timestamptz)
LANGUAGE plpgsql AS $$
DECLARE
  r record;
  l lot;
  v_left bigint := p_capture;
  v_part bigint;
BEGIN
  FOR r IN SELECT p.lot, p.amount FROM hold_part p WHERE p.hold = h.id ORDER BY p.n LOOP
    SELECT * INTO STRICT l FROM lot WHERE id = r.lot;
    v_part := least(r.amount, v_left);
    v_left := v_left - v_part;
    IF v_part > 0 THEN
      CALL ledger_move(w, l, x, 'held', 'spent', v_part);
    END IF;
    IF r.amount > v_part THEN
      CALL ledger_move(w, l, x, 'held', CASE WHEN l.expires_at > p_at THEN 'available'::ledger_account ELSE 'expired' END, r.amount - v_part);
    END IF;
    IF l.payment IS NOT NULL THEN
      p_touched := p_touched || l.payment;
    END IF;
  END LOOP;
END $$;

-- Expires the lots whose time is over by p_until, the first to die first.
CREATE PROCEDURE ledger_expire_lots(INOUT w wallet, p_until timestamptz, p_at timestamptz) LANGUAGE plpgsql AS $$
DECLARE
  l lot;
  x transfer;
BEGIN
  FOR l IN SELECT * FROM lot WHERE wallet = w.id AND open AND available > 0 AND expires_at <= p_until ORDER BY expires_at, id LOOP
    x := ledger_consequence(w, p_at, 'expire:' || l.id, 'expire', l.available, 'ledger', l.expires_at, p_payment => l.payment);
    CALL ledger_move(w, l, x, 'available', 'expired', l.available);
  END LOOP;
END $$;

-- Books what fell due by p_at in the order in which it fell due, so that being late changes nothing: before a hold ends the lots that died until
-- then expire, and the claims on what it gives back are settled before anything later.
-- Reading needs none of it: ledger_balance counts what is due as if it were booked.
CREATE PROCEDURE ledger_book_due(INOUT w wallet, p_at timestamptz) LANGUAGE plpgsql AS $$
DECLARE
  h hold;
  x transfer;
  v_touched text[];
BEGIN
  IF w.due_at > p_at THEN
    RETURN;
  END IF;
  FOR h IN SELECT * FROM hold WHERE wallet = w.id AND state = 'active' AND expires_at <= p_at ORDER BY expires_at, id LOOP
    CALL ledger_expire_lots(w, h.expires_at, p_at);
    x := ledger_consequence(w, p_at, 'hold:' || h.id || ':expired', 'release', h.amount, 'ledger', h.expires_at, p_hold => h.id);
    UPDATE hold SET state = 'expired' WHERE id = h.id;
    v_touched := '{}';
    CALL ledger_end_hold(w, v_touched, x, h, 0, h.expires_at);
    CALL ledger_settle(w, p_at, v_touched, 'ledger', h.expires_at);
  END LOOP;
  CALL ledger_expire_lots(w, p_at, p_at);
  w.due_at := least(
    (SELECT min(o.expires_at) FROM lot o WHERE o.wallet = w.id AND o.open AND o.available > 0),
    (SELECT min(o.expires_at) FROM hold o WHERE o.wallet = w.id AND o.state = 'active'), 'infinity');
  w := ledger_store(w);
END $$;

-- What a known key answers: what its act answered, or that the key belongs to another act.
CREATE FUNCTION ledger_known(x transfer, p_kind transfer_kind, p_wallet text, p_hash bytea) RETURNS ledger_answer LANGUAGE plpgsql STABLE AS $$
DECLARE
  a ledger_answer;
BEGIN
  IF x.body_hash <> p_hash OR x.wallet IS DISTINCT FROM p_wallet OR x.kind <> p_kind THEN
    a.outcome := 'key_reused';
    RETURN a;
  END IF;
  -- All transfers of one act carry its time: the act's last entry has the balances at its end.
  SELECT 'replayed', x.id, x.wallet, (SELECT f.lot FROM entry f WHERE f.transfer = x.id ORDER BY f.seq LIMIT 1), x.hold, x.amount,
    e.available_after, e.held_after, e.debt_after, e.seq, x.recorded_at, NULL, (SELECT h.expires_at FROM hold h WHERE h.id = x.hold) INTO a
  FROM transfer y JOIN entry e ON e.transfer = y.id
  WHERE y.wallet = x.wallet AND y.recorded_at = x.recorded_at ORDER BY e.seq DESC LIMIT 1;
  RETURN a;
END $$;

-- What an act that has just been written answers.
CREATE FUNCTION ledger_done(p_outcome text, x transfer, w wallet, p_lot text DEFAULT NULL, p_hold_expires_at timestamptz DEFAULT NULL)
RETURNS ledger_answer LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN ROW(p_outcome, x.id, w.id, p_lot, x.hold, x.amount, w.available, w.held, w.debt, w.seq, x.recorded_at, NULL, p_hold_expires_at)::ledger_answer;
END $$;

-- What an act that was refused answers: nothing of it is written.
CREATE FUNCTION ledger_refused(p_outcome text, w wallet) RETURNS ledger_answer LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN ROW(p_outcome, NULL, w.id, NULL, NULL, NULL, coalesce(w.available, 0), coalesce(w.held, 0), coalesce(w.debt, 0), coalesce(w.seq, 0),
    NULL, NULL, NULL)::ledger_answer;
END $$;
