import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';

import { startPostgres } from '../../app/cli/embedded-postgres/start-postgres';
import { migrateDatabase } from '../../app/cli/migrate-database';

declare module 'vitest' {
  interface ProvidedContext {
    /** A server's maintenance database, and the migrated template that tests clone. */
    testServerUrl: string;
    testTemplate: string;
  }
}

/** One Postgres for the run with one migrated template; CREDENCE_TEST_DATABASE_URL names another server. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.CREDENCE_TEST_DATABASE_URL;
  const folder = path.join(os.tmpdir(), `credence-test-${process.pid}`);
  const server = given === undefined ? await startPostgres({ folder, durable: false }) : undefined;
  const stop = async () => {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const url = onDatabase(server?.url ?? given ?? '', 'postgres');
    const template = `template_${process.pid}_${randomUUID().slice(0, 8)}`;
    await run(url, `CREATE DATABASE ${template}`);
    await migrateDatabase(onDatabase(url, template));
    project.provide('testServerUrl', url);
    project.provide('testTemplate', template);
    return async () => {
      await run(url, `DROP DATABASE IF EXISTS ${template} WITH (FORCE)`);
      await stop();
    };
  } catch (error) {
    // Vitest skips the teardown of a setup that throws.
    await stop();
    throw error;
  }
}

export function onDatabase(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

export async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
