-- CreateEnum
CREATE TYPE "finance_line" AS ENUM ('sold.pack', 'sold.topup', 'sold.plan', 'sold.offline', 'given.pack', 'given.plan', 'given.promo', 'given.manual', 'given.external', 'adjusted.up', 'adjusted.down', 'spent', 'reversed', 'expired', 'revoked.refund', 'revoked.dispute', 'returned.refund', 'returned.dispute', 'repaid', 'repaid.returned', 'debt.owed', 'debt.cancelled', 'debt.repaid');

-- AlterTable
ALTER TABLE "lot" ADD COLUMN     "net_minor" BIGINT,
ADD COLUMN     "root_lot" TEXT;

-- CreateTable
CREATE TABLE "finance_total" (
    "book" "mode" NOT NULL,
    "day" DATE NOT NULL,
    "currency" TEXT NOT NULL,
    "line" "finance_line" NOT NULL,
    "credits" BIGINT NOT NULL,
    "money" BIGINT NOT NULL,

    CONSTRAINT "finance_total_pkey" PRIMARY KEY ("book","day","currency","line")
);

-- CreateTable
CREATE TABLE "finance_mark" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "until" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "finance_mark_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "lot_family" ON "lot"("root_lot") WHERE (root_lot IS NOT NULL);


-- ── What a lot's credits carry of what was paid ────────────────────────────────────────────────────

-- A child's credits were part of another lot, and carry the price of the one at the root. Beside the ledger's own rows: no hash covers it, it follows
-- from columns that are hashed, but for the tax, which is the payment's at the moment of the grant.
CREATE FUNCTION lot_price() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.parent_lot IS NULL THEN
    NEW.root_lot := NULL;
    NEW.net_minor := NEW.paid_minor - least(NEW.paid_minor, coalesce((SELECT p.amount_tax FROM payment p WHERE p.id = NEW.payment), 0));
  ELSE
    NEW.net_minor := NULL;
    NEW.root_lot := (SELECT coalesce(o.root_lot, o.id) FROM lot o WHERE o.id = NEW.parent_lot);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER lot_price BEFORE INSERT ON lot FOR EACH ROW WHEN (NEW.paid_minor IS NOT NULL OR NEW.parent_lot IS NOT NULL) EXECUTE FUNCTION lot_price();

WITH RECURSIVE family AS (
  SELECT id, id AS root FROM lot WHERE parent_lot IS NULL
  UNION ALL SELECT k.id, f.root FROM family f JOIN lot k ON k.parent_lot = f.id
)
UPDATE lot l SET root_lot = f.root FROM family f WHERE f.id = l.id AND l.parent_lot IS NOT NULL;
UPDATE lot l SET net_minor = l.paid_minor - least(l.paid_minor, coalesce((SELECT p.amount_tax FROM payment p WHERE p.id = l.payment), 0))
  WHERE l.paid_minor IS NOT NULL;

DROP TRIGGER lot_stays ON lot;
CREATE TRIGGER lot_stays BEFORE DELETE OR TRUNCATE
  OR UPDATE OF id, wallet, kind, priority, promo, expires_at, granted, payment, paid_minor, currency, net_minor, parent_lot, root_lot, created_at
  ON lot FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE lot ENABLE ALWAYS TRIGGER lot_stays;

-- ── Movements of outstanding credits and of deferred money ─────────────────────────────────────────

ALTER TABLE finance_mark ADD CONSTRAINT finance_mark_one_row CHECK (id = 1);

-- The instant before which no entry can come any more: see ledger_open_day, which is its day.
CREATE FUNCTION ledger_closed() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
  SELECT least(ledger_now() - interval '5 minutes', min(a.xact_start))
  FROM pg_stat_activity a WHERE a.datname = current_database() AND a.backend_xid IS NOT NULL AND a.pid <> pg_backend_pid() $$;
CREATE OR REPLACE FUNCTION ledger_open_day() RETURNS date LANGUAGE sql VOLATILE AS $$ SELECT (ledger_closed() AT TIME ZONE 'UTC')::date $$;

