-- ── Claims: what refunds and disputes take back of a payment's credits, and what they leave owing ──────
-- A claim is settled to its levels, never stepped: the same levels again move nothing, and any order of them ends alike.
-- A payment's family is the lot that it granted and the lots that gave credits of it back.

-- Gives credits back to the lot they came from. A lot that has died meanwhile has a child instead, which takes over those credits as they
-- are (revoked or spent) and lives as long as was left at p_since, when they were last taken.
CREATE PROCEDURE ledger_give_back(INOUT w wallet, x transfer, p_lot text, p_from ledger_account, p_amount bigint, p_since timestamptz)
LANGUAGE plpgsql AS $$
DECLARE
  l lot;
  k lot;
BEGIN
  SELECT * INTO STRICT l FROM lot WHERE id = p_lot;
  IF l.expires_at <= x.recorded_at THEN
    UPDATE lot SET moved = moved + p_amount, revoked = revoked - CASE WHEN p_from = 'spent' THEN 0 ELSE p_amount END WHERE id = l.id;
    k := l;
    k.revoked := CASE WHEN p_from = 'spent' THEN 0 ELSE p_amount END;
    l := ledger_child_lot(k, p_amount, x.recorded_at, p_since);
  END IF;
  CALL ledger_move(w, l, x, p_from, 'available', p_amount);
END $$;

-- The child of a lot: its terms, p_amount credits, and the time that was left at p_since.
CREATE FUNCTION ledger_child_lot(l lot, p_amount bigint, p_at timestamptz, p_since timestamptz) RETURNS lot LANGUAGE plpgsql AS $$
BEGIN
  l.parent_lot := l.id;
  l.expires_at := p_at + (l.expires_at - p_since);
  l.created_at := p_at;
  l.granted := p_amount;
  l.paid_minor := NULL;
  l.currency := NULL;
  RETURN ledger_new_lot(l);
END $$;

-- Moves credits of a payment's family between what is available, claimed and revoked: in burn order, and back to the living first.
CREATE PROCEDURE ledger_shift(INOUT w wallet, x transfer, p_payment text, p_from ledger_account, p_to ledger_account, p_amount bigint)
LANGUAGE plpgsql AS $$
DECLARE
  l lot;
  v_left bigint := p_amount;
  v_part bigint;
  v_since timestamptz;
BEGIN
  IF p_from NOT IN ('available', 'claimed') AND p_to NOT IN ('available', 'claimed') THEN
    l := NULL;
    CALL ledger_move(w, l, x, p_from, p_to, p_amount);
    RETURN;
  END IF;
  FOR l IN
    SELECT * FROM lot o WHERE o.payment = p_payment AND CASE p_from WHEN 'available' THEN o.available WHEN 'claimed' THEN o.claimed ELSE o.revoked END > 0
    ORDER BY p_to = 'available' AND o.expires_at <= x.recorded_at, o.priority, o.expires_at, o.promo DESC, o.created_at, o.id
  LOOP
    v_part := least(v_left, CASE p_from WHEN 'available' THEN l.available WHEN 'claimed' THEN l.claimed ELSE l.revoked END);
    v_left := v_left - v_part;
    IF p_to = 'available' AND l.expires_at <= x.recorded_at THEN
      -- What the ledger booked by itself was due when it occurred, however late it was recorded.
      SELECT max(CASE y.actor WHEN 'ledger' THEN y.occurred_at ELSE y.recorded_at END) INTO v_since FROM entry e JOIN transfer y ON y.id = e.transfer
        WHERE e.lot = l.id AND e."from" = 'available' AND e."to" IN ('claimed', 'revoked.refund', 'revoked.dispute');
      IF p_from = 'claimed' THEN
        -- What a dead lot held back is taken out of it first: an entry moves within one lot.
        CALL ledger_move(w, l, x, 'claimed', 'revoked.refund', v_part);
        CALL ledger_give_back(w, x, l.id, 'revoked.refund', v_part, v_since);
      ELSE
        CALL ledger_give_back(w, x, l.id, p_from, v_part, v_since);
      END IF;
    ELSE
      CALL ledger_move(w, l, x, p_from, p_to, v_part);
    END IF;
    EXIT WHEN v_left = 0;
  END LOOP;
  IF v_left > 0 THEN
    RAISE EXCEPTION 'wallet %: % credits of payment % are in no lot', w.id, v_left, p_payment USING ERRCODE = 'CR001';
  END IF;
END $$;

-- Gives back what later grants repaid of a payment's debt, the last repayment first, each as a child of the lot that repaid it. Adds the
-- payments of those lots: their own refunds may want these credits.
CREATE PROCEDURE ledger_return_repaid(INOUT w wallet, INOUT p_touched text[], x transfer, p_payment text, p_amount bigint)
LANGUAGE plpgsql AS $$
DECLARE
  r record;
  l lot;
  v_left bigint := p_amount;
  v_part bigint;
