-- CreateEnum
CREATE TYPE "alert_state" AS ENUM ('pending', 'open', 'resolved');

-- CreateEnum
CREATE TYPE "alert_notice_state" AS ENUM ('queued', 'sent', 'failed');

-- CreateTable
CREATE TABLE "ledger_drift" (
    "subject" TEXT NOT NULL,
    "wallet" TEXT,
    "fault" TEXT NOT NULL,
    "first_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    "seen_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    "times" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "ledger_drift_pkey" PRIMARY KEY ("subject")
);

-- CreateTable
CREATE TABLE "alert" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "detail" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "page" TEXT NOT NULL,
    "state" "alert_state" NOT NULL DEFAULT 'pending',
    "first_seen_at" TIMESTAMPTZ(6) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(6) NOT NULL,
    "clear_since" TIMESTAMPTZ(6),
    "raised_at" TIMESTAMPTZ(6),
    "resolved_at" TIMESTAMPTZ(6),
    "told" INTEGER NOT NULL DEFAULT 0,
    "told_at" TIMESTAMPTZ(6),
    "told_size" INTEGER NOT NULL DEFAULT 0,
    "acknowledged_at" TIMESTAMPTZ(6),
    "acknowledged_by" TEXT,
    "comment" TEXT,

    CONSTRAINT "alert_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_notice" (
    "id" TEXT NOT NULL,
    "alert" TEXT NOT NULL,
    "n" INTEGER NOT NULL,
    "what" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "state" "alert_notice_state" NOT NULL DEFAULT 'queued',
    "tries" INTEGER NOT NULL DEFAULT 0,
    "last_error" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    "ended_at" TIMESTAMPTZ(6),

    CONSTRAINT "alert_notice_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_rule" (
    "kind" TEXT NOT NULL,
    "is_on" BOOLEAN NOT NULL,
    "threshold" INTEGER NOT NULL,
    "hold_minutes" INTEGER NOT NULL,
    "remind_hours" INTEGER NOT NULL,

    CONSTRAINT "alert_rule_pkey" PRIMARY KEY ("kind")
);

-- CreateTable
CREATE TABLE "alert_channel" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "mail_to" TEXT[],
    "webhook_url" TEXT,
    "webhook_secret" TEXT,

    CONSTRAINT "alert_channel_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "ledger_drift_seen_at_idx" ON "ledger_drift"("seen_at");

-- CreateIndex
CREATE INDEX "alert_raised" ON "alert"("raised_at" DESC, "id") WHERE (raised_at IS NOT NULL);

-- CreateIndex
CREATE UNIQUE INDEX "alert_stands_once" ON "alert"("kind", "subject") WHERE (state <> 'resolved'::alert_state);

-- CreateIndex
CREATE INDEX "alert_notice_queued" ON "alert_notice"("created_at", "id") WHERE (state = 'queued'::alert_notice_state);

-- CreateIndex
CREATE UNIQUE INDEX "alert_notice_alert_n_key" ON "alert_notice"("alert", "n");

-- AddForeignKey
ALTER TABLE "alert_notice" ADD CONSTRAINT "alert_notice_alert_fkey" FOREIGN KEY ("alert") REFERENCES "alert"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- What was raised was told, and what is resolved was raised: a pending alert that clears leaves no row.
ALTER TABLE "alert" ADD CONSTRAINT "alert_is_told" CHECK (("state" = 'pending') = ("raised_at" IS NULL) AND ("told" > 0) = ("raised_at" IS NOT NULL));
ALTER TABLE "alert" ADD CONSTRAINT "alert_ends_once" CHECK (("state" = 'resolved') = ("resolved_at" IS NOT NULL));
-- Whoever acknowledges says who and why.
ALTER TABLE "alert" ADD CONSTRAINT "alert_acknowledged_by_whom" CHECK (num_nonnulls("acknowledged_at", "acknowledged_by", "comment") IN (0, 3));
ALTER TABLE "alert_notice" ADD CONSTRAINT "alert_notice_says_what" CHECK ("what" IN ('raised', 'reminded', 'resolved'));
ALTER TABLE "alert_notice" ADD CONSTRAINT "alert_notice_ends" CHECK (("state" = 'queued') = ("ended_at" IS NULL));
-- A threshold of nothing would always stand.
ALTER TABLE "alert_rule" ADD CONSTRAINT "alert_rule_is_sane" CHECK ("threshold" > 0 AND "hold_minutes" BETWEEN 0 AND 1440 AND "remind_hours" BETWEEN 1 AND 720);
-- One row, and a webhook is signed.
ALTER TABLE "alert_channel" ADD CONSTRAINT "alert_channel_is_one" CHECK ("id" = 1);
ALTER TABLE "alert_channel" ADD CONSTRAINT "alert_channel_signs" CHECK (num_nonnulls("webhook_url", "webhook_secret") IN (0, 2));
INSERT INTO "alert_channel" ("id", "mail_to") VALUES (1, '{}');
