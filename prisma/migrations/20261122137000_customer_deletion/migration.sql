-- CreateEnum
CREATE TYPE "deletion_state" AS ENUM ('asked', 'under_way', 'waiting', 'done', 'canceled');

-- CreateEnum
CREATE TYPE "deletion_step_kind" AS ENUM ('end_plan', 'expire_page', 'detach_card');

-- CreateEnum
CREATE TYPE "retained_kind" AS ENUM ('delivery_sender', 'event_payload', 'mail', 'sending_answer');

-- AlterTable
ALTER TABLE "approval" ADD COLUMN     "redacted_at" TIMESTAMPTZ(6);

-- AlterTable
ALTER TABLE "customer" ADD COLUMN     "closed_at" TIMESTAMPTZ(6);

-- AlterTable
ALTER TABLE "delivery" ADD COLUMN     "redacted_at" TIMESTAMPTZ(6);

-- AlterTable
ALTER TABLE "event" ADD COLUMN     "redacted_at" TIMESTAMPTZ(6),
ADD COLUMN     "redacted_for" TEXT;

-- AlterTable
ALTER TABLE "mail" ADD COLUMN     "redacted_at" TIMESTAMPTZ(6);

-- AlterTable
ALTER TABLE "sending_try" ADD COLUMN     "redacted_at" TIMESTAMPTZ(6);

-- CreateTable
CREATE TABLE "customer_deletion" (
    "id" TEXT NOT NULL,
    "customer" TEXT NOT NULL,
    "state" "deletion_state" NOT NULL DEFAULT 'asked',
    "key" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    "begins_at" TIMESTAMPTZ(6) NOT NULL,
    "ended_at" TIMESTAMPTZ(6),
    "erased" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "customer_deletion_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "deletion_step" (
    "id" TEXT NOT NULL,
    "deletion" TEXT NOT NULL,
    "realm" TEXT NOT NULL,
    "kind" "deletion_step_kind" NOT NULL,
    "subject" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "deletion_step_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "retention" (
    "kind" "retained_kind" NOT NULL,
    "days" INTEGER,
    "done_before" TIMESTAMPTZ(6),
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "retention_pkey" PRIMARY KEY ("kind")
);

-- CreateIndex
CREATE UNIQUE INDEX "customer_deletion_key_key" ON "customer_deletion"("key");

-- CreateIndex
CREATE INDEX "customer_deletion_unfinished" ON "customer_deletion"("state", "created_at") WHERE (state = ANY (ARRAY['asked'::deletion_state, 'under_way'::deletion_state, 'waiting'::deletion_state]));

-- CreateIndex
CREATE INDEX "customer_deletion_customer_created_at_idx" ON "customer_deletion"("customer", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "customer_deletion_once" ON "customer_deletion"("customer") WHERE (state <> 'canceled'::deletion_state);

-- CreateIndex
CREATE INDEX "deletion_step_realm_idx" ON "deletion_step"("realm");

-- CreateIndex
CREATE UNIQUE INDEX "deletion_step_deletion_target_key" ON "deletion_step"("deletion", "target");

-- CreateIndex
CREATE INDEX "mail_created_at" ON "mail" USING BRIN ("created_at");

-- CreateIndex
CREATE INDEX "sending_try_at" ON "sending_try" USING BRIN ("at");

-- AddForeignKey
ALTER TABLE "customer_deletion" ADD CONSTRAINT "customer_deletion_customer_fkey" FOREIGN KEY ("customer") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "deletion_step" ADD CONSTRAINT "deletion_step_deletion_fkey" FOREIGN KEY ("deletion") REFERENCES "customer_deletion"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "deletion_step" ADD CONSTRAINT "deletion_step_realm_fkey" FOREIGN KEY ("realm") REFERENCES "realm"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- ── Rules that Prisma's schema cannot express ──────────────────────────────────────────────────────

-- A deletion goes forward, ends once, and is called off only while nothing was done that cannot be undone.
CREATE FUNCTION deletion_rank(s deletion_state) RETURNS smallint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE s WHEN 'asked' THEN 0 WHEN 'under_way' THEN 1 WHEN 'waiting' THEN 2 WHEN 'done' THEN 3 WHEN 'canceled' THEN 3 END::smallint $$;
CREATE FUNCTION customer_deletion_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.customer, NEW.key, NEW.actor, NEW.reason, NEW.created_at) IS DISTINCT FROM (OLD.id, OLD.customer, OLD.key, OLD.actor, OLD.reason, OLD.created_at)
     OR OLD.state IN ('done', 'canceled') OR deletion_rank(NEW.state) < deletion_rank(OLD.state)
     OR (NEW.state = 'canceled' AND OLD.state <> 'asked') THEN
    RAISE EXCEPTION 'customer_deletion refuses this UPDATE: % does not become %', OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER customer_deletion_goes_on BEFORE UPDATE ON customer_deletion FOR EACH ROW EXECUTE FUNCTION customer_deletion_goes_on();
CREATE TRIGGER customer_deletion_stays BEFORE DELETE OR TRUNCATE ON customer_deletion FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER deletion_step_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON deletion_step FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE customer_deletion
  ADD CONSTRAINT customer_deletion_ended CHECK ((state IN ('done', 'canceled')) = (ended_at IS NOT NULL));
ALTER TABLE retention ADD CONSTRAINT retention_days_positive CHECK (days > 0);
ALTER TABLE event ADD CONSTRAINT event_redacted_for CHECK ((redacted_at IS NULL) = (redacted_for IS NULL));

