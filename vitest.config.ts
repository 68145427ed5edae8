import path from 'node:path';
import { defineConfig } from 'vitest/config';

const alias = { '~': path.resolve(import.meta.dirname, 'app') };
const shared = {
  alias,
  setupFiles: ['e2e/support/shared-worker.ts', 'e2e/support/quiet-console.ts'],
  // The files of a worker share what they import: loading it anew for each takes longer than most of their tests.
  isolate: false,
  environment: 'node' as const,
  env: { LOG_LEVEL: 'silent' },
};
const built = ['app/bundle.test.ts', 'e2e/**/*.built.test.ts'];

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        resolve: { alias },
        test: {
          ...shared,
          name: 'unit',
          include: ['app/**/*.test.{ts,tsx}', 'prisma/**/*.test.ts', 'e2e/**/*.test.ts'],
          exclude: ['**/*.db.test.ts', '**/node_modules/**', ...built],
          // Conditions are awaited, so a slow machine makes these tests slow and not wrong.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        resolve: { alias },
        test: {
          ...shared,
          name: 'integration',
          include: ['app/**/*.db.test.ts', 'prisma/**/*.db.test.ts', 'e2e/**/*.db.test.ts'],
          globalSetup: ['e2e/support/postgres-for-tests.ts'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      // Looks at what `npm run build` left behind.
      { resolve: { alias }, test: { ...shared, name: 'built', include: built } },
    ],
  },
});
