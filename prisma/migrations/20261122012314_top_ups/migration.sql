-- CreateEnum
CREATE TYPE "top_up_state" AS ENUM ('waiting', 'on', 'paused', 'off');

-- CreateEnum
CREATE TYPE "top_up_pause" AS ENUM ('declined', 'authentication', 'card_expired', 'card_gone', 'debt', 'dispute', 'refund', 'frozen', 'in_review', 'pack_gone', 'price_risen', 'refused', 'not_offered');

-- CreateEnum
CREATE TYPE "card_setup_state" AS ENUM ('created', 'open', 'done', 'closed');

-- AlterTable
ALTER TABLE "payment" ADD COLUMN     "failure" TEXT,
ADD COLUMN     "failure_code" TEXT;

-- AlterTable
ALTER TABLE "wallet" ADD COLUMN     "watch_below" BIGINT;

-- CreateTable
CREATE TABLE "top_up_rule" (
    "id" TEXT NOT NULL,
    "realm" TEXT NOT NULL,
    "customer" TEXT NOT NULL,
    "state" "top_up_state" NOT NULL,
    "pause_reason" "top_up_pause",
    "consent" TEXT,
    "card" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "top_up_rule_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "top_up_consent" (
    "id" TEXT NOT NULL,
    "rule" TEXT NOT NULL,
    "n" INTEGER NOT NULL,
    "threshold" BIGINT NOT NULL,
    "pack_code" TEXT NOT NULL,
    "credits" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "monthly_cap" BIGINT NOT NULL,
    "words" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "ip" TEXT,
    "agent" TEXT,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "top_up_consent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "top_up_change" (
    "rule" TEXT NOT NULL,
    "n" INTEGER NOT NULL,
    "from" "top_up_state",
    "to" "top_up_state" NOT NULL,
    "reason" "top_up_pause",
    "detail" TEXT,
    "cause" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "top_up_change_pkey" PRIMARY KEY ("rule","n")
);

-- CreateTable
CREATE TABLE "top_up" (
    "payment" TEXT NOT NULL,
    "rule" TEXT NOT NULL,
    "consent" TEXT NOT NULL,
    "card" TEXT NOT NULL,

    CONSTRAINT "top_up_pkey" PRIMARY KEY ("payment")
);

