CREATE TYPE "subscription_end_reason" AS ENUM ('requested', 'payment_failed', 'payment_disputed');

ALTER TABLE "subscription" ADD COLUMN "end_reason" "subscription_end_reason";
