-- Revenue, sales and their credits per day are read from this index alone.
-- DropIndex
DROP INDEX "payment_paid";

-- CreateIndex
CREATE INDEX "payment_paid" ON "payment"("realm", "paid_at", "currency", "amount_paid", "credits") WHERE (state = 'paid'::payment_state);

-- Credits granted for payments per day from p_since on.
CREATE FUNCTION finance_sold_days(p_book mode, p_since date) RETURNS TABLE (day date, credits bigint)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  v_mark timestamptz := coalesce((SELECT m.until FROM finance_mark m), '-infinity');
BEGIN
  RETURN QUERY
  SELECT t.day, t.credits FROM finance_total t
    WHERE t.book = p_book AND t.day >= p_since AND t.line IN ('sold.pack', 'sold.topup', 'sold.plan', 'sold.offline')
  UNION ALL
  SELECT m.day, m.credits FROM finance_movements(v_mark, 'infinity') m
    WHERE m.book = p_book AND m.day >= p_since AND m.line IN ('sold.pack', 'sold.topup', 'sold.plan', 'sold.offline');
END $$;