-- CreateTable
CREATE TABLE "saved_card" (
    "id" TEXT NOT NULL,
    "realm" TEXT NOT NULL,
    "customer" TEXT NOT NULL,
    "stripe_method" TEXT NOT NULL,
    "stripe_customer" TEXT NOT NULL,
    "brand" TEXT NOT NULL,
    "last4" TEXT NOT NULL,
    "exp_month" SMALLINT NOT NULL,
    "exp_year" SMALLINT NOT NULL,
    "is_gone" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "saved_card_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "card_setup" (
    "id" TEXT NOT NULL,
    "realm" TEXT NOT NULL,
    "customer" TEXT NOT NULL,
    "consent" TEXT NOT NULL,
    "state" "card_setup_state" NOT NULL DEFAULT 'created',
    "stripe_session" TEXT,
    "session_url" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "card_setup_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "top_up_rule_consent_key" ON "top_up_rule"("consent");

-- CreateIndex
CREATE INDEX "top_up_rule_customer_idx" ON "top_up_rule"("customer");

-- CreateIndex
CREATE INDEX "top_up_rule_card_idx" ON "top_up_rule"("card");

-- CreateIndex
CREATE UNIQUE INDEX "top_up_rule_realm_customer_key" ON "top_up_rule"("realm", "customer");

-- CreateIndex
CREATE UNIQUE INDEX "top_up_consent_rule_n_key" ON "top_up_consent"("rule", "n");

-- CreateIndex
CREATE INDEX "top_up_rule_idx" ON "top_up"("rule");

-- CreateIndex
CREATE INDEX "top_up_consent_idx" ON "top_up"("consent");

-- CreateIndex
CREATE INDEX "top_up_card_idx" ON "top_up"("card");

-- CreateIndex
CREATE INDEX "saved_card_realm_customer_created_at_idx" ON "saved_card"("realm", "customer", "created_at");

-- CreateIndex
CREATE INDEX "saved_card_customer_idx" ON "saved_card"("customer");

-- CreateIndex
CREATE UNIQUE INDEX "saved_card_realm_stripe_method_key" ON "saved_card"("realm", "stripe_method");

-- CreateIndex
CREATE INDEX "card_setup_realm_customer_created_at_idx" ON "card_setup"("realm", "customer", "created_at");

-- CreateIndex
CREATE INDEX "card_setup_customer_idx" ON "card_setup"("customer");

-- CreateIndex
CREATE INDEX "card_setup_consent_idx" ON "card_setup"("consent");

-- CreateIndex
CREATE UNIQUE INDEX "card_setup_realm_stripe_session_key" ON "card_setup"("realm", "stripe_session");

-- CreateIndex
CREATE UNIQUE INDEX "payment_one_top_up" ON "payment"("realm", "customer") WHERE (kind = 'topup'::payment_kind) AND (state = ANY (ARRAY['created'::payment_state, 'open'::payment_state, 'processing'::payment_state]));

-- CreateIndex
CREATE INDEX "wallet_watched" ON "wallet"("book", "customer") WHERE (watch_below IS NOT NULL);

-- AddForeignKey
ALTER TABLE "top_up_rule" ADD CONSTRAINT "top_up_rule_realm_fkey" FOREIGN KEY ("realm") REFERENCES "realm"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "top_up_rule" ADD CONSTRAINT "top_up_rule_customer_fkey" FOREIGN KEY ("customer") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "top_up_rule" ADD CONSTRAINT "top_up_rule_consent_fkey" FOREIGN KEY ("consent") REFERENCES "top_up_consent"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "top_up_rule" ADD CONSTRAINT "top_up_rule_card_fkey" FOREIGN KEY ("card") REFERENCES "saved_card"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "top_up_consent" ADD CONSTRAINT "top_up_consent_rule_fkey" FOREIGN KEY ("rule") REFERENCES "top_up_rule"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "top_up_change" ADD CONSTRAINT "top_up_change_rule_fkey" FOREIGN KEY ("rule") REFERENCES "top_up_rule"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "top_up" ADD CONSTRAINT "top_up_payment_fkey" FOREIGN KEY ("payment") REFERENCES "payment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "top_up" ADD CONSTRAINT "top_up_rule_fkey" FOREIGN KEY ("rule") REFERENCES "top_up_rule"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "top_up" ADD CONSTRAINT "top_up_consent_fkey" FOREIGN KEY ("consent") REFERENCES "top_up_consent"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "top_up" ADD CONSTRAINT "top_up_card_fkey" FOREIGN KEY ("card") REFERENCES "saved_card"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "saved_card" ADD CONSTRAINT "saved_card_realm_fkey" FOREIGN KEY ("realm") REFERENCES "realm"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "saved_card" ADD CONSTRAINT "saved_card_customer_fkey" FOREIGN KEY ("customer") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "card_setup" ADD CONSTRAINT "card_setup_realm_fkey" FOREIGN KEY ("realm") REFERENCES "realm"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "card_setup" ADD CONSTRAINT "card_setup_customer_fkey" FOREIGN KEY ("customer") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "card_setup" ADD CONSTRAINT "card_setup_consent_fkey" FOREIGN KEY ("consent") REFERENCES "top_up_consent"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ── What Prisma cannot express ───────────────────────────────────────────────────────────────────────

-- Only what was agreed to, and can be charged, stands or is paused; a pause has its reason and nothing else has one.
ALTER TABLE top_up_rule
  ADD CONSTRAINT top_up_rule_agreed CHECK (state NOT IN ('on', 'paused') OR (consent IS NOT NULL AND card IS NOT NULL)),
  ADD CONSTRAINT top_up_rule_pause_reason CHECK ((state = 'paused') = (pause_reason IS NOT NULL));
-- A cap below one purchase would never buy.
ALTER TABLE top_up_consent
  ADD CONSTRAINT top_up_consent_above_zero CHECK (threshold > 0 AND credits > 0 AND amount > 0 AND monthly_cap >= amount),
  ADD CONSTRAINT top_up_consent_currency_lower CHECK (currency = lower(currency) AND length(currency) = 3);
ALTER TABLE saved_card
  ADD CONSTRAINT saved_card_month CHECK (exp_month BETWEEN 1 AND 12);
ALTER TABLE wallet
  ADD CONSTRAINT wallet_watch_above_zero CHECK (watch_below > 0);

CREATE TRIGGER top_up_consent_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON top_up_consent FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER top_up_change_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON top_up_change FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER top_up_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON top_up FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Watches a wallet from now on; null ends it. A customer who never had credits has nothing that could fall, but may get some.
CREATE FUNCTION ledger_watch(p_book mode, p_customer text, p_below bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  w wallet;
BEGIN
  IF p_below IS NOT NULL THEN
    w := ledger_wallet(p_book, p_customer);
  END IF;
  UPDATE wallet SET watch_below = p_below WHERE book = p_book AND customer = p_customer;
END $$;

-- The act that takes available credits below what is watched adds the job that looks at it, in its own transaction. A condition and not
-- a function decides whether anything is to do, so that an act which crosses nothing pays nothing for it.
CREATE FUNCTION wallet_fell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM graphile_worker.add_job('credits.review', json_build_object('customerId', NEW.customer), job_key => 'credits.review:' || NEW.customer);
  RETURN NULL;
END $$;
CREATE TRIGGER wallet_fell AFTER UPDATE ON wallet FOR EACH ROW
  WHEN (NEW.available < NEW.watch_below AND OLD.available >= OLD.watch_below) EXECUTE FUNCTION wallet_fell();
