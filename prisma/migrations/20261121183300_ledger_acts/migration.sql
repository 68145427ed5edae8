-- ── The ledger's acts ──────────────────────────────────────────────────────────────────────────────
-- Each is one call. Outcomes that are expected are answered and leave nothing behind; what should never be raises and rolls back.

DROP FUNCTION ledger_grant;

-- Credits come into being: one lot, one entry issued → available, in the caller's transaction. A refund of the payment may have come before:
-- its claim is settled at once. What is left of the grant then repays debt.
--   granted     the credits now stand
--   replayed    this key stood already with the same body: the stored answer, nothing written
--   key_reused  this key stood already with another body or for another wallet: no credits, no transfer
-- A payment's credits go to its own customer, in the book of its realm's mode, never more than it sold, and once.
CREATE FUNCTION ledger_grant(
  p_book mode, p_customer text, p_key text, p_hash bytea, p_amount bigint, p_lot_kind lot_kind, p_priority smallint, p_promo boolean,
  p_expires_at timestamptz, p_payment text, p_paid_minor bigint, p_currency text, p_actor text, p_reason text, p_occurred_at timestamptz
) RETURNS ledger_answer LANGUAGE plpgsql AS $$
DECLARE
  w wallet := ledger_wallet(p_book, p_customer);
  x transfer;
  l lot;
  t timestamptz;
BEGIN
  SELECT * INTO x FROM transfer WHERE book = p_book AND key = p_key;
  IF FOUND THEN
    RETURN ledger_known(x, 'grant', w.id, p_hash);
  END IF;
  IF p_payment IS NOT NULL AND NOT EXISTS (
    SELECT FROM payment p JOIN realm r ON r.id = p.realm
    WHERE p.id = p_payment AND p.customer = p_customer AND r.mode = p_book AND p_amount <= p.credits
      AND NOT EXISTS (SELECT FROM claim c WHERE c.payment = p.id AND c.granted <> p_amount)
  ) THEN
    RAISE EXCEPTION 'payment % does not entitle customer % to % credits in book %', p_payment, p_customer, p_amount, p_book
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  t := greatest(ledger_now(), w.last_at + interval '1 microsecond');
  CALL ledger_book_due(w, t);
  x := ledger_transfer(w, t, p_key, p_hash, 'grant', p_amount, p_actor, p_reason, p_occurred_at, p_payment);
  IF x.id IS NULL THEN
    -- The key was free a moment ago and this wallet is locked: a transaction on another wallet took it.
    RETURN ledger_refused('key_reused', w);
  END IF;
  l.wallet := w.id;
  l.kind := p_lot_kind;
  l.priority := p_priority;
  l.promo := p_promo;
  l.expires_at := coalesce(p_expires_at, 'infinity');
  l.granted := p_amount;
  l.payment := p_payment;
  l.paid_minor := p_paid_minor;
  l.currency := p_currency;
  l.created_at := t;
  l := ledger_new_lot(l);
  CALL ledger_move(w, l, x, ('issued.' || p_lot_kind)::ledger_account, 'available', p_amount);
  IF p_payment IS NOT NULL THEN
    INSERT INTO claim (payment, wallet, granted) VALUES (p_payment, w.id, p_amount) ON CONFLICT (payment) DO NOTHING;
    CALL ledger_settle(w, t, ARRAY[p_payment], p_actor, p_occurred_at);
  END IF;
  -- What is dead on arrival pays for nothing.
  IF w.debt > 0 AND l.expires_at > t THEN
    CALL ledger_repay(w, x, l.id);
  END IF;
  w := ledger_store(w);
  RETURN ledger_done('granted', x, w, l.id);
END $$;

-- Takes credits from the open lots in burn order, for x.
CREATE FUNCTION ledger_burn(w wallet, x transfer, p_to ledger_account, p_amount bigint) RETURNS wallet LANGUAGE plpgsql AS $$
DECLARE
  l lot;
  v_left bigint := p_amount;
  v_part bigint;
  v_n int := 0;
