-- CreateEnum
CREATE TYPE "staff_act_kind" AS ENUM ('adjust', 'refund', 'assign', 'offline', 'grant', 'repair', 'dismiss');

-- CreateEnum
CREATE TYPE "approval_state" AS ENUM ('open', 'executed', 'rejected', 'expired');

-- CreateTable
CREATE TABLE "staff_limit" (
    "book" "mode" NOT NULL,
    "role" "role" NOT NULL,
    "act" "staff_act_kind" NOT NULL,
    "unit" TEXT NOT NULL,
    "per_act" BIGINT NOT NULL,
    "actor_day" BIGINT NOT NULL,
    "customer_day" BIGINT NOT NULL,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "staff_limit_pkey" PRIMARY KEY ("book","role","act","unit")
);

-- CreateTable
CREATE TABLE "staff_act" (
    "id" TEXT NOT NULL,
    "book" "mode" NOT NULL,
    "act" "staff_act_kind" NOT NULL,
    "actor" TEXT NOT NULL,
    "role" "role" NOT NULL,
    "customer" TEXT,
    "owner" TEXT,
    "subject" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "approval" TEXT,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "staff_act_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "approval" (
    "id" TEXT NOT NULL,
    "book" "mode" NOT NULL,
    "act" "staff_act_kind" NOT NULL,
    "subject" TEXT NOT NULL,
    "customer" TEXT,
    "owner" TEXT,
    "unit" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "body" JSONB NOT NULL,
    "preview" JSONB NOT NULL,
    "reason" TEXT NOT NULL,
    "comment" TEXT NOT NULL,
    "requester" TEXT NOT NULL,
    "role" "role" NOT NULL,
    "state" "approval_state" NOT NULL DEFAULT 'open',
    "wallet_seq" BIGINT,
    "approver" TEXT,
    "rejected_by" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    "expires_at" TIMESTAMPTZ(6) NOT NULL DEFAULT (clock_timestamp() + '7 days'::interval),
    "closed_at" TIMESTAMPTZ(6),

    CONSTRAINT "approval_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "staff_act_approval_key" ON "staff_act"("approval");

-- CreateIndex
CREATE INDEX "staff_act_book_act_unit_actor_at_idx" ON "staff_act"("book", "act", "unit", "actor", "at");

-- CreateIndex
CREATE INDEX "staff_act_book_act_unit_customer_at_idx" ON "staff_act"("book", "act", "unit", "customer", "at");

-- CreateIndex
CREATE INDEX "staff_act_customer_idx" ON "staff_act"("customer");

-- CreateIndex
CREATE INDEX "staff_act_subject_idx" ON "staff_act"("subject");

-- CreateIndex
CREATE INDEX "approval_open" ON "approval"("expires_at") WHERE (state = 'open'::approval_state);

-- CreateIndex
CREATE INDEX "approval_state_created_at_id_idx" ON "approval"("state", "created_at", "id");

-- CreateIndex
CREATE INDEX "approval_customer_idx" ON "approval"("customer");

-- CreateIndex
CREATE INDEX "approval_subject_idx" ON "approval"("subject");

-- CreateIndex
CREATE UNIQUE INDEX "approval_one_open" ON "approval"("act", "subject") WHERE (state = 'open'::approval_state);

-- AddForeignKey
ALTER TABLE "staff_act" ADD CONSTRAINT "staff_act_customer_fkey" FOREIGN KEY ("customer") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "staff_act" ADD CONSTRAINT "staff_act_approval_fkey" FOREIGN KEY ("approval") REFERENCES "approval"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "approval" ADD CONSTRAINT "approval_customer_fkey" FOREIGN KEY ("customer") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- ── Rules that Prisma's schema cannot express ──────────────────────────────────────────────────────

ALTER TABLE staff_limit
  ADD CONSTRAINT staff_limit_not_negative CHECK (per_act >= 0 AND actor_day >= 0 AND customer_day >= 0),
  ADD CONSTRAINT staff_limit_unit CHECK (unit = 'credits' OR unit ~ '^[a-z]{3}$');

-- Nobody acts on the wallet of their own log-in, alone or with a second person.
ALTER TABLE staff_act
  ADD CONSTRAINT staff_act_amount_positive CHECK (amount > 0),
  ADD CONSTRAINT staff_act_not_own_wallet CHECK (owner IS DISTINCT FROM actor);
ALTER TABLE approval
  ADD CONSTRAINT approval_amount_positive CHECK (amount > 0),
  ADD CONSTRAINT approval_two_persons CHECK (requester <> approver),
  ADD CONSTRAINT approval_not_own_wallet CHECK (owner IS NULL OR (owner <> requester AND owner IS DISTINCT FROM approver)),
  ADD CONSTRAINT approval_executed_by_someone CHECK ((state = 'executed') = (approver IS NOT NULL AND wallet_seq IS NOT NULL)),
  ADD CONSTRAINT approval_rejected_by_someone CHECK ((state = 'rejected') = (rejected_by IS NOT NULL)),
  ADD CONSTRAINT approval_closed CHECK ((state = 'open') = (closed_at IS NULL)),
  ADD CONSTRAINT approval_expires_later CHECK (expires_at > created_at);

-- The owner is read from the customer here, so that no caller can leave it out.
CREATE FUNCTION copy_wallet_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.owner := (SELECT "user" FROM customer WHERE id = NEW.customer);
  RETURN NEW;
END $$;
CREATE TRIGGER staff_act_owner BEFORE INSERT ON staff_act FOR EACH ROW EXECUTE FUNCTION copy_wallet_owner();
ALTER TABLE staff_act ENABLE ALWAYS TRIGGER staff_act_owner;
-- Again at each change: who closes it is compared with the owner of then.
CREATE TRIGGER approval_owner BEFORE INSERT OR UPDATE ON approval FOR EACH ROW EXECUTE FUNCTION copy_wallet_owner();
ALTER TABLE approval ENABLE ALWAYS TRIGGER approval_owner;

CREATE TRIGGER staff_act_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON staff_act FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE staff_act ENABLE ALWAYS TRIGGER staff_act_append_only;

-- What was asked for is what is carried out, and a closed request stays as it was closed: so none is carried out twice.
CREATE TRIGGER approval_stays BEFORE DELETE OR TRUNCATE
  OR UPDATE OF id, book, act, subject, customer, unit, amount, body, preview, reason, comment, requester, role, created_at, expires_at
  ON approval FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE approval ENABLE ALWAYS TRIGGER approval_stays;
CREATE TRIGGER approval_closes_once BEFORE UPDATE ON approval FOR EACH ROW WHEN (OLD.state <> 'open') EXECUTE FUNCTION refuse_change();
ALTER TABLE approval ENABLE ALWAYS TRIGGER approval_closes_once;

-- What one person may do alone until a team sets its own limits, alike in both books. Credits, and smallest units of money.
INSERT INTO staff_limit (book, role, act, unit, per_act, actor_day, customer_day)
SELECT book.id, d.role::role, a.act::staff_act_kind, 'credits', d.per_act, d.actor_day, d.customer_day
FROM book,
  (VALUES ('adjust'), ('assign'), ('grant'), ('repair')) AS a (act),
  (VALUES ('support', 1000, 5000, 2000), ('finance', 50000, 250000, 100000), ('admin', 100000, 500000, 200000)) AS d (role, per_act, actor_day, customer_day);
-- An offline payment always takes a second person: its limit is zero.
INSERT INTO staff_limit (book, role, act, unit, per_act, actor_day, customer_day)
SELECT book.id, d.role::role, d.act::staff_act_kind, c.unit, d.per_act, d.actor_day, d.customer_day
FROM book,
  (VALUES ('usd'), ('eur'), ('gbp'), ('jpy')) AS c (unit),
  (VALUES
    ('support', 'refund', 5000, 25000, 10000), ('finance', 'refund', 50000, 250000, 100000), ('admin', 'refund', 200000, 1000000, 400000),
    ('finance', 'dismiss', 10000, 50000, 20000), ('admin', 'dismiss', 100000, 500000, 200000),
    ('finance', 'offline', 0, 0, 0), ('admin', 'offline', 0, 0, 0)) AS d (role, act, per_act, actor_day, customer_day);
