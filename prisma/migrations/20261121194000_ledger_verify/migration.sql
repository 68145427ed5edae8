-- ── Verify ─────────────────────────────────────────────────────────────────────────────────────────
-- Each part looks at the rows of the wallets from p_from to before p_before (no bound when null; ranges that meet leave no row out, also of a wallet
-- that is missing) and names, per wallet, an entry and what is wrong there. Nothing is joined so that a missing row hides another.

DROP FUNCTION ledger_verify;

-- The chain: each hash from the one before it, the sequence, the time, and every balance from the movement.
CREATE FUNCTION ledger_verify_chain(p_from text, p_before text) RETURNS TABLE (wallet_id text, entry_seq bigint, fault text) LANGUAGE sql STABLE AS $$
  SELECT e.wallet, e.seq, v.fault
  FROM entry e
  LEFT JOIN entry p ON p.wallet = e.wallet AND p.seq = e.seq - 1 AND (p_from IS NULL OR p.wallet >= p_from) AND (p_before IS NULL OR p.wallet < p_before)
  LEFT JOIN wallet w ON w.id = e.wallet
  LEFT JOIN transfer x ON x.id = e.transfer
  LEFT JOIN lot l ON l.id = e.lot
  CROSS JOIN LATERAL (SELECT CASE
    WHEN p.seq IS NULL AND e.seq <> 1 THEN 'sequence has a gap'
    WHEN w.id IS NULL THEN 'wallet is missing'
    WHEN x.id IS NULL THEN 'transfer is missing'
    WHEN x.wallet <> e.wallet OR x.book <> w.book OR x.recorded_at <> e.recorded_at THEN 'transfer is of another wallet, book or time'
    WHEN l.id IS NULL AND e.lot IS NOT NULL THEN 'lot is missing'
    WHEN l.wallet <> e.wallet THEN 'lot is of another wallet'
    WHEN e.recorded_at < p.recorded_at THEN 'time runs back'
    WHEN e.available_after <> coalesce(p.available_after, 0) + e.amount * ((e."to" = 'available')::int - (e."from" = 'available')::int) THEN 'available does not follow'
    WHEN e.held_after <> coalesce(p.held_after, 0) + e.amount * ((e."to" = 'held')::int - (e."from" = 'held')::int) THEN 'held does not follow'
    WHEN e.claimed_after <> coalesce(p.claimed_after, 0) + e.amount * ((e."to" = 'claimed')::int - (e."from" = 'claimed')::int) THEN 'claimed does not follow'
    WHEN e.debt_after <> coalesce(p.debt_after, 0) + e.amount * ((e."to" = 'debt')::int - (e."from" = 'debt')::int) THEN 'debt does not follow'
    WHEN e.hash <> ledger_entry_hash(coalesce(p.hash, ledger_genesis(w.id, w.book, w.customer)), e, x, l) THEN 'hash does not follow'
    END AS fault) v
  WHERE (p_from IS NULL OR e.wallet >= p_from) AND (p_before IS NULL OR e.wallet < p_before) AND v.fault IS NOT NULL $$;

-- What each transfer's entries moved is what it says.
CREATE FUNCTION ledger_verify_transfers(p_from text, p_before text) RETURNS TABLE (wallet_id text, entry_seq bigint, fault text) LANGUAGE sql STABLE AS $$
  SELECT x.wallet, coalesce(f.seq, (SELECT w.seq FROM wallet w WHERE w.id = x.wallet), 0),
    CASE WHEN f.seq IS NULL THEN 'transfer has no entry' WHEN x.hold IS NOT NULL AND h.id IS NULL THEN 'hold is missing' ELSE 'transfer differs from its entries' END
  FROM transfer x
  LEFT JOIN hold h ON h.id = x.hold AND h.wallet = x.wallet
  LEFT JOIN (
    SELECT e.transfer, min(e.seq) AS seq, sum(e.amount) AS all_of_it, sum(e.amount) FILTER (WHERE e."to" = 'spent') AS spent,
      sum(e.amount) FILTER (WHERE e."from" = 'available') AS repaid
    FROM entry e WHERE (p_from IS NULL OR e.wallet >= p_from) AND (p_before IS NULL OR e.wallet < p_before) GROUP BY e.transfer) f ON f.transfer = x.id
  WHERE (p_from IS NULL OR x.wallet >= p_from) AND (p_before IS NULL OR x.wallet < p_before)
    AND (f.seq IS NULL OR (x.hold IS NOT NULL AND h.id IS NULL) OR x.amount IS DISTINCT FROM CASE x.kind WHEN 'capture' THEN f.spent WHEN 'repay' THEN f.repaid WHEN 'claim' THEN x.amount ELSE f.all_of_it END) $$;