BEGIN
  FOR l IN SELECT * FROM lot WHERE wallet = w.id AND open AND available > 0 ORDER BY priority, expires_at, promo DESC, created_at, id LOOP
    v_part := least(v_left, l.available);
    v_left := v_left - v_part;
    v_n := v_n + 1;
    IF p_to = 'held' THEN
      INSERT INTO hold_part (hold, n, lot, amount) VALUES (x.hold, v_n, l.id, v_part);
    END IF;
    CALL ledger_move(w, l, x, 'available', p_to, v_part);
    EXIT WHEN v_left = 0;
  END LOOP;
  IF v_left > 0 THEN
    RAISE EXCEPTION 'wallet %: its lots hold % credits fewer than it says', w.id, v_left USING ERRCODE = 'CR001';
  END IF;
  RETURN w;
END $$;

-- Spends, all or nothing each, in the order given and under one lock: the arrays hold one spend at each place, an empty reason for none.
--   spent, replayed   the credits are gone
--   insufficient      the wallet holds less: nothing is written, and the key stays free
--   frozen            the wallet may not be spent from: nothing is written
--   key_reused        as above
-- They are worked out in memory and written together, turn by turn: a turn ends before a key that it has used itself, and where something falls
-- due. A key that another wallet takes meanwhile raises CR002 and rolls all back: asked again, it is answered.
CREATE FUNCTION ledger_spend(p_book mode, p_customer text, p_keys text[], p_hashes bytea[], p_amounts bigint[], p_actors text[], p_reasons text[])
RETURNS SETOF ledger_answer LANGUAGE plpgsql AS $$
DECLARE
  open_lots CURSOR (p_wallet text) FOR
    SELECT * FROM lot WHERE wallet = p_wallet AND open AND available > 0 ORDER BY priority, expires_at, promo DESC, created_at, id;
  w wallet;
  l lot;
  x transfer;
  m record;
  t timestamptz;
  i int := 1;
  v_left bigint;
  v_part bigint;
  v_known text[];
  v_keys text[];
  v_transfers transfer[];
  v_entries entry[];
BEGIN
  SELECT * INTO w FROM wallet WHERE book = p_book AND customer = p_customer FOR NO KEY UPDATE;
  WHILE i <= cardinality(p_keys) LOOP
    v_known := ARRAY(SELECT y.key FROM transfer y WHERE y.book = p_book AND y.key = ANY (p_keys[i:]));
    v_keys := '{}';
    v_transfers := '{}';
    v_entries := '{}';
    l := NULL;
    t := greatest(ledger_now(), w.last_at + interval '1 microsecond');
    IF w.due_at <= t AND p_keys[i] <> ALL (v_known) THEN
      CALL ledger_book_due(w, t);
    END IF;

    WHILE i <= cardinality(p_keys) LOOP
      EXIT WHEN p_keys[i] = ANY (v_keys);
      IF p_keys[i] = ANY (v_known) THEN
        SELECT * INTO STRICT x FROM transfer WHERE book = p_book AND key = p_keys[i];
        RETURN NEXT ledger_known(x, 'spend', w.id, p_hashes[i]);
      ELSIF w.id IS NULL THEN
        RETURN NEXT ledger_refused('insufficient', w);
      ELSE
        EXIT WHEN w.due_at <= t;
        IF p_amounts[i] <= 0 THEN
          RAISE EXCEPTION 'a spend is of more than zero, not of %', p_amounts[i] USING ERRCODE = 'check_violation';
        ELSIF w.frozen_at IS NOT NULL THEN
          RETURN NEXT ledger_refused('frozen', w);
        ELSIF w.available < p_amounts[i] THEN
          RETURN NEXT ledger_refused('insufficient', w);
        ELSE
          x := ledger_draft(w, t, p_keys[i], p_hashes[i], 'spend', p_amounts[i], p_actors[i], nullif(p_reasons[i], ''), t);
          v_left := p_amounts[i];
          WHILE v_left > 0 LOOP
            IF l.id IS NULL THEN
              OPEN open_lots(w.id);
              FETCH open_lots INTO l;
            ELSIF l.available = 0 THEN
              l := ledger_put_lot(l);
              FETCH open_lots INTO l;
            END IF;
            IF l.id IS NULL THEN
              RAISE EXCEPTION 'wallet %: its lots hold % credits fewer than it says', w.id, v_left USING ERRCODE = 'CR001';
            END IF;
            v_part := least(v_left, l.available);
            v_left := v_left - v_part;
            m := ledger_moved(w, l, x, 'available', 'spent', v_part);
            w := m.w;
            l := m.l;
            v_entries := v_entries || m.e;
          END LOOP;
          v_keys := v_keys || x.key;
          v_transfers := v_transfers || x;
          RETURN NEXT ledger_done('spent', x, w);
          t := greatest(ledger_now(), w.last_at + interval '1 microsecond');
        END IF;
      END IF;
      i := i + 1;
    END LOOP;

    IF l.id IS NOT NULL THEN
      CLOSE open_lots;
      INSERT INTO transfer SELECT * FROM unnest(v_transfers) ON CONFLICT (book, key) DO NOTHING;
      GET DIAGNOSTICS v_left = ROW_COUNT;
      IF v_left < cardinality(v_transfers) THEN
        RAISE EXCEPTION 'wallet %: one of its keys was taken meanwhile', w.id USING ERRCODE = 'CR002';
      END IF;
      INSERT INTO entry SELECT * FROM unnest(v_entries);
      l := ledger_put_lot(l);
      w := ledger_store(w);
    END IF;
  END LOOP;
