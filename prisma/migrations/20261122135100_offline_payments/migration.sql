CREATE TYPE "offline_channel" AS ENUM ('wire', 'invoice', 'marketplace', 'other');

CREATE TABLE "offline_payment" (
    "payment" TEXT NOT NULL,
    "book" "mode" NOT NULL,
    "channel" "offline_channel" NOT NULL,
    "reference" TEXT NOT NULL,
    "reference_key" TEXT NOT NULL,
    "approval" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "offline_payment_pkey" PRIMARY KEY ("payment")
);

CREATE UNIQUE INDEX "offline_payment_approval_key" ON "offline_payment"("approval");
CREATE UNIQUE INDEX "offline_payment_book_channel_reference_key_key" ON "offline_payment"("book", "channel", "reference_key");

ALTER TABLE "offline_payment" ADD CONSTRAINT "offline_payment_payment_fkey" FOREIGN KEY ("payment") REFERENCES "payment"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "offline_payment" ADD CONSTRAINT "offline_payment_approval_fkey" FOREIGN KEY ("approval") REFERENCES "approval"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- The key of a reference has neither spaces nor capitals, so that writing it otherwise records nothing twice.
ALTER TABLE offline_payment ADD CONSTRAINT offline_payment_reference_key CHECK (reference_key <> '' AND reference_key = lower(reference_key) AND reference_key !~ '\s');

-- What a person recorded stays as it was approved.
CREATE TRIGGER offline_payment_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON offline_payment FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE offline_payment ENABLE ALWAYS TRIGGER offline_payment_append_only;

-- It takes two people: a row names the request of its own book that was carried out for it.
CREATE FUNCTION offline_payment_approved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM approval a WHERE a.id = NEW.approval AND a.act = 'offline' AND a.book = NEW.book AND a.state = 'executed') THEN
    RAISE EXCEPTION 'offline payment % was approved by nobody', NEW.payment;
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER offline_payment_approved AFTER INSERT ON offline_payment DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION offline_payment_approved();

-- A payment of this kind is paid only as a recorded one.
CREATE FUNCTION payment_offline_recorded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM offline_payment o WHERE o.payment = NEW.id) THEN
    RAISE EXCEPTION 'payment % was recorded by nobody', NEW.id;
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER payment_offline_recorded AFTER INSERT OR UPDATE OF state ON payment DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.kind = 'offline' AND NEW.state = 'paid') EXECUTE FUNCTION payment_offline_recorded();
