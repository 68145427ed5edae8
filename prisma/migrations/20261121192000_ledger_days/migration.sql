-- CreateTable
CREATE TABLE "day_root" (
    "book" "mode" NOT NULL,
    "day" DATE NOT NULL,
    "root" BYTEA NOT NULL,
    "wallets" BIGINT NOT NULL,
    "entries" BIGINT NOT NULL,
    "faults" INTEGER NOT NULL,
    "recorded_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "day_root_pkey" PRIMARY KEY ("book","day")
);

-- CreateIndex
CREATE INDEX "entry_recorded_at" ON "entry" USING BRIN ("recorded_at");


-- ── Days of the ledger: their totals, and when they are over ───────────────────────────────────────

CREATE TRIGGER day_root_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON day_root FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE day_root ENABLE ALWAYS TRIGGER day_root_append_only;

-- Entries stand in the order of their time, within a transaction's length: a few bytes per 32 pages find a day, and cost an insert next to nothing.
ALTER INDEX entry_recorded_at SET (pages_per_range = 32, autosummarize = on);

-- The first UTC day that may still get entries. An act takes its time before it commits, so a day is over once every transaction that writes and
-- began before its end has ended. Those of other roles are hidden from pg_stat_activity: for them five minutes are added, fifteen times as long as a
-- transaction of ours may take. It must be asked in a statement before the one that reads the entries.
CREATE FUNCTION ledger_open_day() RETURNS date LANGUAGE sql VOLATILE AS $$
  SELECT (least(ledger_now() - interval '5 minutes', min(a.xact_start)) AT TIME ZONE 'UTC')::date
  FROM pg_stat_activity a WHERE a.datname = current_database() AND a.backend_xid IS NOT NULL AND a.pid <> pg_backend_pid() $$;

-- What each account of each book gained and lost per UTC day, of the entries recorded from p_from to before p_until.
CREATE FUNCTION ledger_flows(p_from timestamptz, p_until timestamptz) RETURNS TABLE (book mode, account ledger_account, day date, amount bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT m.book, a.account, m.day, sum(a.amount)::bigint
  FROM (
    SELECT w.book, (e.recorded_at AT TIME ZONE 'UTC')::date AS day, e."from", e."to", sum(e.amount) AS amount
    FROM entry e JOIN wallet w ON w.id = e.wallet
    WHERE e.recorded_at >= p_from AND e.recorded_at < p_until
    GROUP BY 1, 2, 3, 4) m
  CROSS JOIN LATERAL (VALUES (m."from", -m.amount), (m."to", m.amount)) a (account, amount)
  GROUP BY 1, 2, 3 $$;

-- Rolls up the days that are over and not yet rolled up, all of them or none; a day without entries has its zeros, so that the last day is known.
-- Answers how many days. Run twice at once it writes the same once.
CREATE FUNCTION ledger_roll_totals() RETURNS int LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  v_until date := ledger_open_day();
  v_from date := coalesce((SELECT max(day) + 1 FROM book_total), (SELECT (min(recorded_at) AT TIME ZONE 'UTC')::date FROM entry));
BEGIN
  IF v_from IS NULL OR v_from >= v_until THEN
    RETURN 0;
  END IF;
  INSERT INTO book_total (book, account, day, amount)
  SELECT b.id, a.account, d.day::date, coalesce(f.amount, 0)
  FROM book b
  CROSS JOIN unnest(enum_range(NULL::ledger_account)) a (account)
  CROSS JOIN generate_series(v_from::timestamp, v_until::timestamp - interval '1 day', interval '1 day') d (day)
  LEFT JOIN ledger_flows(v_from::timestamp AT TIME ZONE 'UTC', v_until::timestamp AT TIME ZONE 'UTC') f
    ON f.book = b.id AND f.account = a.account AND f.day = d.day::date
  ON CONFLICT DO NOTHING;
  RETURN v_until - v_from;
END $$;

-- The accounts of a book from all entries recorded before p_until (of all when null): what they held when the last UTC day of that time began, and
-- what moved since. Days that are rolled up are read from book_total, the tail from the entries.
CREATE FUNCTION ledger_totals(p_book mode, p_until timestamptz) RETURNS TABLE (account ledger_account, opening bigint, moved bigint)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  v_day date := (coalesce(p_until - interval '1 microsecond', ledger_now()) AT TIME ZONE 'UTC')::date;
  v_rolled date := coalesce((SELECT max(t.day) + 1 FROM book_total t WHERE t.day < v_day), '-infinity');
BEGIN
  RETURN QUERY
  SELECT a.account,
    (coalesce((SELECT sum(t.amount) FROM book_total t WHERE t.book = p_book AND t.account = a.account AND t.day < v_rolled), 0)
      + coalesce(sum(f.amount) FILTER (WHERE f.day < v_day), 0))::bigint,
    coalesce(sum(f.amount) FILTER (WHERE f.day >= v_day), 0)::bigint
  FROM unnest(enum_range(NULL::ledger_account)) a (account)
  LEFT JOIN ledger_flows(v_rolled::timestamp AT TIME ZONE 'UTC', coalesce(p_until, 'infinity')) f
    ON f.account = a.account AND f.book = p_book
  GROUP BY a.account ORDER BY a.account;
END $$;

-- The totals that the entries do not bear out, of one book or of all.
CREATE FUNCTION ledger_verify_totals(p_book mode) RETURNS TABLE (book mode, day date, account ledger_account, rolled bigint, counted bigint)
LANGUAGE sql STABLE SET plan_cache_mode = force_custom_plan AS $$
  SELECT coalesce(t.book, f.book), coalesce(t.day, f.day), coalesce(t.account, f.account), coalesce(t.amount, 0), coalesce(f.amount, 0)
  FROM book_total t
  FULL JOIN ledger_flows('-infinity', (SELECT (max(m.day) + 1)::timestamp AT TIME ZONE 'UTC' FROM book_total m)) f
    ON f.book = t.book AND f.account = t.account AND f.day = t.day
  WHERE coalesce(t.amount, 0) <> coalesce(f.amount, 0) AND (p_book IS NULL OR coalesce(t.book, f.book) = p_book)
  ORDER BY 1, 2, 3 $$;