END $$;

-- Sets credits aside, all or nothing. They stay in their lots, in the order in which a spend would have taken them, and outlive those lots'
-- expiry until the hold ends: by ledger_end, or by itself at t + p_for.
--   held, replayed · insufficient · frozen · key_reused
CREATE FUNCTION ledger_hold(p_book mode, p_customer text, p_key text, p_hash bytea, p_amount bigint, p_for interval, p_actor text, p_reason text)
RETURNS ledger_answer LANGUAGE plpgsql AS $$
DECLARE
  w wallet;
  x transfer;
  h hold;
  t timestamptz;
BEGIN
  SELECT * INTO w FROM wallet WHERE book = p_book AND customer = p_customer FOR NO KEY UPDATE;
  SELECT * INTO x FROM transfer WHERE book = p_book AND key = p_key;
  IF FOUND THEN
    RETURN ledger_known(x, 'hold', w.id, p_hash);
  END IF;
  IF w.id IS NULL THEN
    RETURN ledger_refused('insufficient', w);
  END IF;
  t := greatest(ledger_now(), w.last_at + interval '1 microsecond');
  CALL ledger_book_due(w, t);
  IF w.frozen_at IS NOT NULL THEN
    RETURN ledger_refused('frozen', w);
  END IF;
  IF w.available < p_amount THEN
    RETURN ledger_refused('insufficient', w);
  END IF;
  h.id := 'hld_' || replace(uuidv7()::text, '-', '');
  h.expires_at := t + p_for;
  x := ledger_transfer(w, t, p_key, p_hash, 'hold', p_amount, p_actor, p_reason, t, p_hold => h.id);
  IF x.id IS NULL THEN
    RETURN ledger_refused('key_reused', w);
  END IF;
  INSERT INTO hold (id, wallet, amount, state, expires_at, created_at) VALUES (h.id, w.id, p_amount, 'active', h.expires_at, t);
  w := ledger_burn(w, x, 'held', p_amount);
  w.due_at := least(w.due_at, h.expires_at);
  w := ledger_store(w);
  RETURN ledger_done('held', x, w, p_hold_expires_at => h.expires_at);
END $$;

-- Ends a hold, once. p_kind capture: p_amount of it is spent in the order it was held, the rest is released. p_kind release: all of it is.
--   captured, released, replayed
--   not_found    this book has no such hold
--   not_active   it has ended: see hold_state; a hold past its expiry is expired
--   too_much     more than it holds: see amount
--   key_reused
CREATE FUNCTION ledger_end(p_book mode, p_hold text, p_kind transfer_kind, p_key text, p_hash bytea, p_amount bigint, p_actor text, p_reason text)
RETURNS ledger_answer LANGUAGE plpgsql AS $$
DECLARE
  w wallet;
  x transfer;
  h hold;
  t timestamptz;
  a ledger_answer;
  v_touched text[] := '{}';
