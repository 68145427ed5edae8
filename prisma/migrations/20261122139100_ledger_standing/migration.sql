-- CreateTable
CREATE TABLE "book_standing" (
    "book" "mode" NOT NULL,
    "account" "ledger_account" NOT NULL,
    "amount" BIGINT NOT NULL,
    "until" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "book_standing_pkey" PRIMARY KEY ("book","account")
);

-- ── What the accounts of a book hold now ───────────────────────────────────────────────────────────
-- The sum over all wallets of a book, without reading a row for each: kept up to an instant before which no entry can come any more, and from there
-- on read from the entries. However many wallets there are, what is read is the minutes since the last roll.

-- Rolls up entries that are closed, a day's length at most, and answers whether there is more. Two at once wait for each other.
CREATE FUNCTION ledger_roll_standing() RETURNS boolean LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  v_closed timestamptz := ledger_closed();
  v_from timestamptz;
  v_until timestamptz;
BEGIN
  INSERT INTO book_standing (book, account, amount, until)
  SELECT b, a, 0, e.first
  FROM (SELECT min(recorded_at) AS first FROM entry WHERE NOT EXISTS (SELECT FROM book_standing)) e,
    unnest(enum_range(NULL::mode)) b, unnest(enum_range(NULL::ledger_account)) a
  WHERE e.first IS NOT NULL ON CONFLICT DO NOTHING;
  PERFORM FROM book_standing ORDER BY book, account FOR UPDATE;
  SELECT min(until) INTO v_from FROM book_standing;
  IF v_from IS NULL OR v_from >= v_closed THEN
    RETURN false;
  END IF;
  v_until := least(v_closed, v_from + interval '1 day');
  WITH flow AS MATERIALIZED (SELECT f.book, f.account, sum(f.amount)::bigint AS amount FROM ledger_flows(v_from, v_until) f GROUP BY 1, 2)
  UPDATE book_standing s SET until = v_until,
    amount = s.amount + coalesce((SELECT f.amount FROM flow f WHERE f.book = s.book AND f.account = s.account), 0);
  RETURN v_until < v_closed;
END $$;

-- What each account of a book holds at this instant. One statement, hence of one instant.
CREATE FUNCTION ledger_standing(p_book mode) RETURNS TABLE (account ledger_account, amount bigint)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  v_mark timestamptz := coalesce((SELECT min(s.until) FROM book_standing s), '-infinity');
BEGIN
  RETURN QUERY
  SELECT a.account, sum(a.amount)::bigint
  FROM (
    SELECT s.account, s.amount FROM book_standing s WHERE s.book = p_book
    UNION ALL
    SELECT f.account, f.amount FROM ledger_flows(v_mark, 'infinity') f WHERE f.book = p_book) a
  GROUP BY a.account;
END $$;
