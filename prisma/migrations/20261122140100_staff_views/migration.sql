-- CreateTable
CREATE TABLE "staff_view" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "list" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "query" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "staff_view_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "staff_view_name" ON "staff_view"("user_id", "list", "name");

-- AddForeignKey
ALTER TABLE "staff_view" ADD CONSTRAINT "staff_view_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE RESTRICT;

-- ── Rules that Prisma's schema cannot express ──────────────────────────────────────────────────────

-- A tab has a short name, and an address has an end.
ALTER TABLE staff_view ADD CONSTRAINT staff_view_name_length CHECK (char_length(name) BETWEEN 1 AND 40),
  ADD CONSTRAINT staff_view_query_length CHECK (char_length(query) BETWEEN 1 AND 2000);
