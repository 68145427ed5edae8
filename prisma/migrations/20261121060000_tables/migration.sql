-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "mode" AS ENUM ('test', 'live');

-- CreateEnum
CREATE TYPE "stripe_call_state" AS ENUM ('open', 'succeeded', 'refused', 'lost');

-- CreateEnum
CREATE TYPE "role" AS ENUM ('customer', 'viewer', 'support', 'finance', 'admin');

-- CreateEnum
CREATE TYPE "email_token_purpose" AS ENUM ('verify', 'reset');

-- CreateEnum
CREATE TYPE "mail_state" AS ENUM ('queued', 'sent', 'failed');

-- CreateEnum
CREATE TYPE "catalog_kind" AS ENUM ('pack', 'plan');

-- CreateEnum
CREATE TYPE "ledger_account" AS ENUM ('available', 'held', 'claimed', 'debt', 'issued.pack', 'issued.plan', 'issued.promo', 'issued.manual', 'issued.external', 'spent', 'expired', 'revoked.refund', 'revoked.dispute', 'debt_issued');

-- CreateEnum
CREATE TYPE "lot_kind" AS ENUM ('pack', 'plan', 'promo', 'manual', 'external');

-- CreateEnum
CREATE TYPE "transfer_kind" AS ENUM ('grant', 'spend', 'hold', 'capture', 'release', 'claim', 'expire', 'reverse', 'adjust', 'repay');

-- CreateEnum
CREATE TYPE "hold_state" AS ENUM ('active', 'captured', 'released', 'expired');

-- CreateEnum
CREATE TYPE "payment_state" AS ENUM ('created', 'open', 'processing', 'expired', 'canceled', 'failed', 'review', 'paid');

-- CreateEnum
CREATE TYPE "payment_kind" AS ENUM ('pack', 'plan', 'topup', 'offline');

-- CreateEnum
CREATE TYPE "money_back_kind" AS ENUM ('refund', 'dispute');

-- CreateEnum
CREATE TYPE "money_back_level" AS ENUM ('none', 'pending', 'gone');

-- CreateEnum
CREATE TYPE "event_status" AS ENUM ('queued', 'waiting', 'done', 'quarantined', 'dead', 'dismissed');

-- CreateEnum
CREATE TYPE "event_decision" AS ENUM ('applied', 'duplicate', 'stale', 'no-op', 'ignored');

-- CreateEnum
CREATE TYPE "delivery_verdict" AS ENUM ('first', 'repeat', 'conflict', 'bad_signature', 'stale', 'wrong_realm', 'too_big', 'not_json');

-- CreateTable
CREATE TABLE "book" (
    "id" "mode" NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "book_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "realm" (
    "id" TEXT NOT NULL,
    "account" TEXT NOT NULL,
    "mode" "mode" NOT NULL,
    "name" TEXT NOT NULL,
    "sells" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "realm_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "realm_key" (
    "fingerprint" TEXT NOT NULL,
    "realm" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "realm_key_pkey" PRIMARY KEY ("fingerprint")
);

-- CreateTable
CREATE TABLE "stripe_customer" (
    "customer" TEXT NOT NULL,
    "realm" TEXT NOT NULL,
    "stripe_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "stripe_customer_pkey" PRIMARY KEY ("customer","realm")
);