-- What is still deferred of p_net, paid for p_granted credits of which p_left are left. Rounded up: a part of a smallest unit is earned once the whole
-- of it is. numeric, since the product of two bigint may be none; div() is exact.
CREATE FUNCTION finance_deferred(p_net bigint, p_granted bigint, p_left bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE p_net WHEN 0 THEN 0 ELSE div(p_net::numeric * p_left + p_granted - 1, p_granted)::bigint END $$;

-- The line of a movement. What has no name is refused rather than swept together: the cast raises.
CREATE FUNCTION finance_line_of(
  p_kind transfer_kind, p_from ledger_account, p_to ledger_account, p_lot_kind lot_kind, p_own boolean, p_payment_kind payment_kind
) RETURNS finance_line LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN p_kind = 'grant' AND p_to = 'available' THEN
      (CASE WHEN p_payment_kind IS NULL THEN 'given.' || p_lot_kind ELSE 'sold.' || p_payment_kind END)::finance_line
    WHEN p_kind = 'adjust' AND p_from = 'issued.manual' THEN 'adjusted.up'
    WHEN p_kind = 'adjust' AND p_to = 'issued.manual' THEN 'adjusted.down'
    WHEN p_kind IN ('spend', 'capture') AND p_to = 'spent' THEN 'spent'
    WHEN p_kind = 'reverse' AND p_from = 'spent' THEN 'reversed'
    WHEN p_to = 'expired' THEN 'expired'
    WHEN p_kind = 'repay' AND p_from = 'available' THEN 'repaid'
    WHEN p_kind = 'repay' AND p_from = 'debt' THEN 'debt.repaid'
    WHEN p_kind = 'claim' AND p_to = 'debt' THEN 'debt.owed'
    WHEN p_kind = 'claim' AND p_from = 'debt' THEN 'debt.cancelled'
    WHEN p_kind = 'claim' AND p_to = 'revoked.refund' THEN 'revoked.refund'
    WHEN p_kind = 'claim' AND p_to = 'revoked.dispute' THEN 'revoked.dispute'
    -- Credits of another payment come back that had repaid this one's debt.
    WHEN p_kind = 'claim' AND NOT p_own THEN 'repaid.returned'
    WHEN p_kind = 'claim' AND p_from = 'revoked.refund' THEN 'returned.refund'
    WHEN p_kind = 'claim' AND p_from = 'revoked.dispute' THEN 'returned.dispute'
    ELSE ('no line for ' || p_kind || ': ' || p_from || ' to ' || p_to)::finance_line END $$;

-- Entries recorded from p_from to before p_until that change what wallets hold (available, held and claimed together) or owe. Of a lot's family what
-- is deferred is its root's price times what the family has left, before and after the entry: so the movements of any time sum to the difference.
CREATE FUNCTION finance_movements(p_from timestamptz, p_until timestamptz)
RETURNS TABLE (book mode, day date, currency text, line finance_line, credits bigint, money bigint) LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT x.book, (e.recorded_at AT TIME ZONE 'UTC')::date,
    coalesce(CASE WHEN e.lot IS NULL THEN p.currency ELSE r.currency END, ''),
    finance_line_of(x.kind, e."from", e."to", l.kind, l.payment IS NOT DISTINCT FROM x.payment, p.kind),
    sum(w.way * e.amount)::bigint,
    coalesce(sum(CASE WHEN r.net_minor > 0 THEN
      finance_deferred(r.net_minor, r.granted, f.left_after) - finance_deferred(r.net_minor, r.granted, f.left_after - w.way * e.amount) END), 0)::bigint
  FROM entry e
  JOIN transfer x ON x.id = e.transfer
  LEFT JOIN lot l ON l.id = e.lot
  LEFT JOIN lot r ON r.id = coalesce(l.root_lot, l.id)
  LEFT JOIN payment p ON p.id = x.payment AND (x.kind = 'grant' OR e.lot IS NULL)
  CROSS JOIN LATERAL (SELECT CASE WHEN e.lot IS NULL THEN (e."to" = 'debt')::int - (e."from" = 'debt')::int
    ELSE (e."to" IN ('available', 'held', 'claimed'))::int - (e."from" IN ('available', 'held', 'claimed'))::int END AS way) w
  LEFT JOIN LATERAL (
    SELECT e.lot_available_after + e.lot_held_after + e.lot_claimed_after + coalesce(sum(o.left_then), 0)::bigint AS left_after
    FROM (SELECT k.id FROM lot k WHERE k.root_lot = r.id UNION ALL SELECT l.root_lot WHERE l.root_lot IS NOT NULL) m
    CROSS JOIN LATERAL (
      SELECT o.lot_available_after + o.lot_held_after + o.lot_claimed_after AS left_then FROM entry o
      WHERE o.lot = m.id AND (o.recorded_at, o.seq) < (e.recorded_at, e.seq) ORDER BY o.recorded_at DESC, o.seq DESC LIMIT 1) o
    WHERE m.id <> l.id) f ON r.net_minor > 0
  WHERE e.recorded_at >= p_from AND e.recorded_at < p_until AND w.way <> 0
  GROUP BY 1, 2, 3, 4 $$;

-- Rolls up entries that are closed, a day's length at most, and answers whether there is more. Two at once wait for each other.
CREATE FUNCTION finance_roll() RETURNS boolean LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  v_closed timestamptz := ledger_closed();
  v_from timestamptz;
  v_until timestamptz;
BEGIN
  SELECT until INTO v_from FROM finance_mark FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO finance_mark (until) SELECT min(recorded_at) FROM entry HAVING min(recorded_at) IS NOT NULL ON CONFLICT DO NOTHING;
    SELECT until INTO v_from FROM finance_mark FOR UPDATE;
  END IF;
  IF v_from IS NULL OR v_from >= v_closed THEN
    RETURN false;
  END IF;
  v_until := least(v_closed, v_from + interval '1 day');
  INSERT INTO finance_total AS t (book, day, currency, line, credits, money)
  SELECT m.book, m.day, m.currency, m.line, m.credits, m.money FROM finance_movements(v_from, v_until) m
  ON CONFLICT (book, day, currency, line) DO UPDATE SET credits = t.credits + excluded.credits, money = t.money + excluded.money;
  UPDATE finance_mark SET until = v_until;
  RETURN v_until < v_closed;
END $$;

-- Per currency and line: what moved before p_from, and from p_from to before p_until. UTC days. One statement, hence of one instant.
CREATE FUNCTION finance_lines(p_book mode, p_from date, p_until date)
RETURNS TABLE (currency text, line finance_line, credits_before bigint, money_before bigint, credits bigint, money bigint)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  v_mark timestamptz := coalesce((SELECT m.until FROM finance_mark m), '-infinity');
BEGIN
  RETURN QUERY
  SELECT a.currency, a.line,
    coalesce(sum(a.credits) FILTER (WHERE a.day < p_from), 0)::bigint, coalesce(sum(a.money) FILTER (WHERE a.day < p_from), 0)::bigint,
    coalesce(sum(a.credits) FILTER (WHERE a.day >= p_from), 0)::bigint, coalesce(sum(a.money) FILTER (WHERE a.day >= p_from), 0)::bigint
  FROM (
    SELECT t.day, t.currency, t.line, t.credits, t.money FROM finance_total t WHERE t.book = p_book AND t.day < p_until
    UNION ALL
    SELECT m.day, m.currency, m.line, m.credits, m.money FROM finance_movements(v_mark, p_until::timestamp AT TIME ZONE 'UTC') m WHERE m.book = p_book) a
  GROUP BY a.currency, a.line ORDER BY a.currency, a.line;
END $$;

-- The same end counted another way, from the lots and wallets as they stand: outstanding credits and deferred money per currency.
CREATE FUNCTION finance_standing(p_book mode) RETURNS TABLE (currency text, credits bigint, money bigint) LANGUAGE sql STABLE AS $$
  SELECT coalesce(r.currency, ''), sum(f.credits)::bigint,
    coalesce(sum(finance_deferred(r.net_minor, r.granted, f.credits)), 0)::bigint
  FROM (
    SELECT coalesce(l.root_lot, l.id) AS root, sum(l.available + l.held + l.claimed)::bigint AS credits FROM lot l WHERE l.open GROUP BY 1) f
  JOIN lot r ON r.id = f.root
  JOIN wallet w ON w.id = r.wallet AND w.book = p_book
  GROUP BY 1 ORDER BY 1 $$;
