-- CreateTable
CREATE TABLE "settlement_policy" (
    "realm" TEXT NOT NULL,
    "current" TEXT NOT NULL DEFAULT 'settled-fact',
    "candidate" TEXT,
    "percentage" SMALLINT NOT NULL DEFAULT 0,
    "former" TEXT,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "settlement_policy_pkey" PRIMARY KEY ("realm")
);

-- CreateTable
CREATE TABLE "settlement_proof" (
    "payment" TEXT NOT NULL,
    "realm" TEXT NOT NULL,
    "proven_at" TIMESTAMPTZ(6) NOT NULL,
    "intent_at" TIMESTAMPTZ(6),
    "session_at" TIMESTAMPTZ(6),
    "is_free" BOOLEAN NOT NULL DEFAULT false,
    "looked_at" TIMESTAMPTZ(6),
    "rule" TEXT,
    "settled_by" TEXT,
    "settled_at" TIMESTAMPTZ(6),

    CONSTRAINT "settlement_proof_pkey" PRIMARY KEY ("payment")
);

-- CreateIndex
CREATE INDEX "settlement_proof_realm_proven_at_payment_idx" ON "settlement_proof"("realm", "proven_at", "payment");

-- AddForeignKey
ALTER TABLE "settlement_policy" ADD CONSTRAINT "settlement_policy_realm_fkey" FOREIGN KEY ("realm") REFERENCES "realm"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "settlement_proof" ADD CONSTRAINT "settlement_proof_payment_fkey" FOREIGN KEY ("payment") REFERENCES "payment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- What settles is one of three rules, whoever writes it.
ALTER TABLE "settlement_policy" ADD CONSTRAINT "settlement_policy_rules" CHECK (
  current IN ('settled-fact', 'payment-intent', 'session-completed')
  AND candidate IN ('settled-fact', 'payment-intent', 'session-completed')
  AND former IN ('settled-fact', 'payment-intent', 'session-completed')
);
-- A share belongs to a candidate, which is another rule than the one that stands.
ALTER TABLE "settlement_policy" ADD CONSTRAINT "settlement_policy_share" CHECK (
  percentage BETWEEN 0 AND 100 AND candidate <> current AND (candidate IS NOT NULL OR percentage = 0)
);

-- A row tells of a proof. Nothing is said of their order: clocks of two processes differ, and no settlement fails for that.
ALTER TABLE "settlement_proof" ADD CONSTRAINT "settlement_proof_is_of_one" CHECK (
  num_nonnulls(intent_at, session_at, looked_at) > 0
);
-- What has settled says when, by which rule and by what of it.
ALTER TABLE "settlement_proof" ADD CONSTRAINT "settlement_proof_settled" CHECK (
  num_nonnulls(rule, settled_by, settled_at) IN (0, 3)
  AND rule IN ('settled-fact', 'payment-intent', 'session-completed')
  AND settled_by IN ('rule', 'patience', 'look')
);
