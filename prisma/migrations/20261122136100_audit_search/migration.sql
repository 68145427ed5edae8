-- The console's list is in order of time and narrowed by one of these; an append takes a lock anyway, so five small indexes cost it little.
-- DropIndex
DROP INDEX "audit_actor_seq_idx";

-- DropIndex
DROP INDEX "audit_subject_seq_idx";

-- CreateIndex
CREATE INDEX "audit_at_seq_idx" ON "audit"("at", "seq");

-- CreateIndex
CREATE INDEX "audit_subject_at_seq_idx" ON "audit"("subject", "at", "seq");

-- CreateIndex
CREATE INDEX "audit_actor_at_seq_idx" ON "audit"("actor", "at", "seq");

-- CreateIndex
CREATE INDEX "audit_act_at_seq_idx" ON "audit"("act", "at", "seq");

-- CreateIndex
CREATE INDEX "audit_reason" ON "audit"("reason", "at", "seq") WHERE (reason IS NOT NULL);

