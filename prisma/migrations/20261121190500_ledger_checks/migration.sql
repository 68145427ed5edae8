-- ── The rules of a row, looked at once ─────────────────────────────────────────────────────────────
-- Postgres reads the text of a CHECK anew in every statement that writes its table: written out, the rules of wallet, lot and entry are a quarter of
-- a spend. So each table has one CHECK that calls a function, which a connection compiles once; it is plpgsql, since an SQL function would be put in
-- the CHECK's place, and it names nothing outside itself, so that a dump can be restored with any search_path. A broken rule is raised by its name.

-- No account of a wallet or a lot is ever negative, and a lot never holds more than was granted.
CREATE FUNCTION ledger_keeps_rules(w wallet) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  v_broken text := CASE
    WHEN w.available < 0 OR w.held < 0 OR w.claimed < 0 OR w.debt < 0 THEN 'wallet_not_negative'
    WHEN w.seq < 0 THEN 'wallet_seq_not_negative' END;
BEGIN
  IF v_broken IS NOT NULL THEN
    RAISE EXCEPTION 'new row for relation "wallet" violates check constraint "%"', v_broken
      USING ERRCODE = 'check_violation', TABLE = 'wallet', CONSTRAINT = v_broken;
  END IF;
  RETURN true;
END $$;

CREATE FUNCTION ledger_keeps_rules(l lot) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  v_broken text := CASE
    WHEN l.granted <= 0 OR l.available < 0 OR l.held < 0 OR l.claimed < 0 OR l.revoked < 0 OR l.expired < 0 OR l.moved < 0 THEN 'lot_not_negative'
    WHEN l.available + l.held + l.claimed + l.revoked + l.expired + l.moved > l.granted THEN 'lot_within_granted'
    WHEN NOT l.open AND l.available + l.held + l.claimed > 0 THEN 'lot_closed_is_empty' END;
BEGIN
  IF v_broken IS NOT NULL THEN
    RAISE EXCEPTION 'new row for relation "lot" violates check constraint "%"', v_broken
      USING ERRCODE = 'check_violation', TABLE = 'lot', CONSTRAINT = v_broken;
  END IF;
  RETURN true;
END $$;

-- Sum zero by construction: each entry takes from one account exactly what it gives to another. Only debt moves without a lot; else the sum of the
-- lots drifts from the wallet.
CREATE FUNCTION ledger_keeps_rules(e entry) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  v_broken text := CASE
    WHEN e.amount <= 0 THEN 'entry_amount_positive'
    WHEN e."from" = e."to" THEN 'entry_two_accounts'
    WHEN e.lot IS NULL AND (e."from" IN ('available', 'held', 'claimed') OR e."to" IN ('available', 'held', 'claimed')) THEN 'entry_names_lot'
    WHEN e.available_after < 0 OR e.held_after < 0 OR e.claimed_after < 0 OR e.debt_after < 0 THEN 'entry_after_not_negative'
    WHEN num_nulls(e.lot_available_after, e.lot_held_after, e.lot_claimed_after) <> CASE WHEN e.lot IS NULL THEN 3 ELSE 0 END
      OR e.lot_available_after < 0 OR e.lot_held_after < 0 OR e.lot_claimed_after < 0 THEN 'entry_lot_after'
    WHEN e.seq <= 0 THEN 'entry_seq_positive' END;
BEGIN
  IF v_broken IS NOT NULL THEN
    RAISE EXCEPTION 'new row for relation "entry" violates check constraint "%"', v_broken
      USING ERRCODE = 'check_violation', TABLE = 'entry', CONSTRAINT = v_broken;
  END IF;
  RETURN true;
END $$;

ALTER TABLE wallet
  ADD CONSTRAINT wallet_keeps_rules CHECK (ledger_keeps_rules(wallet)),
  DROP CONSTRAINT wallet_not_negative, DROP CONSTRAINT wallet_seq_not_negative;
ALTER TABLE lot
  ADD CONSTRAINT lot_keeps_rules CHECK (ledger_keeps_rules(lot)),
  DROP CONSTRAINT lot_not_negative, DROP CONSTRAINT lot_within_granted, DROP CONSTRAINT lot_closed_is_empty;
ALTER TABLE entry
  ADD CONSTRAINT entry_keeps_rules CHECK (ledger_keeps_rules(entry)),
  DROP CONSTRAINT entry_amount_positive, DROP CONSTRAINT entry_two_accounts, DROP CONSTRAINT entry_names_lot,
  DROP CONSTRAINT entry_after_not_negative, DROP CONSTRAINT entry_lot_after, DROP CONSTRAINT entry_seq_positive;