BEGIN
  SELECT o.* INTO w FROM wallet o JOIN hold ON hold.wallet = o.id WHERE hold.id = p_hold AND o.book = p_book FOR NO KEY UPDATE OF o;
  IF NOT FOUND THEN
    RETURN ledger_refused('not_found', w);
  END IF;
  SELECT * INTO x FROM transfer WHERE book = p_book AND key = p_key;
  IF FOUND THEN
    RETURN ledger_known(x, p_kind, w.id, p_hash);
  END IF;
  t := greatest(ledger_now(), w.last_at + interval '1 microsecond');
  CALL ledger_book_due(w, t);
  SELECT * INTO STRICT h FROM hold WHERE id = p_hold;
  IF h.state <> 'active' OR p_amount > h.amount THEN
    a := ledger_refused(CASE WHEN h.state <> 'active' THEN 'not_active' ELSE 'too_much' END, w);
    a.hold_id := h.id;
    a.hold_state := h.state;
    a.amount := h.amount;
    RETURN a;
  END IF;
  x := ledger_transfer(w, t, p_key, p_hash, p_kind, CASE p_kind WHEN 'capture' THEN p_amount ELSE h.amount END, p_actor, p_reason, t, p_hold => h.id);
  IF x.id IS NULL THEN
    RETURN ledger_refused('key_reused', w);
  END IF;
  UPDATE hold SET state = CASE p_kind WHEN 'capture' THEN 'captured'::hold_state ELSE 'released' END WHERE id = h.id;
  CALL ledger_end_hold(w, v_touched, x, h, CASE p_kind WHEN 'capture' THEN p_amount ELSE 0 END, t);
  CALL ledger_settle(w, t, v_touched, p_actor, t);
  w := ledger_store(w);
  RETURN ledger_done(CASE p_kind WHEN 'capture' THEN 'captured' ELSE 'released' END, x, w, p_hold_expires_at => h.expires_at);
END $$;

-- Takes back a spend or what a capture spent, whole and once: the credits return to the lots that they came from.
--   reversed, replayed
--   not_found         this book has no such transfer
--   not_reversible    it spent nothing
--   already_reversed  by the transfer named
--   key_reused
CREATE FUNCTION ledger_reverse(p_book mode, p_transfer text, p_key text, p_hash bytea, p_actor text, p_reason text)
RETURNS ledger_answer LANGUAGE plpgsql AS $$
DECLARE
  w wallet;
  o transfer;
  x transfer;
  r record;
  t timestamptz;
  a ledger_answer;
  v_since timestamptz;
  v_touched text[] := '{}';
BEGIN
  SELECT * INTO o FROM transfer WHERE id = p_transfer AND book = p_book;
  IF NOT FOUND THEN
    RETURN ledger_refused('not_found', w);
  END IF;
  SELECT * INTO STRICT w FROM wallet WHERE id = o.wallet FOR NO KEY UPDATE;
  SELECT * INTO x FROM transfer WHERE book = p_book AND key = p_key;
  IF FOUND THEN
    RETURN ledger_known(x, 'reverse', w.id, p_hash);
  END IF;
  IF o.kind NOT IN ('spend', 'capture') THEN
    RETURN ledger_refused('not_reversible', w);
  END IF;
  SELECT * INTO x FROM transfer WHERE reverses = o.id;
  IF FOUND THEN
    a := ledger_refused('already_reversed', w);
    a.transfer_id := x.id;
    RETURN a;
  END IF;
  t := greatest(ledger_now(), w.last_at + interval '1 microsecond');
  CALL ledger_book_due(w, t);
  x := ledger_transfer(w, t, p_key, p_hash, 'reverse', o.amount, p_actor, p_reason, t, p_reverses => o.id);
  IF x.id IS NULL THEN
    RETURN ledger_refused('key_reused', w);
  END IF;
  -- What a hold protected left its lot when it was held.
  v_since := coalesce((SELECT h.created_at FROM hold h WHERE h.id = o.hold), o.recorded_at);
  FOR r IN SELECT e.lot, e.amount, l.payment FROM entry e JOIN lot l ON l.id = e.lot WHERE e.transfer = o.id AND e."to" = 'spent' ORDER BY e.seq LOOP
    CALL ledger_give_back(w, x, r.lot, 'spent', r.amount, v_since);
    IF r.payment IS NOT NULL THEN
      v_touched := v_touched || r.payment;
    END IF;
  END LOOP;
  CALL ledger_settle(w, t, v_touched, p_actor, t);
  w := ledger_store(w);
  RETURN ledger_done('reversed', x, w);
