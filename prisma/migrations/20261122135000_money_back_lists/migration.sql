-- Refunds and disputes are listed by kind, and by where they stand, newest first.
CREATE INDEX "money_back_realm_kind_created_at_id_idx" ON "money_back"("realm", "kind", "created_at", "id");
CREATE INDEX "money_back_realm_kind_status_created_at_id_idx" ON "money_back"("realm", "kind", "status", "created_at", "id");