-- Each lot rebuilt from its entries. A lot begins with the movement that fills it; a child takes over what its parent had revoked or spent, and
-- counts as moved there, unless it returns what the parent repaid for another payment: that had left the parent before.
CREATE FUNCTION ledger_verify_lots(p_from text, p_before text) RETURNS TABLE (wallet_id text, entry_seq bigint, fault text) LANGUAGE sql STABLE AS $$
  WITH flow AS (
    SELECT e.wallet, e.lot, min(e.seq) AS first_seq, max(e.seq) AS last_seq,
      sum(e.amount * ((e."to" = 'spent')::int - (e."from" = 'spent')::int)) AS spent,
      sum(e.amount) FILTER (WHERE e."to" = 'expired') AS expired,
      sum(e.amount * ((e."to" IN ('revoked.refund', 'revoked.dispute') AND x.kind <> 'repay')::int - (e."from" IN ('revoked.refund', 'revoked.dispute'))::int)) AS revoked,
      sum(e.amount) FILTER (WHERE e."from" = 'available' AND x.kind IN ('repay', 'adjust')) AS moved
    FROM entry e LEFT JOIN transfer x ON x.id = e.transfer
    WHERE e.lot IS NOT NULL AND (p_from IS NULL OR e.wallet >= p_from) AND (p_before IS NULL OR e.wallet < p_before)
    GROUP BY e.wallet, e.lot
  ), birth AS (
    SELECT l.id, l.wallet, l.parent_lot, l.granted, b."from", b.amount, x.kind = 'claim' AND x.payment IS DISTINCT FROM l.payment AS returns
    FROM lot l
    JOIN flow f ON f.lot = l.id AND f.wallet = l.wallet
    JOIN entry b ON b.wallet = f.wallet AND b.seq = f.first_seq
    LEFT JOIN transfer x ON x.id = b.transfer
  ), child AS (
    SELECT b.parent_lot AS lot, sum(b.granted) AS moved, sum(b.granted) FILTER (WHERE b."from" = 'spent') AS spent,
      sum(b.granted) FILTER (WHERE b."from" <> 'spent') AS revoked
    FROM birth b WHERE b.parent_lot IS NOT NULL AND NOT b.returns GROUP BY b.parent_lot
  )
  SELECT l.wallet, coalesce(f.last_seq, (SELECT w.seq FROM wallet w WHERE w.id = l.wallet), 0), v.fault
  FROM lot l
  LEFT JOIN flow f ON f.lot = l.id AND f.wallet = l.wallet
  LEFT JOIN entry e ON e.wallet = f.wallet AND e.seq = f.last_seq
  LEFT JOIN birth b ON b.id = l.id
  LEFT JOIN child c ON c.lot = l.id
  CROSS JOIN LATERAL (SELECT CASE
    WHEN f.lot IS NULL THEN 'lot has no entry'
    WHEN (e.lot_available_after, e.lot_held_after, e.lot_claimed_after) IS DISTINCT FROM (l.available, l.held, l.claimed) THEN 'lot differs from its last entry'
    WHEN b.amount <> l.granted OR (b."from" IN ('revoked.refund', 'revoked.dispute', 'spent')) <> (l.parent_lot IS NOT NULL) THEN 'lot differs from its first entry'
    WHEN l.expired <> coalesce(f.expired, 0) OR l.moved <> coalesce(f.moved, 0) + coalesce(c.moved, 0)
      OR l.revoked <> f.revoked - coalesce(c.revoked, 0) + CASE WHEN b."from" IN ('revoked.refund', 'revoked.dispute') THEN l.granted ELSE 0 END
      OR l.granted <> l.available + l.held + l.claimed + l.revoked + l.expired + l.moved + f.spent - coalesce(c.spent, 0)
        + CASE WHEN b."from" = 'spent' THEN l.granted ELSE 0 END THEN 'lot does not add up to what was granted'
    WHEN l.open <> (l.available + l.held + l.claimed > 0) THEN 'lot is open while empty, or closed while not'
    WHEN l.held <> coalesce((SELECT sum(p.amount) FROM hold_part p JOIN hold h ON h.id = p.hold WHERE p.lot = l.id AND h.state = 'active'), 0) THEN 'lot differs from the holds on it'
    END AS fault) v
  WHERE (p_from IS NULL OR l.wallet >= p_from) AND (p_before IS NULL OR l.wallet < p_before) AND v.fault IS NOT NULL $$;

