-- ── The ledger's acts ──────────────────────────────────────────────────────────────────────────────

-- The hash of an entry, version 1: over the hash before it, the entry, its whole transfer and the terms of its lot, as one JSON array (which,
-- unlike joined text, has one reading). Verify and every writer hash through this one function.
CREATE FUNCTION ledger_entry_hash(prev bytea, e entry, x transfer, l lot) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT sha256(prev || convert_to(json_build_array('v1',
    e.wallet, e.seq, e.transfer, e."from", e."to", e.lot, e.amount, e.available_after, e.held_after, e.claimed_after, e.debt_after,
    e.lot_available_after, e.lot_held_after, e.lot_claimed_after, extract(epoch FROM e.recorded_at),
    x.id, x.book, x.key, encode(x.body_hash, 'hex'), x.kind, x.wallet, x.amount, x.payment, x.hold, x.actor,
    extract(epoch FROM x.occurred_at), extract(epoch FROM x.recorded_at), x.reverses,
    l.id, l.wallet, l.kind, l.priority, l.promo, extract(epoch FROM l.expires_at), l.granted, l.payment, l.paid_minor, l.currency,
    l.parent_lot, extract(epoch FROM l.created_at))::text, 'UTF8')) $$;

-- The head of an empty chain: it fixes whose credits these are.
CREATE FUNCTION ledger_genesis(wallet text, book mode, customer text) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT sha256(convert_to(json_build_array('credence ledger v1', wallet, book, customer)::text, 'UTF8')) $$;

