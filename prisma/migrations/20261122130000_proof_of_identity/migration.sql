-- AlterTable
ALTER TABLE "session" ADD COLUMN "proven_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP;
-- Sessions of before prove nothing by being carried over.
UPDATE "session" SET "proven_at" = "created_at";