-- Each hold against the transfers that made and ended it, its parts against the entries that filled them, in order.
CREATE FUNCTION ledger_verify_holds(p_from text, p_before text) RETURNS TABLE (wallet_id text, entry_seq bigint, fault text) LANGUAGE sql STABLE AS $$
  SELECT h.wallet, coalesce((SELECT min(e.seq) FROM entry e WHERE e.transfer = m.id), (SELECT w.seq FROM wallet w WHERE w.id = h.wallet), 0), v.fault
  FROM hold h
  LEFT JOIN transfer m ON m.hold = h.id AND m.kind = 'hold'
  LEFT JOIN LATERAL (
    SELECT count(*) AS n, min(CASE WHEN x.kind = 'capture' THEN 'captured' WHEN x.key = 'hold:' || h.id || ':expired' THEN 'expired' ELSE 'released' END) AS state
    FROM transfer x WHERE x.hold = h.id AND x.kind IN ('capture', 'release')) o ON true
  CROSS JOIN LATERAL (SELECT CASE
    WHEN m.id IS NULL THEN 'hold has no transfer'
    WHEN (m.wallet, m.amount, m.recorded_at) IS DISTINCT FROM (h.wallet, h.amount, h.created_at) THEN 'hold differs from its transfer'
    WHEN h.seal <> ledger_seal(h) THEN 'hold differs from its seal'
    WHEN EXISTS (
      SELECT FROM (SELECT p.n, p.lot, p.amount FROM hold_part p WHERE p.hold = h.id) p
      FULL JOIN (SELECT row_number() OVER (ORDER BY e.seq) AS n, e.lot, e.amount FROM entry e WHERE e.transfer = m.id) e USING (n)
      WHERE (p.lot, p.amount) IS DISTINCT FROM (e.lot, e.amount)) THEN 'hold differs from its parts'
    WHEN o.n > 1 OR coalesce(o.state, 'active') <> h.state::text THEN 'hold differs from what ended it'
    END AS fault) v
  WHERE (p_from IS NULL OR h.wallet >= p_from) AND (p_before IS NULL OR h.wallet < p_before) AND v.fault IS NOT NULL $$;

-- Each claim rebuilt from its levels and its entries, and what it should have moved against what it has.
CREATE FUNCTION ledger_verify_claims(p_from text, p_before text) RETURNS TABLE (wallet_id text, entry_seq bigint, fault text) LANGUAGE sql STABLE AS $$
  SELECT c.wallet, coalesce(m.last_seq, (SELECT w.seq FROM wallet w WHERE w.id = c.wallet), 0), v.fault
  FROM claim c
  LEFT JOIN payment p ON p.id = c.payment
  LEFT JOIN realm r ON r.id = p.realm
  LEFT JOIN wallet w ON w.customer = p.customer AND w.book = r.mode
  LEFT JOIN transfer g ON g.payment = c.payment AND g.kind = 'grant'
  LEFT JOIN LATERAL (SELECT o.* FROM claim_change o WHERE o.payment = c.payment ORDER BY o.n DESC LIMIT 1) s ON true
  CROSS JOIN LATERAL (
    SELECT count(*) AS lots, coalesce(sum(l.available), 0) AS available, coalesce(sum(l.held), 0) AS held, coalesce(sum(l.claimed), 0) AS claimed,
      coalesce(sum(l.revoked), 0) AS revoked, coalesce(sum(l.expired), 0) AS expired
    FROM lot l WHERE l.payment = c.payment) f
  CROSS JOIN LATERAL (
    SELECT max(e.seq) AS last_seq, count(DISTINCT x.id) FILTER (WHERE x.kind = 'claim') AS n,
      coalesce(sum(e.amount * ((e."to" = 'revoked.dispute')::int - (e."from" = 'revoked.dispute')::int))
        FILTER (WHERE x.kind = 'claim' AND (e.lot IS NULL OR l.payment = c.payment)), 0) AS revoked_dispute,
      coalesce(sum(e.amount * ((e."to" = 'debt')::int - (e."from" = 'debt')::int)) FILTER (WHERE x.kind = 'claim'), 0) AS owed,
      coalesce(sum(e.amount) FILTER (WHERE x.kind = 'repay' AND e."from" = 'debt'), 0) AS repaid,
      coalesce(sum(e.amount) FILTER (WHERE x.kind = 'claim' AND e."to" = 'available' AND l.payment IS DISTINCT FROM c.payment), 0) AS returned
    FROM transfer x JOIN entry e ON e.transfer = x.id LEFT JOIN lot l ON l.id = e.lot
    WHERE x.payment = c.payment AND x.kind IN ('claim', 'repay')) m
  CROSS JOIN LATERAL (SELECT CASE
    WHEN c.wallet IS DISTINCT FROM w.id OR c.granted <> coalesce(g.amount, p.credits) THEN 'claim differs from its payment'
    WHEN coalesce(s.n, 0) <> (SELECT count(*) FROM claim_change o WHERE o.payment = c.payment) THEN 'a level of the claim is missing'
    WHEN EXISTS (SELECT FROM claim_change o WHERE o.payment = c.payment AND o.seal <> ledger_seal(o)) THEN 'a level of the claim differs from its seal'
    WHEN (c.t_gone, c.t_all, c.t_dispute, c.t_debt) <> (coalesce(s.t_gone, 0), coalesce(s.t_all, 0), coalesce(s.t_dispute, 0), coalesce(s.t_debt, 0)) THEN 'claim differs from its last level'
    WHEN (c.n, c.revoked_dispute, c.owed, c.repaid) <> (m.n, m.revoked_dispute, m.owed - m.returned, m.repaid - m.returned) THEN 'claim differs from its entries'
    WHEN f.lots > 0 AND (f.revoked <> least(c.t_gone, f.available + f.claimed + f.revoked)
      OR f.claimed <> least(c.t_all - c.t_gone, f.available + f.claimed)
      OR c.shortfall <> greatest(0, c.t_gone - f.revoked - f.expired)
      OR c.owed > least(c.shortfall, c.t_debt) OR (f.held = 0 AND c.owed < least(c.shortfall, c.t_debt))) THEN 'claim is not settled'
    END AS fault) v
  WHERE (p_from IS NULL OR c.wallet >= p_from) AND (p_before IS NULL OR c.wallet < p_before) AND v.fault IS NOT NULL
  UNION ALL
  SELECT x.wallet, (SELECT min(e.seq) FROM entry e WHERE e.transfer = x.id), 'claim is missing'
  FROM transfer x
  WHERE x.kind = 'grant' AND x.payment IS NOT NULL AND NOT EXISTS (SELECT FROM claim c WHERE c.payment = x.payment AND c.wallet = x.wallet)
    AND (p_from IS NULL OR x.wallet >= p_from) AND (p_before IS NULL OR x.wallet < p_before) $$;

