-- ── What a wallet held or will hold at an instant ──────────────────────────────────────────────────

-- The books: the balances after the last entry recorded by then. An act's entries share its time, so an act is seen whole or not at all.
CREATE FUNCTION ledger_books(p_wallet text, p_at timestamptz) RETURNS entry LANGUAGE sql STABLE AS $$
  SELECT e.* FROM transfer x JOIN entry e ON e.transfer = x.id
  WHERE x.wallet = p_wallet AND x.recorded_at = (SELECT max(y.recorded_at) FROM transfer y WHERE y.wallet = p_wallet AND y.recorded_at <= p_at)
  ORDER BY e.seq DESC LIMIT 1 $$;

-- What holds that were over by an instant, and not yet booked so, change by then: what of them can be spent, what claims hold back, and all that is
-- no longer held. Parts return in the order of booking; what a payment's refunds still want is taken first, and what dies before the instant expires.
CREATE FUNCTION ledger_returns(p_wallet text, p_at timestamptz, OUT available bigint, OUT claimed bigint, OUT held bigint) LANGUAGE sql STABLE AS $$
  WITH over AS (
    SELECT h.id, h.expires_at FROM hold h WHERE h.wallet = p_wallet AND h.expires_at <= p_at AND h.created_at <= p_at
      AND NOT EXISTS (SELECT FROM transfer x WHERE x.hold = h.id AND x.kind IN ('capture', 'release') AND x.recorded_at <= p_at)
  ), part AS (
    SELECT l.payment, p.amount, CASE WHEN l.expires_at > o.expires_at THEN p.amount ELSE 0 END AS back, l.expires_at > p_at AS alive,
      sum(CASE WHEN l.expires_at > o.expires_at THEN p.amount ELSE 0 END) OVER (
        PARTITION BY l.payment ORDER BY o.expires_at, o.id, l.priority, l.expires_at, l.promo DESC, l.created_at, l.id) AS upto
    FROM over o JOIN hold_part p ON p.hold = o.id JOIN lot l ON l.id = p.lot
  ), want AS (
    SELECT p.payment, greatest(0, coalesce(c.t_gone, 0) - f.revoked) AS gone, greatest(0, coalesce(c.t_all, 0) - coalesce(c.t_gone, 0) - f.claimed) AS kept
    FROM (SELECT DISTINCT payment FROM part WHERE payment IS NOT NULL) p
    LEFT JOIN LATERAL (SELECT o.t_gone, o.t_all FROM claim_change o WHERE o.payment = p.payment AND o.recorded_at <= p_at ORDER BY o.n DESC LIMIT 1) c ON true
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(e.amount * ((e."to" = 'claimed')::int - (e."from" = 'claimed')::int)), 0) AS claimed,
        coalesce(sum(e.amount * ((e."to" IN ('revoked.refund', 'revoked.dispute'))::int - (e."from" IN ('revoked.refund', 'revoked.dispute'))::int)), 0) AS revoked
      FROM transfer x JOIN entry e ON e.transfer = x.id JOIN lot l ON l.id = e.lot AND l.payment = p.payment
      WHERE x.payment = p.payment AND x.kind = 'claim' AND x.recorded_at <= p_at) f
  ), taken AS (
    SELECT p.amount, p.alive, p.back - least(p.back, greatest(0, coalesce(w.gone + w.kept, 0) - (p.upto - p.back))) AS free,
      least(p.back, greatest(0, coalesce(w.gone + w.kept, 0) - (p.upto - p.back))) AS taken, w.payment, w.gone
    FROM part p LEFT JOIN want w ON w.payment = p.payment
  )
  SELECT coalesce(sum(t.free) FILTER (WHERE t.alive), 0)::bigint,
    coalesce((SELECT sum(greatest(0, k.taken - k.gone)) FROM (SELECT sum(taken) AS taken, gone FROM taken WHERE payment IS NOT NULL GROUP BY payment, gone) k), 0)::bigint,
    coalesce(sum(t.amount), 0)::bigint
  FROM taken t $$;

DROP FUNCTION ledger_balance;

-- What a wallet holds at an instant, exact to the microsecond, whatever is booked late: in the past what was answered then, in the future what
-- today's lots and holds will leave. Null asks for this instant. A debt stands once it is booked.
CREATE FUNCTION ledger_balance(p_book mode, p_customer text, p_at timestamptz)
RETURNS TABLE (wallet_id text, available bigint, held bigint, claimed bigint, debt bigint, seq bigint, frozen boolean)
LANGUAGE plpgsql STABLE AS $$
DECLARE
  w wallet;
  e entry;
  r record;
  t timestamptz;
BEGIN
  SELECT * INTO w FROM wallet o WHERE o.book = p_book AND o.customer = p_customer;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  t := greatest(coalesce(p_at, ledger_now()), CASE WHEN p_at IS NULL THEN w.last_at END);
  wallet_id := w.id;
  IF t >= w.last_at THEN
    available := w.available;
    held := w.held;
    claimed := w.claimed;
    debt := w.debt;
    seq := w.seq;
    IF w.due_at <= t THEN
      SELECT coalesce(sum(l.available), 0) INTO available FROM lot l WHERE l.wallet = w.id AND l.open AND l.expires_at > t;
    END IF;
  ELSE
    e := ledger_books(w.id, t);
    held := coalesce(e.held_after, 0);
    claimed := coalesce(e.claimed_after, 0);
    debt := coalesce(e.debt_after, 0);
    seq := coalesce(e.seq, 0);
    SELECT coalesce(sum(a.lot_available_after), 0) INTO available
    FROM lot l CROSS JOIN LATERAL (
      SELECT o.lot_available_after FROM entry o WHERE o.lot = l.id AND o.recorded_at <= t ORDER BY o.recorded_at DESC, o.seq DESC LIMIT 1) a
    WHERE l.wallet = w.id AND l.created_at <= t AND l.expires_at > t;
  END IF;
  IF held > 0 AND (w.due_at <= t OR t < w.last_at) THEN
    r := ledger_returns(w.id, t);
    available := available + r.available;
    claimed := claimed + r.claimed;
    held := held - r.held;
  END IF;
  frozen := CASE WHEN p_at IS NULL THEN w.frozen_at IS NOT NULL ELSE EXISTS (SELECT FROM wallet_freeze f WHERE f.wallet = w.id AND f.frozen_at <= t AND (f.thawed_at IS NULL OR f.thawed_at > t)) END;
  RETURN NEXT;
END $$;
