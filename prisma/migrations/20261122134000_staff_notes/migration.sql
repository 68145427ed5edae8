-- CreateTable
CREATE TABLE "staff_note" (
    "id" TEXT NOT NULL,
    "customer" TEXT NOT NULL,
    "author" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    "redacted_at" TIMESTAMPTZ(6),

    CONSTRAINT "staff_note_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "staff_note_customer_created_at_id_idx" ON "staff_note"("customer", "created_at", "id");

-- CreateIndex
CREATE INDEX "approval_requester_created_at_id_idx" ON "approval"("requester", "created_at", "id");

-- AddForeignKey
ALTER TABLE "staff_note" ADD CONSTRAINT "staff_note_customer_fkey" FOREIGN KEY ("customer") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- ── Rules that Prisma's schema cannot express ──────────────────────────────────────────────────────

-- A note says something until it is redacted, and nothing from then on.
ALTER TABLE staff_note ADD CONSTRAINT staff_note_says_something CHECK ((redacted_at IS NULL) = (text <> '')),
  ADD CONSTRAINT staff_note_length CHECK (char_length(text) <= 4000);

-- Who wrote what about whom is never edited; a redacted note stays redacted.
CREATE TRIGGER staff_note_stays BEFORE DELETE OR TRUNCATE OR UPDATE OF id, customer, author, created_at
  ON staff_note FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE staff_note ENABLE ALWAYS TRIGGER staff_note_stays;
CREATE TRIGGER staff_note_only_redacted BEFORE UPDATE ON staff_note FOR EACH ROW
  WHEN (OLD.redacted_at IS NOT NULL OR NEW.redacted_at IS NULL) EXECUTE FUNCTION refuse_change();
ALTER TABLE staff_note ENABLE ALWAYS TRIGGER staff_note_only_redacted;
