import { defineConfig } from 'prisma/config';

// `prisma generate` otherwise downloads the native schema engine, which it does not use, and fails offline.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({
  schema: 'schema.prisma',
  migrations: { path: 'migrations' },
  // Only tools that reach a database read this; `generate` runs without one.
  datasource: { url: process.env.DATABASE_URL ?? '' },
});
