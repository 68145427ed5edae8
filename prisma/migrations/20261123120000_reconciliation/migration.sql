-- CreateEnum
CREATE TYPE "finding_state" AS ENUM ('open', 'repairing', 'repaired', 'dismissed');

-- CreateEnum
CREATE TYPE "reconcile_run_state" AS ENUM ('running', 'done', 'canceled');

-- AlterTable
ALTER TABLE "finding" ADD COLUMN     "actor" TEXT,
ADD COLUMN     "after" JSONB,
ADD COLUMN     "comment" TEXT,
ADD COLUMN     "credits" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "customer" TEXT,
ADD COLUMN     "evidence" JSONB,
ADD COLUMN     "object" TEXT,
ADD COLUMN     "object_id" TEXT,
ADD COLUMN     "payment" TEXT,
ADD COLUMN     "proven" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "reason" TEXT,
ADD COLUMN     "seen_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
ADD COLUMN     "state" "finding_state" NOT NULL DEFAULT 'open';

-- CreateTable
CREATE TABLE "reconcile_run" (
    "id" TEXT NOT NULL,
    "realm" TEXT NOT NULL,
    "plan" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "reason" TEXT,
    "from_at" TIMESTAMPTZ(6) NOT NULL,
    "before_at" TIMESTAMPTZ(6) NOT NULL,
    "state" "reconcile_run_state" NOT NULL DEFAULT 'running',
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    "ended_at" TIMESTAMPTZ(6),

    CONSTRAINT "reconcile_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reconcile_part" (
    "run" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "position" SMALLINT NOT NULL,
    "window_from" TIMESTAMPTZ(6) NOT NULL,
    "window_end" TIMESTAMPTZ(6) NOT NULL,
    "after" TEXT,
    "done_at" TIMESTAMPTZ(6),
    "lease" TEXT,
    "leased_until" TIMESTAMPTZ(6),
    "seen" BIGINT NOT NULL DEFAULT 0,
    "ours" BIGINT NOT NULL DEFAULT 0,
    "differing" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "reconcile_part_pkey" PRIMARY KEY ("run","kind")
);

-- CreateTable
CREATE TABLE "reconcile_shown" (
    "run" TEXT NOT NULL,
    "payment" TEXT NOT NULL,

    CONSTRAINT "reconcile_shown_pkey" PRIMARY KEY ("run","payment")
);

-- CreateTable
CREATE TABLE "auto_repair" (
    "realm" TEXT NOT NULL,
    "is_on" BOOLEAN NOT NULL,
    "actor" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "comment" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "auto_repair_pkey" PRIMARY KEY ("realm")
);

-- CreateIndex
CREATE INDEX "reconcile_run_realm_created_at_id_idx" ON "reconcile_run"("realm", "created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "reconcile_run_one" ON "reconcile_run"("realm", "plan") WHERE (state = 'running'::reconcile_run_state);

-- CreateIndex
CREATE INDEX "finding_realm_state_created_at_id_idx" ON "finding"("realm", "state", "created_at", "id");

-- CreateIndex
CREATE INDEX "finding_realm_created_at_id_idx" ON "finding"("realm", "created_at", "id");

-- CreateIndex
CREATE INDEX "finding_payment" ON "finding"("payment") WHERE (payment IS NOT NULL);

-- CreateIndex
CREATE INDEX "finding_customer" ON "finding"("customer") WHERE (customer IS NOT NULL);

-- AddForeignKey
ALTER TABLE "reconcile_run" ADD CONSTRAINT "reconcile_run_realm_fkey" FOREIGN KEY ("realm") REFERENCES "realm"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reconcile_part" ADD CONSTRAINT "reconcile_part_run_fkey" FOREIGN KEY ("run") REFERENCES "reconcile_run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "auto_repair" ADD CONSTRAINT "auto_repair_realm_fkey" FOREIGN KEY ("realm") REFERENCES "realm"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- A finding that is resolved says so by its state, and says when.
UPDATE finding SET state = 'repaired' WHERE resolved_at IS NOT NULL;
ALTER TABLE finding ADD CONSTRAINT finding_resolved CHECK ((resolved_at IS NOT NULL) = (state IN ('repaired', 'dismissed')));
-- Nobody dismisses without a name and a reason.
ALTER TABLE finding ADD CONSTRAINT finding_dismissed_by CHECK (state <> 'dismissed' OR (actor IS NOT NULL AND reason IS NOT NULL));
-- What can be read again is named whole.
ALTER TABLE finding ADD CONSTRAINT finding_object_whole CHECK ((object IS NULL) = (object_id IS NULL));
ALTER TABLE finding ADD CONSTRAINT finding_credits CHECK (credits >= 0);
-- Only what can be read again just before is repaired without a person.
ALTER TABLE finding ADD CONSTRAINT finding_proven CHECK (NOT proven OR object IS NOT NULL);

-- A span has a beginning before its end, and a run that ended says when.
ALTER TABLE reconcile_run ADD CONSTRAINT reconcile_run_span CHECK (from_at < before_at);
ALTER TABLE reconcile_run ADD CONSTRAINT reconcile_run_ended CHECK ((ended_at IS NULL) = (state = 'running'));
ALTER TABLE reconcile_part ADD CONSTRAINT reconcile_part_window CHECK (window_from <= window_end);
ALTER TABLE reconcile_part ADD CONSTRAINT reconcile_part_counts CHECK (seen >= 0 AND ours >= 0 AND differing >= 0);
-- A lease has an end.
ALTER TABLE reconcile_part ADD CONSTRAINT reconcile_part_lease CHECK ((lease IS NULL) = (leased_until IS NULL));

-- Lost with a crash of the server it costs questions to Stripe, never a wrong finding.
ALTER TABLE reconcile_shown SET UNLOGGED;
