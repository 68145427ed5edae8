-- CreateEnum
CREATE TYPE "spent_policy" AS ENUM ('absorb', 'debt');

-- AlterTable
ALTER TABLE "money_back" ADD COLUMN     "actor" TEXT,
ADD COLUMN     "comment" TEXT,
ADD COLUMN     "failure" TEXT,
ADD COLUMN     "rank" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "request_key" TEXT,
ADD COLUMN     "stripe_intent" TEXT,
ADD COLUMN     "taken" BIGINT NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "money_back_change" (
    "money_back" TEXT NOT NULL,
    "n" INTEGER NOT NULL,
    "from" TEXT,
    "to" TEXT NOT NULL,
    "rank" INTEGER NOT NULL,
    "level" "money_back_level" NOT NULL,
    "taken" BIGINT NOT NULL,
    "cause" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "money_back_change_pkey" PRIMARY KEY ("money_back","n")
);

-- CreateTable
CREATE TABLE "money_back_policy" (
    "realm" TEXT NOT NULL,
    "refund" "spent_policy" NOT NULL DEFAULT 'absorb',
    "dispute" "spent_policy" NOT NULL DEFAULT 'debt',
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "money_back_policy_pkey" PRIMARY KEY ("realm")
);

-- CreateIndex
CREATE INDEX "money_back_deadline" ON "money_back"("due_by") WHERE (kind = 'dispute'::money_back_kind) AND (level <> 'none'::money_back_level);

-- CreateIndex
CREATE UNIQUE INDEX "money_back_realm_request_key_key" ON "money_back"("realm", "request_key");

-- AddForeignKey
ALTER TABLE "money_back_change" ADD CONSTRAINT "money_back_change_money_back_fkey" FOREIGN KEY ("money_back") REFERENCES "money_back"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "money_back_policy" ADD CONSTRAINT "money_back_policy_realm_fkey" FOREIGN KEY ("realm") REFERENCES "realm"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE money_back
  -- A level takes something, `none` takes nothing, and nothing takes more than the refund or dispute is about.
  ADD CONSTRAINT money_back_taken_by_level CHECK (taken BETWEEN 0 AND amount AND (level = 'none') = (taken = 0)),
  -- A request names who asked for it.
  ADD CONSTRAINT money_back_request_has_actor CHECK ((request_key IS NULL) = (actor IS NULL)),
  ADD CONSTRAINT money_back_currency_lower CHECK (currency = lower(currency) AND length(currency) = 3);

-- What is said of a refund or dispute only raises its rank, and what it is about stays.
CREATE FUNCTION money_back_rises() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.rank < OLD.rank OR (NEW.rank = OLD.rank AND (NEW.status, NEW.level, NEW.taken) IS DISTINCT FROM (OLD.status, OLD.level, OLD.taken)) THEN
    RAISE EXCEPTION '% % cannot fall from % to %', OLD.kind, OLD.id, OLD.status, NEW.status USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.id, NEW.payment, NEW.realm, NEW.kind, NEW.currency, NEW.request_key, NEW.actor, NEW.comment) IS DISTINCT FROM
     (OLD.id, OLD.payment, OLD.realm, OLD.kind, OLD.currency, OLD.request_key, OLD.actor, OLD.comment)
     OR (OLD.stripe_id IS NOT NULL AND NEW.stripe_id IS DISTINCT FROM OLD.stripe_id) THEN
    RAISE EXCEPTION '% %: what it is about cannot change', OLD.kind, OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER money_back_rises BEFORE UPDATE ON money_back FOR EACH ROW EXECUTE FUNCTION money_back_rises();
CREATE TRIGGER money_back_stays BEFORE DELETE OR TRUNCATE ON money_back FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER money_back_change_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON money_back_change FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
