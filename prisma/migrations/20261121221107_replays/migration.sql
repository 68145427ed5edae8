-- CreateEnum
CREATE TYPE "replay_state" AS ENUM ('running', 'done', 'canceled');

-- CreateTable
CREATE TABLE "replay" (
    "id" TEXT NOT NULL,
    "realm" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "selection" JSONB NOT NULL,
    "dry_run" BOOLEAN NOT NULL,
    "state" "replay_state" NOT NULL DEFAULT 'running',
    "cursor" TEXT,
    "total" INTEGER NOT NULL,
    "done" INTEGER NOT NULL DEFAULT 0,
    "skipped" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    "paged_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    "ended_at" TIMESTAMPTZ(6),

    CONSTRAINT "replay_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "replay_item" (
    "replay" TEXT NOT NULL,
    "event" TEXT NOT NULL,
    "realm" TEXT NOT NULL,
    "run_before" INTEGER NOT NULL,
    "predicted" TEXT,
    "predicted_code" TEXT,
    "predicted_detail" TEXT,

    CONSTRAINT "replay_item_pkey" PRIMARY KEY ("replay","event")
);

-- CreateIndex
CREATE INDEX "replay_realm_created_at_id_idx" ON "replay"("realm", "created_at", "id");

-- CreateIndex
CREATE INDEX "replay_running" ON "replay"("paged_at") WHERE (state = 'running'::replay_state);

-- CreateIndex
CREATE INDEX "replay_item_realm_event_idx" ON "replay_item"("realm", "event");

-- AddForeignKey
ALTER TABLE "replay" ADD CONSTRAINT "replay_realm_fkey" FOREIGN KEY ("realm") REFERENCES "realm"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "replay_item" ADD CONSTRAINT "replay_item_replay_fkey" FOREIGN KEY ("replay") REFERENCES "replay"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "replay_item" ADD CONSTRAINT "replay_item_realm_event_fkey" FOREIGN KEY ("realm", "event") REFERENCES "event"("realm", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ── Rules that Prisma's schema cannot express ──────────────────────────────────────────────────────

ALTER TABLE replay
  ADD CONSTRAINT replay_counts CHECK (total >= 0 AND done >= 0 AND skipped BETWEEN 0 AND done),
  ADD CONSTRAINT replay_ended CHECK ((state = 'running') = (ended_at IS NULL)),
  ADD CONSTRAINT replay_has_reason CHECK (btrim(reason) <> '');
-- Who asked for what stays, and an ended replay stays ended.
CREATE TRIGGER replay_stays BEFORE DELETE OR TRUNCATE OR UPDATE OF id, realm, actor, reason, selection, dry_run, created_at
  ON replay FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE replay ENABLE ALWAYS TRIGGER replay_stays;
CREATE TRIGGER replay_ends_once BEFORE UPDATE ON replay FOR EACH ROW WHEN (OLD.state <> 'running') EXECUTE FUNCTION refuse_change();
ALTER TABLE replay ENABLE ALWAYS TRIGGER replay_ends_once;
CREATE TRIGGER replay_item_append_only BEFORE UPDATE OR TRUNCATE ON replay_item FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE replay_item ENABLE ALWAYS TRIGGER replay_item_append_only;
