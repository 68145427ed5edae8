-- AlterTable
ALTER TABLE "hold" ADD COLUMN     "seal" BYTEA;

-- AlterTable
ALTER TABLE "claim_change" ADD COLUMN     "seal" BYTEA;

-- AlterTable
ALTER TABLE "wallet_freeze" ADD COLUMN     "seal" BYTEA;


-- ── Seals of what no entry says ────────────────────────────────────────────────────────────────────
-- The chain of entries vouches for transfers and lots. When a hold ends, which levels a claim was set to and who froze a wallet stand in no entry:
-- each such row carries a hash of itself, written as it is made, so that verify sees a change.

CREATE FUNCTION ledger_seal(h hold) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT sha256(convert_to(json_build_array('hold v1', h.id, h.wallet, h.amount, extract(epoch FROM h.expires_at), extract(epoch FROM h.created_at))::text, 'UTF8')) $$;

CREATE FUNCTION ledger_seal(c claim_change) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT sha256(convert_to(json_build_array('claim v1', c.payment, c.n, extract(epoch FROM c.recorded_at), c.t_gone, c.t_all, c.t_dispute, c.t_debt, c.actor)::text, 'UTF8')) $$;

CREATE FUNCTION ledger_seal(f wallet_freeze) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT sha256(convert_to(json_build_array('freeze v1', f.wallet, f.cause, f.n, extract(epoch FROM f.frozen_at), f.frozen_by, extract(epoch FROM f.thawed_at), f.thawed_by)::text, 'UTF8')) $$;

CREATE FUNCTION ledger_write_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.seal := ledger_seal(NEW);
  RETURN NEW;
END $$;

UPDATE hold h SET seal = ledger_seal(h);
ALTER TABLE claim_change DISABLE TRIGGER claim_change_append_only;
UPDATE claim_change c SET seal = ledger_seal(c);
ALTER TABLE claim_change ENABLE ALWAYS TRIGGER claim_change_append_only;
UPDATE wallet_freeze f SET seal = ledger_seal(f);
ALTER TABLE hold ALTER COLUMN seal SET NOT NULL;
ALTER TABLE claim_change ALTER COLUMN seal SET NOT NULL;
ALTER TABLE wallet_freeze ALTER COLUMN seal SET NOT NULL;

-- Sealed once. A freeze is sealed again by the thaw that ends it, and by nothing else.
CREATE TRIGGER hold_seal BEFORE INSERT ON hold FOR EACH ROW EXECUTE FUNCTION ledger_write_seal();
CREATE TRIGGER claim_change_seal BEFORE INSERT ON claim_change FOR EACH ROW EXECUTE FUNCTION ledger_write_seal();
CREATE TRIGGER wallet_freeze_seal BEFORE INSERT ON wallet_freeze FOR EACH ROW EXECUTE FUNCTION ledger_write_seal();
CREATE TRIGGER wallet_freeze_thaw_seal BEFORE UPDATE ON wallet_freeze FOR EACH ROW WHEN (OLD.thawed_at IS NULL AND NEW.thawed_at IS NOT NULL)
  EXECUTE FUNCTION ledger_write_seal();
