-- CreateTable
CREATE TABLE "worker_heartbeat" (
    "id" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "pid" INTEGER NOT NULL,
    "started_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    "beat_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    "stopped_at" TIMESTAMPTZ(6),

    CONSTRAINT "worker_heartbeat_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "worker_heartbeat_beat_at_idx" ON "worker_heartbeat"("beat_at" DESC);

-- Written every few seconds and few: dead versions go at once, and updates stay on the page.
ALTER TABLE "worker_heartbeat" SET (fillfactor = 50, autovacuum_vacuum_threshold = 50);
