-- What the console lists and searches by. A list is one realm's rows, newest first: each index below ends in the list's
-- order, so that a page is read from one place of one index, however many rows there are.

CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- DropIndex
DROP INDEX "payment_created_at_id_idx";

-- DropIndex
DROP INDEX "payment_state_created_at_id_idx";

-- DropIndex
DROP INDEX "payment_paid";

-- DropIndex
DROP INDEX "event_received_at_id_idx";

-- DropIndex
DROP INDEX "event_status_received_at_id_idx";

-- CreateIndex
CREATE INDEX "payment_realm_created_at_id_idx" ON "payment"("realm", "created_at", "id");

-- CreateIndex
CREATE INDEX "payment_realm_state_created_at_id_idx" ON "payment"("realm", "state", "created_at", "id");

-- CreateIndex
CREATE INDEX "payment_realm_currency_created_at_id_idx" ON "payment"("realm", "currency", "created_at", "id");

-- CreateIndex
CREATE INDEX "payment_kind" ON "payment"("realm", "kind", "created_at", "id") WHERE (kind <> 'pack'::payment_kind);

-- CreateIndex
CREATE INDEX "payment_reviewed" ON "payment"("realm", "review_reason", "created_at", "id") WHERE (review_reason IS NOT NULL);

-- Revenue is summed from this index alone.
-- CreateIndex
CREATE INDEX "payment_paid" ON "payment"("realm", "paid_at", "currency", "amount_paid") WHERE (state = 'paid'::payment_state);

-- Expressions: the amount that a list shows, and the last four digits of "visa •••• 4242".
CREATE INDEX "payment_amount" ON "payment"("realm", (coalesce("amount_paid", "amount_subtotal")), "created_at", "id");
CREATE INDEX "payment_last4" ON "payment"("realm", (right("card", 4)), "created_at", "id") WHERE (card IS NOT NULL);

-- CreateIndex
CREATE INDEX "customer_words" ON "customer" USING GIN ("email" gin_trgm_ops, "name" gin_trgm_ops);

-- CreateIndex
CREATE INDEX "stripe_call_realm_created_at_id_idx" ON "stripe_call"("realm", "created_at", "id");

-- CreateIndex
CREATE INDEX "stripe_call_request" ON "stripe_call"("request_id") WHERE (request_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "event_realm_received_at_id_idx" ON "event"("realm", "received_at", "id");

-- Done events are nearly all: their list is the list of all, and an event that is done leaves this index.
-- CreateIndex
CREATE INDEX "event_status" ON "event"("realm", "status", "received_at", "id") WHERE (status <> 'done'::event_status);

-- CreateIndex
CREATE INDEX "event_realm_type_received_at_idx" ON "event"("realm", "type", "received_at");

-- CreateIndex
CREATE INDEX "event_decision" ON "event"("realm", "decision", "received_at") WHERE (decision = ANY (ARRAY['duplicate'::event_decision, 'stale'::event_decision]));

-- CreateIndex
CREATE INDEX "event_caught_up" ON "event"("realm", "received_at", "id") WHERE (source = 'catch_up'::event_source);
