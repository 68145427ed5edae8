-- AlterTable
ALTER TABLE "replay" ADD COLUMN     "key" TEXT;

-- AlterTable
ALTER TABLE "sending" ADD COLUMN     "key" TEXT;

-- CreateIndex
CREATE UNIQUE INDEX "replay_key_key" ON "replay"("key");

-- CreateIndex
CREATE INDEX "sending_created_at_id_idx" ON "sending"("created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "sending_of_key" ON "sending"("endpoint", "key", "message") WHERE (key IS NOT NULL);

-- ── Rules that Prisma's schema cannot express ──────────────────────────────────────────────────────

-- What a click asked for stays, its key included: the same key is never another act.
DROP TRIGGER replay_stays ON replay;
CREATE TRIGGER replay_stays BEFORE DELETE OR TRUNCATE OR UPDATE OF id, realm, actor, reason, selection, dry_run, created_at, key
  ON replay FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE replay ENABLE ALWAYS TRIGGER replay_stays;
DROP TRIGGER sending_stays ON sending;
CREATE TRIGGER sending_stays BEFORE DELETE OR TRUNCATE OR UPDATE OF id, message, endpoint, n, replay_of, actor, created_at, key
  ON sending FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
