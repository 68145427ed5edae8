-- A product acts by its API as people act by their role: both count against the same table of limits.
CREATE TYPE "acting_role" AS ENUM ('support', 'finance', 'admin', 'api');

ALTER TABLE "staff_limit" ALTER COLUMN "role" TYPE "acting_role" USING "role"::text::acting_role;
ALTER TABLE "staff_act" ALTER COLUMN "role" TYPE "acting_role" USING "role"::text::acting_role;

-- The type of a column that a trigger names cannot change: the trigger is made again as it was.
DROP TRIGGER approval_stays ON approval;
ALTER TABLE "approval" ALTER COLUMN "role" TYPE "acting_role" USING "role"::text::acting_role;
CREATE TRIGGER approval_stays BEFORE DELETE OR TRUNCATE
  OR UPDATE OF id, book, act, subject, customer, unit, amount, body, preview, reason, comment, requester, role, created_at, expires_at
  ON approval FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE approval ENABLE ALWAYS TRIGGER approval_stays;

-- ── Rules that Prisma's schema cannot express ──────────────────────────────────────────────────────

-- Who acts by the API counts against its limits, and nobody else does.
ALTER TABLE staff_act ADD CONSTRAINT staff_act_api_by_client CHECK ((role = 'api') = starts_with(actor, 'api:'));

-- An approval is between two people: no client of the API asks for one or closes it.
ALTER TABLE approval ADD CONSTRAINT approval_by_people CHECK (
  role <> 'api' AND NOT starts_with(requester, 'api:') AND NOT coalesce(starts_with(approver, 'api:'), false)
  AND NOT coalesce(starts_with(rejected_by, 'api:'), false));

-- What a product may grant by its API until a team sets its own limits: generous in the test book, nothing in the live book until an admin allows
-- it (`npm run credence -- limit set --book live --role api --act grant …`). Credits.
INSERT INTO staff_limit (book, role, act, unit, per_act, actor_day, customer_day) VALUES
  ('test', 'api', 'grant', 'credits', 100000, 1000000, 100000),
  ('live', 'api', 'grant', 'credits', 0, 0, 0);
