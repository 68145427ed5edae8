-- AlterTable
ALTER TABLE "reconcile_part" ADD COLUMN     "failing_since" TIMESTAMPTZ(6);

-- What is walked to its end fails no more.
ALTER TABLE reconcile_part ADD CONSTRAINT reconcile_part_failing CHECK (failing_since IS NULL OR done_at IS NULL);