-- CreateTable
CREATE TABLE "stripe_call" (
    "id" TEXT NOT NULL,
    "realm" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL DEFAULT 1,
    "key" TEXT NOT NULL,
    "body" JSONB NOT NULL,
    "state" "stripe_call_state" NOT NULL DEFAULT 'open',
    "sends" INTEGER NOT NULL DEFAULT 0,
    "first_sent_at" TIMESTAMPTZ(6),
    "last_sent_at" TIMESTAMPTZ(6),
    "ended_at" TIMESTAMPTZ(6),
    "object_id" TEXT,
    "http_status" INTEGER,
    "request_id" TEXT,
    "error_code" TEXT,
    "error_message" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "stripe_call_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "user" (
    "id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" "role" NOT NULL DEFAULT 'customer',
    "password_hash" TEXT NOT NULL,
    "email_verified_at" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" TEXT NOT NULL,
    "user" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "ip" TEXT,
    "user_agent" TEXT,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "email_token" (
    "id" TEXT NOT NULL,
    "user" TEXT NOT NULL,
    "purpose" "email_token_purpose" NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "used_at" TIMESTAMPTZ(6),

    CONSTRAINT "email_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rate_limit" (
    "key" TEXT NOT NULL,
    "points" INTEGER NOT NULL DEFAULT 0,
    "expire" BIGINT,

    CONSTRAINT "rate_limit_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "customer" (
    "id" TEXT NOT NULL,
    "user" TEXT,
    "external_id" TEXT,
    "email" TEXT,
    "name" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "customer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "mail" (
    "id" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "recipient" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "html" TEXT NOT NULL,
    "state" "mail_state" NOT NULL DEFAULT 'queued',
    "tries" INTEGER NOT NULL DEFAULT 0,
    "last_error" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sent_at" TIMESTAMPTZ(6),

    CONSTRAINT "mail_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit" (
    "seq" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    "actor" TEXT NOT NULL,
    "act" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "reason" TEXT,
    "realm" TEXT,
    "request_id" TEXT,
    "body" JSONB,
    "body_digest" BYTEA NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "audit_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "catalog_item" (
    "id" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "kind" "catalog_kind" NOT NULL,
    "position" INTEGER NOT NULL,
    "on_sale" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "catalog_item_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "catalog_version" (
    "id" TEXT NOT NULL,
    "item" TEXT NOT NULL,
    "n" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "credits" BIGINT NOT NULL,
    "expires_days" INTEGER,
    "interval" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "catalog_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "catalog_price" (
    "version" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,

    CONSTRAINT "catalog_price_pkey" PRIMARY KEY ("version","currency")
);

-- CreateTable
CREATE TABLE "stripe_price" (
    "realm" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "stripe_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "stripe_price_pkey" PRIMARY KEY ("realm","version","currency")
);

-- CreateTable
CREATE TABLE "wallet" (
    "id" TEXT NOT NULL,
    "book" "mode" NOT NULL,
    "customer" TEXT NOT NULL,
    "available" BIGINT NOT NULL DEFAULT 0,
    "held" BIGINT NOT NULL DEFAULT 0,
    "claimed" BIGINT NOT NULL DEFAULT 0,
    "debt" BIGINT NOT NULL DEFAULT 0,
    "seq" BIGINT NOT NULL DEFAULT 0,
    "head" BYTEA NOT NULL,
    "last_at" TIMESTAMPTZ(6) NOT NULL DEFAULT '-infinity'::timestamptz,
    "due_at" TIMESTAMPTZ(6) NOT NULL DEFAULT 'infinity'::timestamptz,
    "frozen_at" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "wallet_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "lot" (
    "id" TEXT NOT NULL,
    "wallet" TEXT NOT NULL,
    "kind" "lot_kind" NOT NULL,
    "priority" SMALLINT NOT NULL,
    "promo" BOOLEAN NOT NULL,
    "expires_at" TIMESTAMPTZ(6) NOT NULL DEFAULT 'infinity'::timestamptz,
    "granted" BIGINT NOT NULL,
    "available" BIGINT NOT NULL,
    "held" BIGINT NOT NULL DEFAULT 0,
    "claimed" BIGINT NOT NULL DEFAULT 0,
    "revoked" BIGINT NOT NULL DEFAULT 0,
    "expired" BIGINT NOT NULL DEFAULT 0,
    "moved" BIGINT NOT NULL DEFAULT 0,
    "open" BOOLEAN NOT NULL DEFAULT true,
    "payment" TEXT,
    "paid_minor" BIGINT,
    "currency" TEXT,
    "parent_lot" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "lot_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "transfer" (
    "id" TEXT NOT NULL,
    "book" "mode" NOT NULL,
    "key" TEXT NOT NULL,
    "body_hash" BYTEA NOT NULL,
    "kind" "transfer_kind" NOT NULL,
    "wallet" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "payment" TEXT,
    "hold" TEXT,
    "actor" TEXT NOT NULL,
    "occurred_at" TIMESTAMPTZ(6) NOT NULL,
    "recorded_at" TIMESTAMPTZ(6) NOT NULL,
    "reverses" TEXT,

    CONSTRAINT "transfer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "entry" (
    "wallet" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "transfer" TEXT NOT NULL,
    "from" "ledger_account" NOT NULL,
    "to" "ledger_account" NOT NULL,
    "lot" TEXT,
    "amount" BIGINT NOT NULL,
    "available_after" BIGINT NOT NULL,
    "held_after" BIGINT NOT NULL,
    "claimed_after" BIGINT NOT NULL,
    "debt_after" BIGINT NOT NULL,
    "lot_available_after" BIGINT,
    "lot_held_after" BIGINT,
    "lot_claimed_after" BIGINT,
    "recorded_at" TIMESTAMPTZ(6) NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "entry_pkey" PRIMARY KEY ("wallet","seq")
);

-- CreateTable
CREATE TABLE "hold" (
    "id" TEXT NOT NULL,
    "wallet" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "state" "hold_state" NOT NULL DEFAULT 'active',
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "hold_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "hold_part" (
    "hold" TEXT NOT NULL,
    "n" INTEGER NOT NULL,
    "lot" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,

    CONSTRAINT "hold_part_pkey" PRIMARY KEY ("hold","n")
);

-- CreateTable
CREATE TABLE "claim" (
    "payment" TEXT NOT NULL,
    "wallet" TEXT NOT NULL,
    "granted" BIGINT NOT NULL,
    "t_gone" BIGINT NOT NULL DEFAULT 0,
    "t_all" BIGINT NOT NULL DEFAULT 0,
    "n" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "claim_pkey" PRIMARY KEY ("payment")
);

-- CreateTable
CREATE TABLE "book_total" (
    "book" "mode" NOT NULL,
    "account" "ledger_account" NOT NULL,
    "day" DATE NOT NULL,
    "amount" BIGINT NOT NULL,

    CONSTRAINT "book_total_pkey" PRIMARY KEY ("book","account","day")
);

-- CreateTable
CREATE TABLE "payment" (
    "id" TEXT NOT NULL,
    "realm" TEXT NOT NULL,
    "customer" TEXT NOT NULL,
    "kind" "payment_kind" NOT NULL,
    "state" "payment_state" NOT NULL DEFAULT 'created',
    "catalog_version" TEXT,
    "quantity" INTEGER NOT NULL DEFAULT 1,
    "credits" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "amount_subtotal" BIGINT NOT NULL,
    "amount_discount" BIGINT,
    "amount_tax" BIGINT,
    "amount_paid" BIGINT,
    "stripe_session" TEXT,
    "session_url" TEXT,
    "stripe_intent" TEXT,
    "stripe_charge" TEXT,
    "stripe_invoice" TEXT,
    "money_object" TEXT,
    "receipt_url" TEXT,
    "invoice_url" TEXT,
    "card" TEXT,
    "review_reason" TEXT,
    "second_of" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(6),
    "paid_at" TIMESTAMPTZ(6),
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "payment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "payment_change" (
    "payment" TEXT NOT NULL,
    "n" INTEGER NOT NULL,
    "from" "payment_state",
    "to" "payment_state" NOT NULL,
    "reason" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "payment_change_pkey" PRIMARY KEY ("payment","n")
);

-- CreateTable
CREATE TABLE "money_back" (
    "id" TEXT NOT NULL,
    "payment" TEXT NOT NULL,
    "realm" TEXT NOT NULL,
    "kind" "money_back_kind" NOT NULL,
    "stripe_id" TEXT,
    "status" TEXT NOT NULL,
    "level" "money_back_level" NOT NULL,
    "amount" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "reason" TEXT,
    "due_by" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "money_back_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "event" (
    "realm" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "object_id" TEXT,
    "api_version" TEXT,
    "account" TEXT,
    "created" TIMESTAMPTZ(6) NOT NULL,
    "payload" TEXT NOT NULL,
    "sha" BYTEA NOT NULL,
    "received_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    "status" "event_status" NOT NULL DEFAULT 'queued',
    "decision" "event_decision",
    "reason" TEXT,
    "waits_for" TEXT,
    "run" INTEGER NOT NULL DEFAULT 1,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "first_try_at" TIMESTAMPTZ(6),
    "due_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    "claimed_at" TIMESTAMPTZ(6),
    "decided_at" TIMESTAMPTZ(6),

    CONSTRAINT "event_pkey" PRIMARY KEY ("realm","id")
);

-- CreateTable
CREATE TABLE "delivery" (
    "id" BIGSERIAL NOT NULL,
    "realm" TEXT,
    "event" TEXT,
    "event_type" TEXT,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    "verdict" "delivery_verdict" NOT NULL,
    "detail" TEXT,
    "status" SMALLINT NOT NULL,
    "path" TEXT NOT NULL,
    "ip" TEXT,
    "agent" TEXT,
    "api_version" TEXT,
    "secret" SMALLINT,
    "bytes" INTEGER NOT NULL,
    "ms" REAL NOT NULL,
    "request_id" TEXT,

    CONSTRAINT "delivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "attempt" (
    "realm" TEXT NOT NULL,
    "event" TEXT NOT NULL,
    "run" INTEGER NOT NULL,
    "n" INTEGER NOT NULL,
    "started_at" TIMESTAMPTZ(6) NOT NULL,
    "ended_at" TIMESTAMPTZ(6) NOT NULL,
    "outcome" TEXT NOT NULL,
    "code" TEXT,
    "detail" TEXT,
    "effects" TEXT[],

    CONSTRAINT "attempt_pkey" PRIMARY KEY ("realm","event","run","n")
);

-- CreateIndex
CREATE UNIQUE INDEX "realm_account_mode_key" ON "realm"("account", "mode");

-- CreateIndex
CREATE UNIQUE INDEX "realm_one_sells_per_book" ON "realm"("mode") WHERE (sells);

-- CreateIndex
CREATE INDEX "realm_key_realm_idx" ON "realm_key"("realm");

-- CreateIndex
CREATE UNIQUE INDEX "stripe_customer_realm_stripe_id_key" ON "stripe_customer"("realm", "stripe_id");

-- CreateIndex
CREATE INDEX "stripe_call_purpose_idx" ON "stripe_call"("purpose");

-- CreateIndex
CREATE INDEX "stripe_call_open" ON "stripe_call"("created_at") WHERE (state = 'open');

-- CreateIndex
CREATE INDEX "stripe_call_object_id_idx" ON "stripe_call"("object_id");

-- CreateIndex
CREATE UNIQUE INDEX "stripe_call_realm_key_key" ON "stripe_call"("realm", "key");

-- CreateIndex
CREATE UNIQUE INDEX "user_email_key" ON "user"("email");

-- CreateIndex
CREATE INDEX "session_user_idx" ON "session"("user");

-- CreateIndex
CREATE INDEX "session_expires_at_idx" ON "session"("expires_at");

-- CreateIndex
CREATE INDEX "email_token_user_purpose_idx" ON "email_token"("user", "purpose");

-- CreateIndex
CREATE INDEX "email_token_expires_at_idx" ON "email_token"("expires_at");

-- CreateIndex
CREATE INDEX "rate_limit_expire_idx" ON "rate_limit"("expire");

-- CreateIndex
CREATE UNIQUE INDEX "customer_user_key" ON "customer"("user");

-- CreateIndex
CREATE UNIQUE INDEX "customer_external_id_key" ON "customer"("external_id");

-- CreateIndex
CREATE INDEX "customer_email_idx" ON "customer"("email");

-- CreateIndex
CREATE INDEX "customer_created_at_id_idx" ON "customer"("created_at", "id");

-- CreateIndex
CREATE INDEX "mail_queued" ON "mail"("created_at") WHERE (state = 'queued');

-- CreateIndex
CREATE UNIQUE INDEX "mail_cause_kind_key" ON "mail"("cause", "kind");

-- CreateIndex
CREATE INDEX "audit_subject_seq_idx" ON "audit"("subject", "seq");

-- CreateIndex
CREATE INDEX "audit_actor_seq_idx" ON "audit"("actor", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "catalog_item_code_key" ON "catalog_item"("code");

-- CreateIndex
CREATE UNIQUE INDEX "catalog_version_item_n_key" ON "catalog_version"("item", "n");

-- CreateIndex
CREATE INDEX "stripe_price_version_currency_idx" ON "stripe_price"("version", "currency");

-- CreateIndex
CREATE UNIQUE INDEX "stripe_price_realm_stripe_id_key" ON "stripe_price"("realm", "stripe_id");

-- CreateIndex
CREATE INDEX "wallet_customer_idx" ON "wallet"("customer");

-- CreateIndex
CREATE UNIQUE INDEX "wallet_book_customer_key" ON "wallet"("book", "customer");

-- CreateIndex
CREATE INDEX "lot_burn_order" ON "lot"("wallet", "priority", "expires_at", "promo" DESC, "created_at", "id") WHERE (open);

-- CreateIndex
CREATE INDEX "lot_wallet_created_at_idx" ON "lot"("wallet", "created_at");

-- CreateIndex
CREATE INDEX "lot_payment_idx" ON "lot"("payment");

-- CreateIndex
CREATE INDEX "lot_parent_lot_idx" ON "lot"("parent_lot");

-- CreateIndex
CREATE UNIQUE INDEX "transfer_reverses_key" ON "transfer"("reverses");

-- CreateIndex
CREATE INDEX "transfer_wallet_recorded_at_idx" ON "transfer"("wallet", "recorded_at");

-- CreateIndex
CREATE INDEX "transfer_payment_idx" ON "transfer"("payment");

-- CreateIndex
CREATE INDEX "transfer_hold_idx" ON "transfer"("hold");

-- CreateIndex
CREATE UNIQUE INDEX "transfer_book_key_key" ON "transfer"("book", "key");

-- CreateIndex
CREATE INDEX "entry_lot_recorded_at_seq_idx" ON "entry"("lot", "recorded_at", "seq");

-- CreateIndex
CREATE INDEX "entry_transfer_idx" ON "entry"("transfer");

-- CreateIndex
CREATE INDEX "hold_active" ON "hold"("wallet", "expires_at") WHERE (state = 'active');

-- CreateIndex
CREATE INDEX "hold_wallet_created_at_idx" ON "hold"("wallet", "created_at");

-- CreateIndex
CREATE INDEX "hold_part_lot_idx" ON "hold_part"("lot");

-- CreateIndex
CREATE INDEX "claim_wallet_idx" ON "claim"("wallet");

-- CreateIndex
CREATE INDEX "payment_realm_stripe_intent_idx" ON "payment"("realm", "stripe_intent");

-- CreateIndex
CREATE INDEX "payment_realm_stripe_charge_idx" ON "payment"("realm", "stripe_charge");

-- CreateIndex
CREATE INDEX "payment_customer_created_at_idx" ON "payment"("customer", "created_at");

-- CreateIndex
CREATE INDEX "payment_paid" ON "payment"("realm", "paid_at") WHERE (paid_at IS NOT NULL);

-- CreateIndex
CREATE INDEX "payment_created_at_id_idx" ON "payment"("created_at", "id");

-- CreateIndex
CREATE INDEX "payment_state_created_at_id_idx" ON "payment"("state", "created_at", "id");

-- CreateIndex
CREATE INDEX "payment_catalog_version_idx" ON "payment"("catalog_version");

-- CreateIndex
CREATE INDEX "payment_second_of_idx" ON "payment"("second_of");

-- CreateIndex
CREATE UNIQUE INDEX "payment_realm_stripe_session_key" ON "payment"("realm", "stripe_session");

-- CreateIndex
CREATE UNIQUE INDEX "payment_realm_money_object_key" ON "payment"("realm", "money_object");

-- CreateIndex
CREATE UNIQUE INDEX "payment_realm_stripe_invoice_key" ON "payment"("realm", "stripe_invoice");

-- CreateIndex
CREATE INDEX "payment_change_cause_idx" ON "payment_change"("cause");

-- CreateIndex
CREATE INDEX "money_back_payment_idx" ON "money_back"("payment");

-- CreateIndex
CREATE INDEX "money_back_created_at_id_idx" ON "money_back"("created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "money_back_realm_stripe_id_key" ON "money_back"("realm", "stripe_id");

-- CreateIndex
CREATE INDEX "event_due" ON "event"("due_at") WHERE (status IN ('queued','waiting'));

-- CreateIndex
CREATE INDEX "event_waits_for" ON "event"("waits_for") WHERE (status = 'waiting');

-- CreateIndex
CREATE INDEX "event_object_id_idx" ON "event"("object_id");

-- CreateIndex
CREATE INDEX "event_received_at_id_idx" ON "event"("received_at", "id");

-- CreateIndex
CREATE INDEX "event_status_received_at_id_idx" ON "event"("status", "received_at", "id");

-- CreateIndex
CREATE INDEX "delivery_at_id_idx" ON "delivery"("at", "id");

-- CreateIndex
CREATE INDEX "delivery_realm_event_id_idx" ON "delivery"("realm", "event", "id");

-- CreateIndex
CREATE INDEX "delivery_refused" ON "delivery"("verdict", "at", "id") WHERE ((verdict <> 'first'::delivery_verdict) AND (verdict <> 'repeat'::delivery_verdict));

-- AddForeignKey
ALTER TABLE "realm" ADD CONSTRAINT "realm_mode_fkey" FOREIGN KEY ("mode") REFERENCES "book"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "realm_key" ADD CONSTRAINT "realm_key_realm_fkey" FOREIGN KEY ("realm") REFERENCES "realm"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stripe_customer" ADD CONSTRAINT "stripe_customer_customer_fkey" FOREIGN KEY ("customer") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stripe_customer" ADD CONSTRAINT "stripe_customer_realm_fkey" FOREIGN KEY ("realm") REFERENCES "realm"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_user_fkey" FOREIGN KEY ("user") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "email_token" ADD CONSTRAINT "email_token_user_fkey" FOREIGN KEY ("user") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "customer" ADD CONSTRAINT "customer_user_fkey" FOREIGN KEY ("user") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "catalog_version" ADD CONSTRAINT "catalog_version_item_fkey" FOREIGN KEY ("item") REFERENCES "catalog_item"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "catalog_price" ADD CONSTRAINT "catalog_price_version_fkey" FOREIGN KEY ("version") REFERENCES "catalog_version"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stripe_price" ADD CONSTRAINT "stripe_price_realm_fkey" FOREIGN KEY ("realm") REFERENCES "realm"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stripe_price" ADD CONSTRAINT "stripe_price_version_currency_fkey" FOREIGN KEY ("version", "currency") REFERENCES "catalog_price"("version", "currency") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "wallet" ADD CONSTRAINT "wallet_book_fkey" FOREIGN KEY ("book") REFERENCES "book"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "wallet" ADD CONSTRAINT "wallet_customer_fkey" FOREIGN KEY ("customer") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lot" ADD CONSTRAINT "lot_wallet_fkey" FOREIGN KEY ("wallet") REFERENCES "wallet"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lot" ADD CONSTRAINT "lot_parent_lot_fkey" FOREIGN KEY ("parent_lot") REFERENCES "lot"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "transfer" ADD CONSTRAINT "transfer_wallet_fkey" FOREIGN KEY ("wallet") REFERENCES "wallet"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "transfer" ADD CONSTRAINT "transfer_reverses_fkey" FOREIGN KEY ("reverses") REFERENCES "transfer"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "entry" ADD CONSTRAINT "entry_wallet_fkey" FOREIGN KEY ("wallet") REFERENCES "wallet"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "entry" ADD CONSTRAINT "entry_transfer_fkey" FOREIGN KEY ("transfer") REFERENCES "transfer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "entry" ADD CONSTRAINT "entry_lot_fkey" FOREIGN KEY ("lot") REFERENCES "lot"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "hold" ADD CONSTRAINT "hold_wallet_fkey" FOREIGN KEY ("wallet") REFERENCES "wallet"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "hold_part" ADD CONSTRAINT "hold_part_hold_fkey" FOREIGN KEY ("hold") REFERENCES "hold"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "hold_part" ADD CONSTRAINT "hold_part_lot_fkey" FOREIGN KEY ("lot") REFERENCES "lot"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "claim" ADD CONSTRAINT "claim_wallet_fkey" FOREIGN KEY ("wallet") REFERENCES "wallet"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payment" ADD CONSTRAINT "payment_realm_fkey" FOREIGN KEY ("realm") REFERENCES "realm"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payment" ADD CONSTRAINT "payment_customer_fkey" FOREIGN KEY ("customer") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payment" ADD CONSTRAINT "payment_catalog_version_fkey" FOREIGN KEY ("catalog_version") REFERENCES "catalog_version"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payment" ADD CONSTRAINT "payment_second_of_fkey" FOREIGN KEY ("second_of") REFERENCES "payment"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payment_change" ADD CONSTRAINT "payment_change_payment_fkey" FOREIGN KEY ("payment") REFERENCES "payment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "money_back" ADD CONSTRAINT "money_back_payment_fkey" FOREIGN KEY ("payment") REFERENCES "payment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attempt" ADD CONSTRAINT "attempt_realm_event_fkey" FOREIGN KEY ("realm", "event") REFERENCES "event"("realm", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