-- Each freeze against its seal, and none between others missing.
CREATE FUNCTION ledger_verify_freezes(p_from text, p_before text) RETURNS TABLE (wallet_id text, entry_seq bigint, fault text) LANGUAGE sql STABLE AS $$
  SELECT f.wallet, coalesce((SELECT w.seq FROM wallet w WHERE w.id = f.wallet), 0),
    CASE WHEN f.seal <> ledger_seal(f.o) THEN 'freeze differs from its seal' ELSE 'freeze is missing' END
  FROM (SELECT o, o.wallet, o.n, o.seal, row_number() OVER (PARTITION BY o.wallet, o.cause ORDER BY o.n) AS place FROM wallet_freeze o
        WHERE (p_from IS NULL OR o.wallet >= p_from) AND (p_before IS NULL OR o.wallet < p_before)) f
  WHERE f.seal <> ledger_seal(f.o) OR f.n <> f.place $$;

-- Each fall below a threshold against the entry after which it was told.
CREATE FUNCTION ledger_verify_crossings(p_from text, p_before text) RETURNS TABLE (wallet_id text, entry_seq bigint, fault text) LANGUAGE sql STABLE AS $$
  SELECT c.wallet, c.seq, 'crossing differs from its entry'
  FROM crossing c LEFT JOIN entry e ON e.wallet = c.wallet AND e.seq = c.seq
  WHERE c.kind IN ('low', 'depleted')
    AND ((e.available_after, e.recorded_at) IS DISTINCT FROM (c.available, c.at) OR c.kind <> CASE c.available WHEN 0 THEN 'depleted'::crossing_kind ELSE 'low' END
      OR c.threshold <= c.available AND c.kind = 'low')
    AND (p_from IS NULL OR c.wallet >= p_from) AND (p_before IS NULL OR c.wallet < p_before) $$;