-- Credits come into being: one lot, one entry issued → available, in the caller's transaction.
-- Takes the wallet's lock (making the wallet if it is the first grant), so the same key asked twice at once is answered twice alike.
--   granted     the credits now stand
--   replayed    this key stood already with the same body: the stored answer, nothing written
--   key_reused  this key stood already with another body or for another wallet: no credits, no transfer
-- A payment's credits go to its own customer, in the book of its realm's mode, never more than it sold, and once (claim's key).
CREATE FUNCTION ledger_grant(
  p_book mode, p_customer text, p_key text, p_body_hash bytea, p_amount bigint, p_lot_kind lot_kind, p_priority smallint, p_promo boolean,
  p_expires_at timestamptz, p_payment text, p_paid_minor bigint, p_currency text, p_actor text, p_occurred_at timestamptz
) RETURNS TABLE (outcome text, transfer_id text, wallet_id text, lot_id text, entry_seq bigint, available_after bigint, recorded_at timestamptz)
LANGUAGE plpgsql AS $$
DECLARE
  w wallet%ROWTYPE;
  x transfer%ROWTYPE;
  l lot%ROWTYPE;
  e entry%ROWTYPE;
  t timestamptz;
  v_wallet text;
BEGIN
  SELECT * INTO w FROM wallet WHERE book = p_book AND customer = p_customer FOR UPDATE;
  IF NOT FOUND THEN
    v_wallet := 'wal_' || replace(uuidv7()::text, '-', '');
    INSERT INTO wallet (id, book, customer, head) VALUES (v_wallet, p_book, p_customer, ledger_genesis(v_wallet, p_book, p_customer))
      ON CONFLICT (book, customer) DO NOTHING;
    SELECT * INTO STRICT w FROM wallet WHERE book = p_book AND customer = p_customer FOR UPDATE;
  END IF;

  SELECT * INTO x FROM transfer k WHERE k.book = p_book AND k.key = p_key;
  IF FOUND THEN
    IF x.body_hash <> p_body_hash OR x.wallet <> w.id OR x.kind <> 'grant' THEN
      RETURN QUERY SELECT 'key_reused', NULL::text, NULL::text, NULL::text, NULL::bigint, NULL::bigint, NULL::timestamptz;
    ELSE
      RETURN QUERY SELECT 'replayed', x.id, s.wallet, s.lot, s.seq, s.available_after, s.recorded_at
        FROM entry s WHERE s.transfer = x.id ORDER BY s.seq LIMIT 1;
    END IF;
    RETURN;
  END IF;

  IF p_payment IS NOT NULL AND NOT EXISTS (
    SELECT FROM payment p JOIN realm r ON r.id = p.realm
    WHERE p.id = p_payment AND p.customer = p_customer AND r.mode = p_book AND p_amount <= p.credits
  ) THEN
    RAISE EXCEPTION 'payment % does not entitle customer % to % credits in book %', p_payment, p_customer, p_amount, p_book
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;

  -- Taken after the lock: now() is the start of a transaction that may have waited here.
  t := greatest(clock_timestamp(), w.last_at + interval '1 microsecond');

  INSERT INTO transfer (id, book, key, body_hash, kind, wallet, amount, payment, actor, occurred_at, recorded_at)
    VALUES ('txf_' || replace(uuidv7()::text, '-', ''), p_book, p_key, p_body_hash, 'grant', w.id, p_amount, p_payment, p_actor, p_occurred_at, t)
    ON CONFLICT (book, key) DO NOTHING
    RETURNING * INTO x;
  IF NOT FOUND THEN
    -- The key was free a moment ago and this wallet is locked: a transaction on another wallet took it.
    RETURN QUERY SELECT 'key_reused', NULL::text, NULL::text, NULL::text, NULL::bigint, NULL::bigint, NULL::timestamptz;
    RETURN;
  END IF;

  INSERT INTO lot (id, wallet, kind, priority, promo, expires_at, granted, available, payment, paid_minor, currency, created_at)
    VALUES ('lot_' || replace(uuidv7()::text, '-', ''), w.id, p_lot_kind, p_priority, p_promo, coalesce(p_expires_at, 'infinity'),
      p_amount, p_amount, p_payment, p_paid_minor, p_currency, t)
    RETURNING * INTO l;

  e.wallet := w.id;
  e.seq := w.seq + 1;
  e.transfer := x.id;
  e."from" := 'issued.' || p_lot_kind;
  e."to" := 'available';
  e.lot := l.id;
  e.amount := p_amount;
  e.available_after := w.available + p_amount;
  e.held_after := w.held;
  e.claimed_after := w.claimed;
  e.debt_after := w.debt;
  e.lot_available_after := l.available;
  e.lot_held_after := l.held;
  e.lot_claimed_after := l.claimed;
  e.recorded_at := t;
  e.hash := ledger_entry_hash(w.head, e, x, l);
  INSERT INTO entry SELECT e.*;

  IF p_payment IS NOT NULL THEN
    INSERT INTO claim (payment, wallet, granted) VALUES (p_payment, w.id, p_amount);
  END IF;
  UPDATE wallet SET available = e.available_after, seq = e.seq, head = e.hash, last_at = t, due_at = least(w.due_at, l.expires_at)
    WHERE id = w.id;
  RETURN QUERY SELECT 'granted', x.id, w.id, l.id, e.seq, e.available_after, t;
END $$;

-- What a wallet holds at an instant not before its last entry. Expired lots count as expired at that instant, sweeper or not.
CREATE FUNCTION ledger_balance(p_book mode, p_customer text, p_at timestamptz)
RETURNS TABLE (wallet_id text, available bigint, held bigint, claimed bigint, debt bigint, seq bigint, frozen boolean)
LANGUAGE sql STABLE AS $$
  SELECT w.id, coalesce((SELECT sum(l.available) FROM lot l WHERE l.wallet = w.id AND l.open AND l.expires_at > p_at), 0)::bigint,
    w.held, w.claimed, w.debt, w.seq, w.frozen_at IS NOT NULL
  FROM wallet w WHERE w.book = p_book AND w.customer = p_customer $$;

-- Recomputes each hash from the one before it, the sequence, the balances and the projections of the wallets asked for
-- (all when null), and names the first broken entry of each broken wallet. Nothing is joined so that a missing row hides another.
CREATE FUNCTION ledger_verify(p_from text, p_to text)
RETURNS TABLE (wallet_id text, entry_seq bigint, fault text)
LANGUAGE sql STABLE AS $$
  WITH chain AS (
    SELECT e.wallet, e.seq, CASE
      WHEN e.seq <> lag(e.seq, 1, 0::bigint) OVER c + 1 THEN 'sequence has a gap'
      WHEN w.id IS NULL THEN 'wallet is missing'
      WHEN x.id IS NULL THEN 'transfer is missing'
      WHEN x.wallet <> e.wallet OR x.book <> w.book OR x.recorded_at <> e.recorded_at THEN 'transfer is of another wallet, book or time'
      WHEN l.wallet <> e.wallet THEN 'lot is of another wallet'
      WHEN e.recorded_at < lag(e.recorded_at, 1, '-infinity') OVER c
        OR (e.recorded_at = lag(e.recorded_at) OVER c AND e.transfer <> lag(e.transfer) OVER c) THEN 'time does not rise'
      WHEN e.available_after <> lag(e.available_after, 1, 0::bigint) OVER c + e.amount * ((e."to" = 'available')::int - (e."from" = 'available')::int) THEN 'available does not follow'
      WHEN e.held_after <> lag(e.held_after, 1, 0::bigint) OVER c + e.amount * ((e."to" = 'held')::int - (e."from" = 'held')::int) THEN 'held does not follow'
      WHEN e.claimed_after <> lag(e.claimed_after, 1, 0::bigint) OVER c + e.amount * ((e."to" = 'claimed')::int - (e."from" = 'claimed')::int) THEN 'claimed does not follow'
      WHEN e.debt_after <> lag(e.debt_after, 1, 0::bigint) OVER c + e.amount * ((e."to" = 'debt')::int - (e."from" = 'debt')::int) THEN 'debt does not follow'
      WHEN e.hash <> ledger_entry_hash(lag(e.hash, 1, ledger_genesis(w.id, w.book, w.customer)) OVER c, e, x, l) THEN 'hash does not follow'
      END AS fault
    FROM entry e
    LEFT JOIN wallet w ON w.id = e.wallet
    LEFT JOIN transfer x ON x.id = e.transfer
    LEFT JOIN lot l ON l.id = e.lot
    WHERE (p_from IS NULL OR e.wallet >= p_from) AND (p_to IS NULL OR e.wallet <= p_to)
    WINDOW c AS (PARTITION BY e.wallet ORDER BY e.seq)
  ), flows AS (
    SELECT e.wallet, e.lot, max(e.seq) AS last_seq,
      sum(e.amount * ((e."to" = 'spent')::int - (e."from" = 'spent')::int)) AS spent
    FROM entry e
    WHERE e.lot IS NOT NULL AND (p_from IS NULL OR e.wallet >= p_from) AND (p_to IS NULL OR e.wallet <= p_to)
    GROUP BY e.wallet, e.lot
  ), lots AS (
    SELECT l.wallet, sum(l.available)::bigint AS available, sum(l.held)::bigint AS held, sum(l.claimed)::bigint AS claimed,
      min(l.expires_at) FILTER (WHERE l.available > 0) AS due_at,
      min(f.last_seq) FILTER (WHERE (e.lot_available_after, e.lot_held_after, e.lot_claimed_after) <> (l.available, l.held, l.claimed)) AS differs_at,
      min(f.last_seq) FILTER (WHERE l.granted <> l.available + l.held + l.claimed + l.revoked + l.expired + l.moved + f.spent) AS uneven_at,
      bool_or(f.lot IS NULL) AS unfounded
    FROM lot l
    LEFT JOIN flows f ON f.lot = l.id AND f.wallet = l.wallet
    LEFT JOIN entry e ON e.wallet = f.wallet AND e.seq = f.last_seq
    WHERE (p_from IS NULL OR l.wallet >= p_from) AND (p_to IS NULL OR l.wallet <= p_to)
    GROUP BY l.wallet
  ), projected AS (
    SELECT w.id AS wallet, CASE
      WHEN coalesce(last.seq, 0) < w.seq THEN coalesce(last.seq, 0) + 1
      WHEN last.seq > w.seq THEN w.seq + 1
      ELSE coalesce(lots.differs_at, lots.uneven_at, w.seq) END AS seq, CASE
      WHEN coalesce(last.seq, 0) < w.seq THEN 'entries are missing'
      WHEN last.seq > w.seq THEN 'entries stand beyond the head'
      WHEN coalesce(last.hash, ledger_genesis(w.id, w.book, w.customer)) <> w.head
        OR coalesce(last.recorded_at, '-infinity') <> w.last_at THEN 'head is not the last entry'
      WHEN lots.differs_at IS NOT NULL THEN 'lot differs from its last entry'
      WHEN lots.uneven_at IS NOT NULL THEN 'lot does not add up to what was granted'
      WHEN lots.unfounded THEN 'lot has no entry'
      WHEN (w.available, w.held, w.claimed, w.debt) <> (coalesce(last.available_after, 0), coalesce(last.held_after, 0), coalesce(last.claimed_after, 0), coalesce(last.debt_after, 0)) THEN 'wallet differs from its last entry'
      WHEN (w.available, w.held, w.claimed) <> (coalesce(lots.available, 0), coalesce(lots.held, 0), coalesce(lots.claimed, 0)) THEN 'wallet differs from the sum of its lots'
      WHEN w.due_at > lots.due_at OR w.due_at > (SELECT min(h.expires_at) FROM hold h WHERE h.wallet = w.id AND h.state = 'active') THEN 'an expiry would be missed'
      WHEN EXISTS (SELECT FROM transfer x WHERE x.wallet = w.id AND NOT EXISTS (SELECT FROM entry e WHERE e.transfer = x.id)) THEN 'transfer has no entry'
      END AS fault
    FROM wallet w
    LEFT JOIN lots ON lots.wallet = w.id
    LEFT JOIN LATERAL (SELECT * FROM entry e WHERE e.wallet = w.id ORDER BY e.seq DESC LIMIT 1) last ON true
    WHERE (p_from IS NULL OR w.id >= p_from) AND (p_to IS NULL OR w.id <= p_to)
  )
  SELECT DISTINCT ON (f.wallet) f.wallet, f.seq, f.fault
  FROM (SELECT wallet, seq, fault, 0 AS step FROM chain WHERE fault IS NOT NULL
        UNION ALL SELECT wallet, seq, fault, 1 FROM projected WHERE fault IS NOT NULL) f
  ORDER BY f.wallet, f.step, f.seq $$;