BEGIN
  FOR r IN
    SELECT e.lot, e."to", max(e.recorded_at) AS at, sum(e.amount)::bigint - coalesce((
      SELECT sum(k.granted) FROM lot k WHERE k.parent_lot = e.lot AND EXISTS (
        SELECT FROM entry b JOIN transfer y ON y.id = b.transfer WHERE b.lot = k.id AND y.kind = 'claim' AND y.payment = p_payment)), 0)::bigint AS amount
    FROM transfer z JOIN entry e ON e.transfer = z.id
    WHERE z.payment = p_payment AND z.kind = 'repay' AND e.lot IS NOT NULL
    GROUP BY e.lot, e."to" ORDER BY max(e.recorded_at) DESC, e.lot DESC
  LOOP
    v_part := least(v_left, r.amount);
    CONTINUE WHEN v_part <= 0;
    v_left := v_left - v_part;
    SELECT * INTO STRICT l FROM lot WHERE id = r.lot;
    l.revoked := v_part;
    l := ledger_child_lot(l, v_part, x.recorded_at, r.at);
    CALL ledger_move(w, l, x, r."to", 'available', v_part);
    IF l.payment IS NOT NULL THEN
      p_touched := p_touched || l.payment;
    END IF;
    EXIT WHEN v_left = 0;
  END LOOP;
  IF v_left > 0 THEN
    RAISE EXCEPTION 'wallet %: % credits that repaid payment % are in no lot', w.id, v_left, p_payment USING ERRCODE = 'CR001';
  END IF;
END $$;

-- Brings the claims of these payments to their levels: of what is left of a payment's credits, what has gone is revoked (refunds first), what may
-- go is held back, the rest is available. What cannot be revoked because it was spent is the shortfall; the part of it that is owed becomes debt
-- once no hold draws on the family, and when it shrinks, open debt is cancelled first, then what was repaid returns.
CREATE PROCEDURE ledger_settle(INOUT w wallet, p_at timestamptz, p_payments text[], p_actor text, p_occurred_at timestamptz)
LANGUAGE plpgsql AS $$
DECLARE
  ACCOUNTS CONSTANT ledger_account[] := ARRAY['claimed', 'revoked.dispute', 'revoked.refund', 'available'];
  c claim;
  x transfer;
  s record;
  l lot;
  v_have bigint[];
  v_want bigint[];
  v_pool bigint;
  v_gone bigint;
  v_shortfall bigint;
  v_owed bigint;
  v_amount bigint;
  v_part bigint;
BEGIN
  WHILE cardinality(p_payments) > 0 LOOP
    SELECT * INTO c FROM claim WHERE payment = p_payments[1];
    p_payments := p_payments[2:];
    CONTINUE WHEN c.payment IS NULL OR (c.t_all = 0 AND c.n = 0 AND c.shortfall = 0);
    SELECT count(*) AS lots, sum(o.available)::bigint AS available, sum(o.held)::bigint AS held, sum(o.claimed)::bigint AS claimed,
      sum(o.revoked)::bigint AS revoked, sum(o.expired)::bigint AS expired INTO s FROM lot o WHERE o.payment = c.payment;
    CONTINUE WHEN s.lots = 0;

    v_pool := s.available + s.claimed + s.revoked;
    v_gone := least(c.t_gone, v_pool);
    v_have := ARRAY[s.claimed, c.revoked_dispute, s.revoked - c.revoked_dispute, s.available];
    v_want[1] := least(c.t_all - c.t_gone, v_pool - v_gone);
    v_want[3] := least(c.t_gone - c.t_dispute, v_gone);
    v_want[2] := v_gone - v_want[3];
    v_want[4] := v_pool - v_gone - v_want[1];
    v_shortfall := greatest(0, c.t_gone - v_gone - s.expired);
    v_owed := least(v_shortfall, c.t_debt);
    IF s.held > 0 THEN
      v_owed := least(v_owed, c.owed);
    END IF;

    v_amount := abs(v_owed - c.owed);
    FOR i IN 1 .. 4 LOOP
      v_amount := v_amount + greatest(0, v_want[i] - v_have[i]);
    END LOOP;
    IF v_amount > 0 THEN
      c.n := c.n + 1;
      x := ledger_consequence(w, p_at, 'claim:' || c.payment || ':' || c.n, 'claim', v_amount, p_actor, p_occurred_at, p_payment => c.payment);
      FOR i IN 1 .. 4 LOOP
        FOR j IN 1 .. 4 LOOP
          v_part := least(v_have[i] - v_want[i], v_want[j] - v_have[j]);
          CONTINUE WHEN v_part <= 0;
          CALL ledger_shift(w, x, c.payment, ACCOUNTS[i], ACCOUNTS[j], v_part);
          v_have[i] := v_have[i] - v_part;
          v_have[j] := v_have[j] + v_part;
        END LOOP;
      END LOOP;
      l := NULL;
      IF v_owed > c.owed THEN
        CALL ledger_move(w, l, x, 'debt_issued', 'debt', v_owed - c.owed);
      ELSIF v_owed < c.owed THEN
        v_part := least(c.owed - v_owed, c.owed - c.repaid);
        IF v_part > 0 THEN
          CALL ledger_move(w, l, x, 'debt', 'debt_issued', v_part);
        END IF;
        v_part := c.owed - v_owed - v_part;
        IF v_part > 0 THEN
          CALL ledger_return_repaid(w, p_payments, x, c.payment, v_part);
          c.repaid := c.repaid - v_part;
        END IF;
      END IF;
    END IF;
    UPDATE claim SET n = c.n, revoked_dispute = v_want[2], shortfall = v_shortfall, owed = v_owed, repaid = c.repaid WHERE payment = c.payment;
  END LOOP;
