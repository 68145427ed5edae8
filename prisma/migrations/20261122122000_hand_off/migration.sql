-- AlterTable
ALTER TABLE "session" ADD COLUMN     "book" "mode",
ADD COLUMN     "customer" TEXT,
ADD COLUMN     "return_url" TEXT,
ALTER COLUMN "user" DROP NOT NULL;

-- CreateTable
CREATE TABLE "store_link" (
    "id" TEXT NOT NULL,
    "client" TEXT NOT NULL,
    "customer" TEXT NOT NULL,
    "book" "mode" NOT NULL,
    "key" TEXT NOT NULL,
    "body_hash" TEXT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "return_url" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "used_at" TIMESTAMPTZ(6),

    CONSTRAINT "store_link_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "store_link_token_hash_key" ON "store_link"("token_hash");

-- CreateIndex
CREATE INDEX "store_link_customer_expires_at_idx" ON "store_link"("customer", "expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "store_link_client_key_key" ON "store_link"("client", "key");

-- CreateIndex
CREATE INDEX "session_customer_idx" ON "session"("customer");

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_customer_fkey" FOREIGN KEY ("customer") REFERENCES "customer"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "store_link" ADD CONSTRAINT "store_link_customer_fkey" FOREIGN KEY ("customer") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- A session is a person's log-in or the product's customer, never both: what only people may open cannot be opened by the other.
ALTER TABLE "session" ADD CONSTRAINT "session_of_one" CHECK (num_nonnulls("user", "customer") = 1);
ALTER TABLE "session" ADD CONSTRAINT "session_hand_off" CHECK (
  ("customer" IS NULL) = ("return_url" IS NULL) AND ("customer" IS NULL) = ("book" IS NULL)
);
-- A hand-off lasts from its link, not from its last use: after that the product vouches anew.
ALTER TABLE "session" ADD CONSTRAINT "session_hand_off_life" CHECK (
  "customer" IS NULL OR "expires_at" <= "created_at" + interval '12 hours'
);
-- What a page of ours leads to is an address of the web, never a script.
ALTER TABLE "session" ADD CONSTRAINT "session_return_url" CHECK ("return_url" ~ '^https?://[^/?#@\\]+/' AND length("return_url") <= 2000);
ALTER TABLE "store_link" ADD CONSTRAINT "store_link_return_url" CHECK ("return_url" ~ '^https?://[^/?#@\\]+/' AND length("return_url") <= 2000);
-- A link leads to a page of ours.
ALTER TABLE "store_link" ADD CONSTRAINT "store_link_path" CHECK ("path" ~ '^/([^/\\]|$)' AND length("path") <= 2000);
-- The hash opens nothing; a token in its place would.
ALTER TABLE "store_link" ADD CONSTRAINT "store_link_hashes" CHECK ("token_hash" ~ '^[0-9a-f]{64}$' AND "body_hash" ~ '^[0-9a-f]{64}$');
ALTER TABLE "store_link" ADD CONSTRAINT "store_link_life" CHECK (
  "expires_at" > "created_at" AND "expires_at" <= "created_at" + interval '2 minutes' AND "used_at" < "expires_at"
);

-- A link is used once, and stays what it was made as: neither whom it lets in nor how long it lives can change.
CREATE FUNCTION store_link_is_used_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.used_at IS NOT NULL OR NEW.used_at IS NULL OR to_jsonb(NEW) - 'used_at' <> to_jsonb(OLD) - 'used_at' THEN
    RAISE EXCEPTION 'store link % is used once and not changed', OLD.id;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER store_link_is_used_once BEFORE UPDATE ON store_link FOR EACH ROW EXECUTE FUNCTION store_link_is_used_once();

-- The product's own names of its users; ours begin with cst_, so that no name is read as the other kind.
ALTER TABLE "customer" ADD CONSTRAINT "customer_external_id" CHECK (
  "external_id" ~ '^[A-Za-z0-9._:@+|=~-]{1,128}$' AND "external_id" !~ '^cst_'
);