-- A person who is gone comes back in no row: not by a late contact of the product, not by a log-in.
CREATE FUNCTION customer_stays_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW."user", NEW.external_id, NEW.email, NEW.name, NEW.closed_at) IS DISTINCT FROM (OLD."user", OLD.external_id, OLD.email, OLD.name, OLD.closed_at)
     AND EXISTS (SELECT FROM customer_deletion d WHERE d.customer = OLD.id AND d.state = 'done') THEN
    RAISE EXCEPTION 'customer refuses this UPDATE: % was deleted', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER customer_stays_deleted BEFORE UPDATE ON customer FOR EACH ROW WHEN (OLD.closed_at IS NOT NULL) EXECUTE FUNCTION customer_stays_deleted();

-- ── What may be taken out of rows that else never change ───────────────────────────────────────────

-- A delivery forgets its sender, and nothing else of it changes.
DROP TRIGGER delivery_append_only ON delivery;
CREATE FUNCTION delivery_redact_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.ip IS NOT NULL OR NEW.agent IS NOT NULL OR NEW.redacted_at IS NULL
     OR to_jsonb(NEW) - '{ip,agent,redacted_at}'::text[] IS DISTINCT FROM to_jsonb(OLD) - '{ip,agent,redacted_at}'::text[] THEN
    RAISE EXCEPTION 'delivery refuses this UPDATE: only its sender can be redacted' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER delivery_redact BEFORE UPDATE ON delivery FOR EACH ROW EXECUTE FUNCTION delivery_redact_only();
CREATE TRIGGER delivery_append_only BEFORE TRUNCATE ON delivery FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A message forgets the product's name of its customer.
DROP TRIGGER message_append_only ON message;
CREATE FUNCTION message_redact_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.data IS DISTINCT FROM OLD.data || '{"external_id": null}' OR to_jsonb(NEW) - 'data' IS DISTINCT FROM to_jsonb(OLD) - 'data' THEN
    RAISE EXCEPTION 'message refuses this UPDATE: only its external id can be redacted' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER message_redact BEFORE UPDATE ON message FOR EACH ROW EXECUTE FUNCTION message_redact_only();
CREATE TRIGGER message_append_only BEFORE DELETE OR TRUNCATE ON message FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A try forgets what was answered.
DROP TRIGGER sending_try_append_only ON sending_try;
CREATE FUNCTION sending_try_redact_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.answer IS NOT NULL OR NEW.redacted_at IS NULL
     OR to_jsonb(NEW) - '{answer,redacted_at}'::text[] IS DISTINCT FROM to_jsonb(OLD) - '{answer,redacted_at}'::text[] THEN
    RAISE EXCEPTION 'sending_try refuses this UPDATE: only its answer can be redacted' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER sending_try_redact BEFORE UPDATE ON sending_try FOR EACH ROW EXECUTE FUNCTION sending_try_redact_only();
CREATE TRIGGER sending_try_append_only BEFORE DELETE OR TRUNCATE ON sending_try FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The words of a refund's request can be taken out, and nothing put in their place.
CREATE OR REPLACE FUNCTION money_back_rises() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.rank < OLD.rank OR (NEW.rank = OLD.rank AND (NEW.status, NEW.level, NEW.taken) IS DISTINCT FROM (OLD.status, OLD.level, OLD.taken)) THEN
    RAISE EXCEPTION '% % cannot fall from % to %', OLD.kind, OLD.id, OLD.status, NEW.status USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.id, NEW.payment, NEW.realm, NEW.kind, NEW.currency, NEW.request_key, NEW.actor) IS DISTINCT FROM
     (OLD.id, OLD.payment, OLD.realm, OLD.kind, OLD.currency, OLD.request_key, OLD.actor)
     OR (NEW.comment IS DISTINCT FROM OLD.comment AND NEW.comment IS DISTINCT FROM '[redacted]')
     OR (OLD.stripe_id IS NOT NULL AND NEW.stripe_id IS DISTINCT FROM OLD.stripe_id) THEN
    RAISE EXCEPTION '% %: what it is about cannot change', OLD.kind, OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

-- What was asked for is what is carried out. Of a closed request words can be taken out, once, and it says so.
DROP TRIGGER approval_stays ON approval;
CREATE TRIGGER approval_stays BEFORE DELETE OR TRUNCATE
  OR UPDATE OF id, book, act, subject, customer, unit, amount, reason, requester, role, created_at, expires_at
  ON approval FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE approval ENABLE ALWAYS TRIGGER approval_stays;
DROP TRIGGER approval_closes_once ON approval;
CREATE FUNCTION approval_redact_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  -- Its owner is read from the customer anew at each change, whose log-in may be gone.
  words text[] := '{body,preview,comment,redacted_at,owner}';
BEGIN
  IF OLD.state = 'open' OR OLD.redacted_at IS NOT NULL OR NEW.redacted_at IS NULL OR to_jsonb(NEW) - words IS DISTINCT FROM to_jsonb(OLD) - words THEN
    RAISE EXCEPTION 'approval refuses this UPDATE: what was asked for stays' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER approval_closes_once BEFORE UPDATE ON approval FOR EACH ROW
  WHEN (OLD.state <> 'open' OR (NEW.body, NEW.preview, NEW.comment, NEW.redacted_at) IS DISTINCT FROM (OLD.body, OLD.preview, OLD.comment, OLD.redacted_at))
  EXECUTE FUNCTION approval_redact_only();
ALTER TABLE approval ENABLE ALWAYS TRIGGER approval_closes_once;