END $$;

-- A person's correction. Adding makes a lot of kind manual and repays no debt; subtracting takes from the lots in burn order. With
-- p_expected_seq it is refused when the wallet has moved since that entry.
--   adjusted, replayed · insufficient · changed (see seq) · key_reused
CREATE FUNCTION ledger_adjust(
  p_book mode, p_customer text, p_key text, p_hash bytea, p_adds boolean, p_amount bigint, p_priority smallint, p_expires_at timestamptz,
  p_expected_seq bigint, p_actor text, p_reason text
) RETURNS ledger_answer LANGUAGE plpgsql AS $$
DECLARE
  w wallet := ledger_wallet(p_book, p_customer);
  x transfer;
  l lot;
  t timestamptz;
BEGIN
  SELECT * INTO x FROM transfer WHERE book = p_book AND key = p_key;
  IF FOUND THEN
    RETURN ledger_known(x, 'adjust', w.id, p_hash);
  END IF;
  IF w.seq <> p_expected_seq THEN
    RETURN ledger_refused('changed', w);
  END IF;
  t := greatest(ledger_now(), w.last_at + interval '1 microsecond');
  CALL ledger_book_due(w, t);
  IF NOT p_adds AND w.available < p_amount THEN
    RETURN ledger_refused('insufficient', w);
  END IF;
  x := ledger_transfer(w, t, p_key, p_hash, 'adjust', p_amount, p_actor, p_reason, t);
  IF x.id IS NULL THEN
    RETURN ledger_refused('key_reused', w);
  END IF;
  IF p_adds THEN
    l.wallet := w.id;
    l.kind := 'manual';
    l.priority := p_priority;
    l.promo := false;
    l.expires_at := coalesce(p_expires_at, 'infinity');
    l.granted := p_amount;
    l.created_at := t;
    l := ledger_new_lot(l);
    CALL ledger_move(w, l, x, 'issued.manual', 'available', p_amount);
  ELSE
    w := ledger_burn(w, x, 'issued.manual', p_amount);
  END IF;
  w := ledger_store(w);
  RETURN ledger_done('adjusted', x, w, l.id);
END $$;

-- Freezes a wallet for one cause, or ends that freeze; it stays frozen while any cause stands. Answers whether anything changed.
CREATE FUNCTION ledger_freeze(p_book mode, p_customer text, p_cause text, p_actor text, p_freezes boolean) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  w wallet := ledger_wallet(p_book, p_customer);
  t timestamptz := greatest(ledger_now(), w.last_at + interval '1 microsecond');
  v_changed boolean;
BEGIN
  IF p_freezes THEN
    INSERT INTO wallet_freeze (wallet, cause, n, frozen_at, frozen_by)
    SELECT w.id, p_cause, count(*) + 1, t, p_actor FROM wallet_freeze WHERE wallet = w.id AND cause = p_cause
    ON CONFLICT (wallet, cause) WHERE thawed_at IS NULL DO NOTHING;
  ELSE
    UPDATE wallet_freeze SET thawed_at = t, thawed_by = p_actor WHERE wallet = w.id AND cause = p_cause AND thawed_at IS NULL;
  END IF;
  v_changed := FOUND;
  IF v_changed THEN
    UPDATE wallet SET frozen_at = (SELECT min(f.frozen_at) FROM wallet_freeze f WHERE f.wallet = w.id AND f.thawed_at IS NULL) WHERE id = w.id;
  END IF;
  RETURN v_changed;
END $$;

-- Books what is due of a wallet, unless somebody else works on it: their act does. Answers whether anything was.
CREATE FUNCTION ledger_sweep(p_wallet text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  w wallet;
BEGIN
  SELECT * INTO w FROM wallet WHERE id = p_wallet AND due_at <= ledger_now() FOR NO KEY UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  CALL ledger_book_due(w, greatest(ledger_now(), w.last_at + interval '1 microsecond'));
  RETURN true;
END $$;
