-- CreateTable
CREATE TABLE "api_client" (
    "id" TEXT NOT NULL,
    "book" "mode" NOT NULL,
    "name" TEXT NOT NULL,
    "scopes" TEXT[],
    "return_origins" TEXT[],
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "closed_at" TIMESTAMPTZ(6),

    CONSTRAINT "api_client_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_key" (
    "id" TEXT NOT NULL,
    "client" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "hint" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(6),
    "revoked_at" TIMESTAMPTZ(6),
    "last_used_at" TIMESTAMPTZ(6),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "api_client_book_name_key" ON "api_client"("book", "name");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_hash_key" ON "api_key"("hash");

-- CreateIndex
CREATE INDEX "api_key_client_created_at_idx" ON "api_key"("client", "created_at");

-- AddForeignKey
ALTER TABLE "api_client" ADD CONSTRAINT "api_client_book_fkey" FOREIGN KEY ("book") REFERENCES "book"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_client_fkey" FOREIGN KEY ("client") REFERENCES "api_client"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


ALTER TABLE "api_client" ALTER COLUMN "scopes" SET NOT NULL, ALTER COLUMN "return_origins" SET NOT NULL;

-- Only a hash is kept: a key itself can never stand here by mistake.
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_hash" CHECK ("hash" ~ '^[0-9a-f]{64}$');
