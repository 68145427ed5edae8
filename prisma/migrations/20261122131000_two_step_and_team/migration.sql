-- CreateTable
CREATE TABLE "log_in_step" (
    "id" TEXT NOT NULL,
    "user" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "log_in_step_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "totp" (
    "user" TEXT NOT NULL,
    "secret" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "confirmed_at" TIMESTAMPTZ(6),
    "last_step" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "totp_pkey" PRIMARY KEY ("user")
);

-- CreateTable
CREATE TABLE "recovery_code" (
    "id" TEXT NOT NULL,
    "user" TEXT NOT NULL,
    "used_at" TIMESTAMPTZ(6),

    CONSTRAINT "recovery_code_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "staff_invite" (
    "id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" "role" NOT NULL,
    "invited_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "used_at" TIMESTAMPTZ(6),
    "withdrawn_at" TIMESTAMPTZ(6),

    CONSTRAINT "staff_invite_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "log_in_step_user_idx" ON "log_in_step"("user");

-- CreateIndex
CREATE INDEX "log_in_step_expires_at_idx" ON "log_in_step"("expires_at");

-- CreateIndex
CREATE INDEX "recovery_code_user_idx" ON "recovery_code"("user");

-- CreateIndex
CREATE UNIQUE INDEX "staff_invite_key_key" ON "staff_invite"("key");

-- CreateIndex
CREATE UNIQUE INDEX "staff_invite_token_hash_key" ON "staff_invite"("token_hash");

-- CreateIndex
CREATE INDEX "staff_invite_invited_by_idx" ON "staff_invite"("invited_by");

-- CreateIndex
CREATE UNIQUE INDEX "staff_invite_one_open" ON "staff_invite"("email") WHERE (used_at IS NULL AND withdrawn_at IS NULL);

-- AddForeignKey
ALTER TABLE "log_in_step" ADD CONSTRAINT "log_in_step_user_fkey" FOREIGN KEY ("user") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "totp" ADD CONSTRAINT "totp_user_fkey" FOREIGN KEY ("user") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "recovery_code" ADD CONSTRAINT "recovery_code_user_fkey" FOREIGN KEY ("user") REFERENCES "totp"("user") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "staff_invite" ADD CONSTRAINT "staff_invite_invited_by_fkey" FOREIGN KEY ("invited_by") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- Hashes open nothing; a token in their place would.
ALTER TABLE "log_in_step" ADD CONSTRAINT "log_in_step_hash" CHECK ("id" ~ '^[0-9a-f]{64}$');
ALTER TABLE "recovery_code" ADD CONSTRAINT "recovery_code_hash" CHECK ("id" ~ '^[0-9a-f]{64}$');
ALTER TABLE "staff_invite" ADD CONSTRAINT "staff_invite_hash" CHECK ("token_hash" ~ '^[0-9a-f]{64}$');
-- A password that was right is worth nothing for long.
ALTER TABLE "log_in_step" ADD CONSTRAINT "log_in_step_life" CHECK (
  "expires_at" > "created_at" AND "expires_at" <= "created_at" + interval '10 minutes'
);
ALTER TABLE "staff_invite" ADD CONSTRAINT "staff_invite_life" CHECK (
  "expires_at" > "created_at" AND "expires_at" <= "created_at" + interval '7 days'
  AND ("used_at" IS NULL OR ("withdrawn_at" IS NULL AND "used_at" < "expires_at"))
);
ALTER TABLE "staff_invite" ADD CONSTRAINT "staff_invite_to_staff" CHECK ("role" <> 'customer' AND "email" = lower(btrim("email")));

-- A code is good once: the step of the last one only rises while the secret is the same.
CREATE FUNCTION totp_step_rises() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.last_step <= OLD.last_step THEN
    RAISE EXCEPTION 'the code of step % was used before', NEW.last_step USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER totp_step_rises BEFORE UPDATE OF last_step ON totp FOR EACH ROW WHEN (NEW.secret = OLD.secret)
  EXECUTE FUNCTION totp_step_rises();

-- What is good once is used once, and stays what it was made as.
CREATE FUNCTION recovery_code_is_used_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.used_at IS NOT NULL OR NEW.used_at IS NULL OR to_jsonb(NEW) - 'used_at' <> to_jsonb(OLD) - 'used_at' THEN
    RAISE EXCEPTION 'a recovery code is used once and not changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER recovery_code_is_used_once BEFORE UPDATE ON recovery_code FOR EACH ROW EXECUTE FUNCTION recovery_code_is_used_once();
CREATE FUNCTION staff_invite_ends_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.used_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL
    OR to_jsonb(NEW) - '{used_at,withdrawn_at}'::text[] <> to_jsonb(OLD) - '{used_at,withdrawn_at}'::text[] THEN
    RAISE EXCEPTION 'invitation % ends once and is not changed', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER staff_invite_ends_once BEFORE UPDATE ON staff_invite FOR EACH ROW EXECUTE FUNCTION staff_invite_ends_once();

-- Without an admin nobody could make one: of two that leave at once the second one waits, and sees that it is the last.
CREATE FUNCTION last_admin_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('credence admins', 0));
  IF NOT EXISTS (SELECT FROM "user" WHERE role = 'admin' AND id <> OLD.id) THEN
    RAISE EXCEPTION 'the last admin stays' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER last_admin_stays BEFORE UPDATE OF role ON "user" FOR EACH ROW WHEN (OLD.role = 'admin' AND NEW.role <> 'admin')
  EXECUTE FUNCTION last_admin_stays();
CREATE TRIGGER last_admin_is_not_deleted BEFORE DELETE ON "user" FOR EACH ROW WHEN (OLD.role = 'admin') EXECUTE FUNCTION last_admin_stays();

-- Who holds credits is no staff and staff hold none, so that nobody acts on a wallet of theirs.
CREATE FUNCTION staff_hold_no_credits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM customer WHERE "user" = NEW.id) THEN
    RAISE EXCEPTION 'user % is a customer: staff hold no credits', NEW.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER staff_hold_no_credits BEFORE UPDATE OF role ON "user" FOR EACH ROW WHEN (OLD.role = 'customer' AND NEW.role <> 'customer')
  EXECUTE FUNCTION staff_hold_no_credits();
