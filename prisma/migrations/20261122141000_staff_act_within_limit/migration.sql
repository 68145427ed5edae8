-- ── Rules that Prisma's schema cannot express ──────────────────────────────────────────────────────

-- What one person or client does alone stays within their limits, whoever writes the row: by itself, and with all of its kind within 24 hours, of the
-- actor and to the customer. Acts of a kind wait for each other at the rows of their limits, in the order in which checkLimit locks them.
CREATE FUNCTION refuse_above_limit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v_limit staff_limit;
  v_since timestamptz := NEW.at - interval '24 hours';
BEGIN
  PERFORM FROM staff_limit WHERE book = NEW.book AND act = NEW.act AND unit = NEW.unit AND (role = 'api') = (NEW.role = 'api')
    ORDER BY role FOR NO KEY UPDATE;
  SELECT * INTO v_limit FROM staff_limit WHERE book = NEW.book AND act = NEW.act AND unit = NEW.unit AND role = NEW.role;
  IF v_limit IS NULL OR NEW.amount > v_limit.per_act
    OR NEW.amount + (SELECT coalesce(sum(amount), 0) FROM staff_act WHERE book = NEW.book AND act = NEW.act AND unit = NEW.unit
      AND (role = 'api') = (NEW.role = 'api') AND actor = NEW.actor AND at > v_since AND approval IS NULL) > v_limit.actor_day
    OR NEW.customer IS NOT NULL
      AND NEW.amount + (SELECT coalesce(sum(amount), 0) FROM staff_act WHERE book = NEW.book AND act = NEW.act AND unit = NEW.unit
        AND (role = 'api') = (NEW.role = 'api') AND customer = NEW.customer AND at > v_since AND approval IS NULL) > v_limit.customer_day
  THEN
    RAISE EXCEPTION 'staff_act_within_limit: % % of % by % is above their limit', NEW.amount, NEW.unit, NEW.act, NEW.actor
      USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_act_within_limit';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER staff_act_within_limit BEFORE INSERT ON staff_act FOR EACH ROW WHEN (NEW.approval IS NULL) EXECUTE FUNCTION refuse_above_limit();
