-- CreateEnum
CREATE TYPE "crossing_kind" AS ENUM ('low', 'depleted', 'expiring');

-- AlterTable
ALTER TABLE "book" ADD COLUMN     "expiry_notice_days" INTEGER,
ADD COLUMN     "low_balance" BIGINT;

-- AlterTable
ALTER TABLE "claim" ADD COLUMN     "owed" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "repaid" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "revoked_dispute" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "shortfall" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "t_debt" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "t_dispute" BIGINT NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "transfer" ADD COLUMN     "reason" TEXT;

-- CreateTable
CREATE TABLE "wallet_freeze" (
    "wallet" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "n" INTEGER NOT NULL,
    "frozen_at" TIMESTAMPTZ(6) NOT NULL,
    "frozen_by" TEXT NOT NULL,
    "thawed_at" TIMESTAMPTZ(6),
    "thawed_by" TEXT,

    CONSTRAINT "wallet_freeze_pkey" PRIMARY KEY ("wallet","cause","n")
);

-- CreateTable
CREATE TABLE "crossing" (
    "id" TEXT NOT NULL,
    "wallet" TEXT NOT NULL,
    "kind" "crossing_kind" NOT NULL,
    "lot" TEXT,
    "threshold" BIGINT NOT NULL,
    "available" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "told_at" TIMESTAMPTZ(6),

    CONSTRAINT "crossing_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "claim_change" (
    "payment" TEXT NOT NULL,
    "n" INTEGER NOT NULL,
    "recorded_at" TIMESTAMPTZ(6) NOT NULL,
    "t_gone" BIGINT NOT NULL,
    "t_all" BIGINT NOT NULL,
    "t_dispute" BIGINT NOT NULL,
    "t_debt" BIGINT NOT NULL,
    "actor" TEXT NOT NULL,

    CONSTRAINT "claim_change_pkey" PRIMARY KEY ("payment","n")
);

-- CreateIndex
CREATE UNIQUE INDEX "wallet_freeze_standing" ON "wallet_freeze"("wallet", "cause") WHERE (thawed_at IS NULL);

-- CreateIndex
CREATE INDEX "crossing_wallet_at_idx" ON "crossing"("wallet", "at");

-- CreateIndex
CREATE INDEX "crossing_untold" ON "crossing"("at", "id") WHERE (told_at IS NULL);

-- CreateIndex
CREATE UNIQUE INDEX "crossing_lot_kind_key" ON "crossing"("lot", "kind");

-- CreateIndex
CREATE INDEX "lot_expiring" ON "lot"("expires_at") WHERE (open AND (expires_at < 'infinity'::timestamp with time zone));

-- CreateIndex
CREATE UNIQUE INDEX "transfer_grants_once" ON "transfer"("payment") WHERE (kind = 'grant'::transfer_kind);

-- CreateIndex
CREATE INDEX "wallet_due" ON "wallet"("due_at") WHERE (due_at < 'infinity'::timestamp with time zone);

-- AddForeignKey
ALTER TABLE "wallet_freeze" ADD CONSTRAINT "wallet_freeze_wallet_fkey" FOREIGN KEY ("wallet") REFERENCES "wallet"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "crossing" ADD CONSTRAINT "crossing_wallet_fkey" FOREIGN KEY ("wallet") REFERENCES "wallet"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "crossing" ADD CONSTRAINT "crossing_lot_fkey" FOREIGN KEY ("lot") REFERENCES "lot"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "claim_change" ADD CONSTRAINT "claim_change_payment_fkey" FOREIGN KEY ("payment") REFERENCES "claim"("payment") ON DELETE RESTRICT ON UPDATE CASCADE;


-- ── Rules that Prisma's schema cannot express ──────────────────────────────────────────────────────

CREATE TRIGGER claim_change_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON claim_change FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE claim_change ENABLE ALWAYS TRIGGER claim_change_append_only;
CREATE TRIGGER crossing_stays BEFORE DELETE OR TRUNCATE OR UPDATE OF id, wallet, kind, lot, threshold, available, seq, at ON crossing FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE crossing ENABLE ALWAYS TRIGGER crossing_stays;
CREATE TRIGGER wallet_freeze_stays BEFORE DELETE OR TRUNCATE OR UPDATE OF wallet, cause, n, frozen_at, frozen_by ON wallet_freeze FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE wallet_freeze ENABLE ALWAYS TRIGGER wallet_freeze_stays;

ALTER TABLE book ADD CONSTRAINT book_thresholds_positive CHECK (low_balance > 0 AND expiry_notice_days > 0);
ALTER TABLE claim ADD CONSTRAINT claim_levels CHECK (
  0 <= t_dispute AND t_dispute <= t_gone AND 0 <= t_debt AND t_debt <= t_gone AND revoked_dispute >= 0
  AND 0 <= repaid AND repaid <= owed AND owed <= shortfall);
ALTER TABLE wallet_freeze ADD CONSTRAINT wallet_freeze_ends CHECK ((thawed_at IS NULL) = (thawed_by IS NULL));
ALTER TABLE crossing ADD CONSTRAINT crossing_expiring_has_lot CHECK ((kind = 'expiring') = (lot IS NOT NULL));
-- A hold is named by its transfer before its row stands: a key taken meanwhile then leaves nothing behind.
ALTER TABLE transfer ALTER CONSTRAINT transfer_hold_fkey DEFERRABLE INITIALLY DEFERRED;
