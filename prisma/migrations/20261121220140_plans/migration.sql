-- CreateEnum
CREATE TYPE "subscription_status" AS ENUM ('incomplete', 'incomplete_expired', 'trialing', 'active', 'past_due', 'unpaid', 'paused', 'canceled');

-- CreateEnum
CREATE TYPE "subscription_order_state" AS ENUM ('created', 'open', 'linked', 'closed');

-- CreateEnum
CREATE TYPE "subscription_act_kind" AS ENUM ('cancel', 'resume', 'upgrade', 'change', 'end_second');

-- CreateEnum
CREATE TYPE "subscription_act_state" AS ENUM ('asked', 'done', 'refused');

-- AlterTable
ALTER TABLE "catalog_version" ADD COLUMN     "rollover_periods" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "trial_credits" BIGINT,
ADD COLUMN     "trial_days" INTEGER;

-- AlterTable
ALTER TABLE "payment" ADD COLUMN     "stripe_subscription" TEXT;

-- AlterTable
ALTER TABLE "stripe_call" ADD COLUMN     "target" TEXT;

-- CreateTable
CREATE TABLE "former_stripe_price" (
    "realm" TEXT NOT NULL,
    "stripe_id" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "former_stripe_price_pkey" PRIMARY KEY ("realm","stripe_id")
);