END $$;

-- A grant pays the wallet's debt first, payment by payment in the order of their ids.
CREATE PROCEDURE ledger_repay(INOUT w wallet, x transfer, p_lot text) LANGUAGE plpgsql AS $$
DECLARE
  c claim;
  y transfer;
  l lot;
  none lot;
  v_part bigint;
BEGIN
  SELECT * INTO STRICT l FROM lot WHERE id = p_lot;
  FOR c IN SELECT * FROM claim o WHERE o.wallet = w.id AND o.owed > o.repaid ORDER BY o.payment LOOP
    v_part := least(c.owed - c.repaid, l.available);
    EXIT WHEN v_part = 0;
    y := ledger_consequence(w, x.recorded_at, 'repay:' || x.id || ':' || c.payment, 'repay', v_part, x.actor, x.occurred_at, p_payment => c.payment);
    CALL ledger_move(w, l, y, 'available', CASE WHEN c.t_dispute > 0 THEN 'revoked.dispute'::ledger_account ELSE 'revoked.refund' END, v_part);
    none := NULL;
    CALL ledger_move(w, none, y, 'debt', 'debt_issued', v_part);
    UPDATE claim SET repaid = repaid + v_part WHERE payment = c.payment;
  END LOOP;
END $$;

-- Sets how much of a payment's grant has gone by refunds and by disputes, how much more may go, and how much of what has gone is owed where it was
-- spent: levels, in credits, each capped at what was granted. A claim may be set before its payment is granted: the grant then settles it.
CREATE FUNCTION ledger_settle_claim(p_payment text, p_refund bigint, p_dispute bigint, p_pending bigint, p_owing bigint, p_actor text, p_occurred_at timestamptz)
RETURNS TABLE (transfer_id text, revoked bigint, claimed bigint, shortfall bigint, owed bigint) LANGUAGE plpgsql AS $$
DECLARE
  w wallet;
  c claim;
  p record;
  t timestamptz;
BEGIN
  IF least(p_refund, p_dispute, p_pending, p_owing) < 0 THEN
    RAISE EXCEPTION 'payment %: a level of its claim is below zero', p_payment USING ERRCODE = 'check_violation';
  END IF;
  SELECT y.id, y.customer, y.credits, r.mode INTO STRICT p FROM payment y JOIN realm r ON r.id = y.realm WHERE y.id = p_payment;
  w := ledger_wallet(p.mode, p.customer);
  t := greatest(ledger_now(), w.last_at + interval '1 microsecond');
  CALL ledger_book_due(w, t);
  INSERT INTO claim (payment, wallet, granted) VALUES (p.id, w.id, p.credits) ON CONFLICT (payment) DO NOTHING;
  SELECT * INTO STRICT c FROM claim o WHERE o.payment = p.id;
  c.t_gone := least(p_refund + p_dispute, c.granted);
  c.t_dispute := c.t_gone - least(p_refund, c.t_gone);
  c.t_all := least(c.t_gone + p_pending, c.granted);
  c.t_debt := least(p_owing, c.t_gone);
  UPDATE claim o SET t_gone = c.t_gone, t_dispute = c.t_dispute, t_all = c.t_all, t_debt = c.t_debt
    WHERE o.payment = p.id AND (o.t_gone, o.t_dispute, o.t_all, o.t_debt) <> (c.t_gone, c.t_dispute, c.t_all, c.t_debt);
  IF FOUND THEN
    INSERT INTO claim_change (payment, n, recorded_at, t_gone, t_all, t_dispute, t_debt, actor)
    SELECT p.id, count(*) + 1, t, c.t_gone, c.t_all, c.t_dispute, c.t_debt, p_actor FROM claim_change o WHERE o.payment = p.id;
    CALL ledger_settle(w, t, ARRAY[p.id], p_actor, p_occurred_at);
    w := ledger_store(w);
  END IF;
  RETURN QUERY SELECT (SELECT x.id FROM transfer x WHERE x.book = w.book AND x.key = 'claim:' || o.payment || ':' || o.n AND x.recorded_at = t),
    (SELECT coalesce(sum(l.revoked), 0)::bigint FROM lot l WHERE l.payment = o.payment),
    (SELECT coalesce(sum(l.claimed), 0)::bigint FROM lot l WHERE l.payment = o.payment), o.shortfall, o.owed
  FROM claim o WHERE o.payment = p.id;
END $$;
