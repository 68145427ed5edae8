-- Per currency and line: what moved before p_from, and from p_from to before p_until. UTC days. One statement, hence of one instant. A time that is
-- rolled up to its end has no tail: its entries are not planned for, let alone read.
CREATE OR REPLACE FUNCTION finance_lines(p_book mode, p_from date, p_until date)
RETURNS TABLE (currency text, line finance_line, credits_before bigint, money_before bigint, credits bigint, money bigint)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  v_mark timestamptz := coalesce((SELECT m.until FROM finance_mark m), '-infinity');
  v_end timestamptz := p_until::timestamp AT TIME ZONE 'UTC';
BEGIN
  RETURN QUERY
  SELECT a.currency, a.line,
    coalesce(sum(a.credits) FILTER (WHERE a.day < p_from), 0)::bigint, coalesce(sum(a.money) FILTER (WHERE a.day < p_from), 0)::bigint,
    coalesce(sum(a.credits) FILTER (WHERE a.day >= p_from), 0)::bigint, coalesce(sum(a.money) FILTER (WHERE a.day >= p_from), 0)::bigint
  FROM (
    SELECT t.day, t.currency, t.line, t.credits, t.money FROM finance_total t WHERE t.book = p_book AND t.day < p_until
    UNION ALL
    SELECT m.day, m.currency, m.line, m.credits, m.money FROM finance_movements(v_mark, v_end) m WHERE m.book = p_book AND v_mark < v_end) a
  GROUP BY a.currency, a.line ORDER BY a.currency, a.line;
END $$;
