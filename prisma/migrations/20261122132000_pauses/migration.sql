-- CreateEnum
CREATE TYPE "pausable_work" AS ENUM ('selling', 'processing', 'top_ups', 'outgoing');

-- CreateTable
CREATE TABLE "done_act" (
    "key" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "done_act_pkey" PRIMARY KEY ("key","actor")
);

-- CreateTable
CREATE TABLE "pause_switch" (
    "book" "mode" NOT NULL,
    "work" "pausable_work" NOT NULL,
    "paused_at" TIMESTAMPTZ(6),
    "actor" TEXT,
    "reason" TEXT,
    "comment" TEXT,

    CONSTRAINT "pause_switch_pkey" PRIMARY KEY ("book","work")
);

-- AddForeignKey
ALTER TABLE "pause_switch" ADD CONSTRAINT "pause_switch_book_fkey" FOREIGN KEY ("book") REFERENCES "book"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- A pause says who and why; what goes on has nobody to name.
ALTER TABLE "pause_switch" ADD CONSTRAINT "pause_switch_says_why" CHECK (
  num_nonnulls("paused_at", "actor", "reason", "comment") IN (0, 4)
);
-- Every switch stands from the start: what is asked is only ever whether it is on.
INSERT INTO pause_switch (book, work) SELECT b.id, w FROM book b, unnest(enum_range(NULL::pausable_work)) w;

-- The lock of one switch. Advisory, for it is fair: a pause that waits for work which began before it lets none begin after it.
CREATE FUNCTION pause_lock_key(p_book mode, p_work pausable_work) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT hashtextextended('pause:' || p_book || ':' || p_work, 0) $$;

-- Whether the work is paused, for the rest of the caller's transaction: a pause commits before this or after all of it.
-- plpgsql, for the look must be taken by a statement that begins once the lock is there.
CREATE FUNCTION pause_stands(p_book mode, p_work pausable_work) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(pause_lock_key(p_book, p_work));
  RETURN (SELECT paused_at IS NOT NULL FROM pause_switch WHERE book = p_book AND work = p_work);
END $$;

-- Waits for the work that began before, and keeps more of it from beginning until the caller's transaction ends.
CREATE FUNCTION pause_lock(p_book mode, p_work pausable_work) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(pause_lock_key(p_book, p_work));
END $$;

-- As before, but for events of books whose processing is paused: they stay due, and are claimed as soon as it goes on.
CREATE OR REPLACE FUNCTION inbox_claim(p_limit int)
RETURNS TABLE (realm_id text, event_id text, event_run int, try int) LANGUAGE sql AS $$
  -- Materialized: joined directly, the limited list could be run again for each row and take more than p_limit.
  WITH due AS MATERIALIZED (
    SELECT realm, id FROM event WHERE status IN ('queued', 'waiting') AND due_at <= clock_timestamp()
      AND realm NOT IN (
        SELECT r.id FROM realm r JOIN pause_switch p ON p.book = r.mode WHERE p.work = 'processing' AND p.paused_at IS NOT NULL
      )
    ORDER BY due_at LIMIT p_limit FOR UPDATE SKIP LOCKED
  )
  UPDATE event e SET tries = e.tries + 1, due_at = clock_timestamp() + interval '30 seconds', claimed_at = clock_timestamp(),
    first_try_at = coalesce(e.first_try_at, clock_timestamp())
  FROM due
  WHERE e.realm = due.realm AND e.id = due.id
  RETURNING e.realm, e.id, e.run, e.tries $$;