-- The end of the chain: the wallet's head is its last entry.
CREATE FUNCTION ledger_verify_heads(p_from text, p_before text) RETURNS TABLE (wallet_id text, entry_seq bigint, fault text) LANGUAGE sql STABLE AS $$
  SELECT w.id, CASE WHEN coalesce(e.seq, 0) < w.seq THEN coalesce(e.seq, 0) + 1 WHEN e.seq > w.seq THEN w.seq + 1 ELSE w.seq END, v.fault
  FROM wallet w
  LEFT JOIN LATERAL (SELECT o.* FROM entry o WHERE o.wallet = w.id ORDER BY o.seq DESC LIMIT 1) e ON true
  CROSS JOIN LATERAL (SELECT CASE
    WHEN coalesce(e.seq, 0) < w.seq THEN 'entries are missing'
    WHEN e.seq > w.seq THEN 'entries stand beyond the head'
    WHEN coalesce(e.hash, ledger_genesis(w.id, w.book, w.customer)) <> w.head OR coalesce(e.recorded_at, '-infinity') <> w.last_at THEN 'head is not the last entry'
    WHEN (w.available, w.held, w.claimed, w.debt) <> (coalesce(e.available_after, 0), coalesce(e.held_after, 0), coalesce(e.claimed_after, 0), coalesce(e.debt_after, 0)) THEN 'wallet differs from its last entry'
    END AS fault) v
  WHERE (p_from IS NULL OR w.id >= p_from) AND (p_before IS NULL OR w.id < p_before) AND v.fault IS NOT NULL $$;

-- Each wallet against its lots, holds, claims and freezes.
CREATE FUNCTION ledger_verify_wallets(p_from text, p_before text) RETURNS TABLE (wallet_id text, entry_seq bigint, fault text) LANGUAGE sql STABLE AS $$
  SELECT w.id, w.seq, v.fault
  FROM wallet w
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(l.available), 0) AS available, coalesce(sum(l.held), 0) AS held, coalesce(sum(l.claimed), 0) AS claimed,
      min(l.expires_at) FILTER (WHERE l.available > 0) AS due_at
    FROM lot l WHERE l.wallet = w.id AND (l.open OR l.available + l.held + l.claimed > 0)) l
  CROSS JOIN LATERAL (SELECT CASE
    WHEN (w.available, w.held, w.claimed) <> (l.available, l.held, l.claimed) THEN 'wallet differs from the sum of its lots'
    WHEN w.held <> coalesce((SELECT sum(h.amount) FROM hold h WHERE h.wallet = w.id AND h.state = 'active'), 0) THEN 'wallet differs from its holds'
    WHEN w.debt <> coalesce((SELECT sum(c.owed - c.repaid) FROM claim c WHERE c.wallet = w.id), 0) THEN 'wallet differs from its claims'
    WHEN w.due_at > l.due_at OR w.due_at > (SELECT min(h.expires_at) FROM hold h WHERE h.wallet = w.id AND h.state = 'active') THEN 'an expiry would be missed'
    WHEN w.frozen_at IS DISTINCT FROM (SELECT min(f.frozen_at) FROM wallet_freeze f WHERE f.wallet = w.id AND f.thawed_at IS NULL) THEN 'wallet differs from its freezes'
    END AS fault) v
  WHERE (p_from IS NULL OR w.id >= p_from) AND (p_before IS NULL OR w.id < p_before) AND v.fault IS NOT NULL $$;

-- Names the first broken entry of each broken wallet: what broke its chain before what differs from it.
-- Planned anew for each range: a plan for any range would read all of the ledger for each. And without merge joins: one on the wallet alone would
-- hold each entry of a wallet against all of them.
CREATE FUNCTION ledger_verify(p_from text, p_before text) RETURNS TABLE (wallet_id text, entry_seq bigint, fault text)
LANGUAGE sql STABLE SET plan_cache_mode = force_custom_plan SET work_mem = '64MB' SET jit = off SET enable_mergejoin = off AS $$
  SELECT DISTINCT ON (f.wallet_id) f.wallet_id, f.entry_seq, f.fault
  FROM (
    SELECT 1 AS step, * FROM ledger_verify_chain(p_from, p_before)
    UNION ALL SELECT 2, * FROM ledger_verify_heads(p_from, p_before)
    UNION ALL SELECT 3, * FROM ledger_verify_lots(p_from, p_before)
    UNION ALL SELECT 4, * FROM ledger_verify_wallets(p_from, p_before)
    UNION ALL SELECT 5, * FROM ledger_verify_holds(p_from, p_before)
    UNION ALL SELECT 6, * FROM ledger_verify_claims(p_from, p_before)
    UNION ALL SELECT 7, * FROM ledger_verify_transfers(p_from, p_before)
    UNION ALL SELECT 8, * FROM ledger_verify_freezes(p_from, p_before)
    UNION ALL SELECT 9, * FROM ledger_verify_crossings(p_from, p_before)) f
  ORDER BY f.wallet_id, f.step, f.entry_seq $$;
