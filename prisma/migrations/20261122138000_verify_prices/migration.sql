-- What a lot's credits carry of what was paid follows from its other columns, its parent and its payment: one that does not was altered.
CREATE FUNCTION ledger_verify_prices(p_from text, p_before text) RETURNS TABLE (wallet_id text, entry_seq bigint, fault text) LANGUAGE sql STABLE AS $$
  SELECT l.wallet, coalesce((SELECT max(e.seq) FROM entry e WHERE e.wallet = l.wallet AND e.lot = l.id), 0), 'lot differs from what was paid for it'
  FROM lot l
  LEFT JOIN lot o ON o.id = l.parent_lot
  LEFT JOIN payment p ON p.id = l.payment
  WHERE (p_from IS NULL OR l.wallet >= p_from) AND (p_before IS NULL OR l.wallet < p_before)
    AND (l.root_lot IS DISTINCT FROM CASE WHEN l.parent_lot IS NOT NULL THEN coalesce(o.root_lot, o.id) END
      OR l.net_minor IS DISTINCT FROM CASE WHEN l.parent_lot IS NULL THEN l.paid_minor - least(l.paid_minor, coalesce(p.amount_tax, 0)) END) $$;

CREATE OR REPLACE FUNCTION ledger_verify(p_from text, p_before text) RETURNS TABLE (wallet_id text, entry_seq bigint, fault text)
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
    UNION ALL SELECT 9, * FROM ledger_verify_crossings(p_from, p_before)
    UNION ALL SELECT 10, * FROM ledger_verify_prices(p_from, p_before)) f
  ORDER BY f.wallet_id, f.step, f.entry_seq $$;