-- CreateTable
CREATE TABLE "finding" (
    "id" TEXT NOT NULL,
    "realm" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "detail" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    "resolved_at" TIMESTAMPTZ(6),

    CONSTRAINT "finding_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "subscription" (
    "id" TEXT NOT NULL,
    "realm" TEXT NOT NULL,
    "customer" TEXT NOT NULL,
    "stripe_id" TEXT NOT NULL,
    "status" "subscription_status" NOT NULL,
    "catalog_version" TEXT,
    "stripe_price" TEXT NOT NULL,
    "stripe_item" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "period_start" TIMESTAMPTZ(6) NOT NULL,
    "period_end" TIMESTAMPTZ(6) NOT NULL,
    "trial_end" TIMESTAMPTZ(6),
    "ends_at" TIMESTAMPTZ(6),
    "ended_at" TIMESTAMPTZ(6),
    "started_at" TIMESTAMPTZ(6) NOT NULL,
    "owed_invoice" TEXT,
    "owed_amount" BIGINT,
    "owed_url" TEXT,
    "next_try_at" TIMESTAMPTZ(6),
    "paid_version" TEXT,
    "paid_until" TIMESTAMPTZ(6),
    "read_at" TIMESTAMPTZ(6) NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "subscription_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "subscription_order" (
    "id" TEXT NOT NULL,
    "realm" TEXT NOT NULL,
    "customer" TEXT NOT NULL,
    "catalog_version" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "trial_days" INTEGER,
    "state" "subscription_order_state" NOT NULL DEFAULT 'created',
    "stripe_session" TEXT,
    "session_url" TEXT,
    "stripe_subscription" TEXT,
    "subscription" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "subscription_order_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "subscription_act" (
    "id" TEXT NOT NULL,
    "subscription" TEXT NOT NULL,
    "kind" "subscription_act_kind" NOT NULL,
    "catalog_version" TEXT,
    "actor" TEXT NOT NULL,
    "state" "subscription_act_state" NOT NULL DEFAULT 'asked',
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(6),

    CONSTRAINT "subscription_act_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "former_stripe_price_version_currency_idx" ON "former_stripe_price"("version", "currency");

-- CreateIndex
CREATE INDEX "finding_open" ON "finding"("realm", "created_at", "id") WHERE (resolved_at IS NULL);

-- CreateIndex
CREATE UNIQUE INDEX "finding_realm_kind_subject_key" ON "finding"("realm", "kind", "subject");

-- CreateIndex
CREATE INDEX "subscription_realm_customer_started_at_idx" ON "subscription"("realm", "customer", "started_at");

-- CreateIndex
CREATE INDEX "subscription_customer_idx" ON "subscription"("customer");

-- CreateIndex
CREATE INDEX "subscription_catalog_version_idx" ON "subscription"("catalog_version");

-- CreateIndex
CREATE INDEX "subscription_paid_version_idx" ON "subscription"("paid_version");

-- CreateIndex
CREATE UNIQUE INDEX "subscription_realm_stripe_id_key" ON "subscription"("realm", "stripe_id");

-- CreateIndex
CREATE INDEX "subscription_order_realm_customer_created_at_idx" ON "subscription_order"("realm", "customer", "created_at");

-- CreateIndex
CREATE INDEX "subscription_order_customer_idx" ON "subscription_order"("customer");

-- CreateIndex
CREATE INDEX "subscription_order_catalog_version_idx" ON "subscription_order"("catalog_version");

-- CreateIndex
CREATE INDEX "subscription_order_subscription_idx" ON "subscription_order"("subscription");

-- CreateIndex
CREATE UNIQUE INDEX "subscription_order_realm_stripe_session_key" ON "subscription_order"("realm", "stripe_session");

-- CreateIndex
CREATE INDEX "subscription_act_subscription_created_at_idx" ON "subscription_act"("subscription", "created_at");

-- CreateIndex
CREATE INDEX "subscription_act_catalog_version_idx" ON "subscription_act"("catalog_version");

-- CreateIndex
CREATE UNIQUE INDEX "subscription_act_one_asked" ON "subscription_act"("subscription") WHERE (state = 'asked'::subscription_act_state) AND (kind <> 'end_second'::subscription_act_kind);

-- CreateIndex
CREATE INDEX "payment_subscription" ON "payment"("realm", "stripe_subscription") WHERE (stripe_subscription IS NOT NULL);

-- AddForeignKey
ALTER TABLE "former_stripe_price" ADD CONSTRAINT "former_stripe_price_realm_fkey" FOREIGN KEY ("realm") REFERENCES "realm"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "former_stripe_price" ADD CONSTRAINT "former_stripe_price_version_currency_fkey" FOREIGN KEY ("version", "currency") REFERENCES "catalog_price"("version", "currency") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "finding" ADD CONSTRAINT "finding_realm_fkey" FOREIGN KEY ("realm") REFERENCES "realm"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscription" ADD CONSTRAINT "subscription_realm_fkey" FOREIGN KEY ("realm") REFERENCES "realm"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscription" ADD CONSTRAINT "subscription_customer_fkey" FOREIGN KEY ("customer") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscription" ADD CONSTRAINT "subscription_catalog_version_fkey" FOREIGN KEY ("catalog_version") REFERENCES "catalog_version"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscription" ADD CONSTRAINT "subscription_paid_version_fkey" FOREIGN KEY ("paid_version") REFERENCES "catalog_version"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscription_order" ADD CONSTRAINT "subscription_order_realm_fkey" FOREIGN KEY ("realm") REFERENCES "realm"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscription_order" ADD CONSTRAINT "subscription_order_customer_fkey" FOREIGN KEY ("customer") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscription_order" ADD CONSTRAINT "subscription_order_catalog_version_fkey" FOREIGN KEY ("catalog_version") REFERENCES "catalog_version"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscription_order" ADD CONSTRAINT "subscription_order_subscription_fkey" FOREIGN KEY ("subscription") REFERENCES "subscription"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscription_act" ADD CONSTRAINT "subscription_act_subscription_fkey" FOREIGN KEY ("subscription") REFERENCES "subscription"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscription_act" ADD CONSTRAINT "subscription_act_catalog_version_fkey" FOREIGN KEY ("catalog_version") REFERENCES "catalog_version"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- ── Rules that Prisma's schema cannot express ──────────────────────────────────────────────────────

-- Only what recurs has trials and rollovers, and it recurs by the month or the year.
ALTER TABLE catalog_version
  ADD CONSTRAINT catalog_version_interval CHECK (interval IN ('month', 'year')),
  ADD CONSTRAINT catalog_version_plan_terms CHECK (interval IS NOT NULL OR (trial_days IS NULL AND trial_credits IS NULL AND rollover_periods = 0)),
  ADD CONSTRAINT catalog_version_trial CHECK (trial_days > 0 AND (trial_credits IS NULL OR trial_credits > 0) OR trial_days IS NULL AND trial_credits IS NULL),
  ADD CONSTRAINT catalog_version_rollover CHECK (rollover_periods BETWEEN 0 AND 24);

-- A paid invoice of a plan that nobody knows is kept for a person before it is known what it is worth.
ALTER TABLE payment
  DROP CONSTRAINT payment_amounts,
  ADD CONSTRAINT payment_amounts CHECK (
    (credits > 0 OR (credits = 0 AND kind = 'plan' AND state = 'review')) AND quantity > 0 AND amount_subtotal >= 0
    AND (amount_paid IS NULL OR amount_paid >= 0) AND (amount_discount IS NULL OR amount_discount >= 0) AND (amount_tax IS NULL OR amount_tax >= 0)),
  ADD CONSTRAINT payment_plan_has_invoice CHECK (kind <> 'plan' OR (stripe_invoice IS NOT NULL AND stripe_subscription IS NOT NULL));

-- As before, and what an unknown plan is worth is learned once, while its payment is in review.
CREATE OR REPLACE FUNCTION payment_state_rises() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> OLD.state AND payment_rank(NEW.state) <= payment_rank(OLD.state) THEN
    RAISE EXCEPTION 'payment % cannot move from % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.id, NEW.kind, NEW.currency, NEW.amount_subtotal, NEW.realm, NEW.customer) IS DISTINCT FROM
     (OLD.id, OLD.kind, OLD.currency, OLD.amount_subtotal, OLD.realm, OLD.customer)
    OR ((NEW.catalog_version, NEW.credits, NEW.quantity) IS DISTINCT FROM (OLD.catalog_version, OLD.credits, OLD.quantity)
      AND NOT (OLD.kind = 'plan' AND OLD.state = 'review' AND OLD.credits = 0)) THEN
    RAISE EXCEPTION 'payment %: the snapshot of what was sold cannot change', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state = 'paid' AND (NEW.amount_paid, NEW.money_object, NEW.paid_at) IS DISTINCT FROM (OLD.amount_paid, OLD.money_object, OLD.paid_at) THEN
    RAISE EXCEPTION 'payment %: what was paid cannot change', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

ALTER TABLE subscription
  ADD CONSTRAINT subscription_owes_at CHECK ((owed_invoice IS NULL) = (owed_amount IS NULL)),
  ADD CONSTRAINT subscription_paid_until CHECK ((paid_version IS NULL) = (paid_until IS NULL));
ALTER TABLE subscription_order
  ADD CONSTRAINT subscription_order_linked CHECK ((state = 'linked') = (stripe_subscription IS NOT NULL)),
  ADD CONSTRAINT subscription_order_trial CHECK (trial_days > 0);
ALTER TABLE subscription_act
  ADD CONSTRAINT subscription_act_names_plan CHECK ((catalog_version IS NOT NULL) = (kind IN ('upgrade', 'change'))),
  ADD CONSTRAINT subscription_act_ends CHECK ((state = 'asked') = (ended_at IS NULL));
