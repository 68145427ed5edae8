-- What is on its way, given up or canceled is listed newest first. Nearly all is sent: that list is the list of all, and what is sent leaves this index.
-- CreateIndex
CREATE INDEX "sending_unsent" ON "sending"("state", "created_at", "id") WHERE (state <> 'sent'::sending_state);
