import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { loadModule } from 'libpg-query';
import { beforeAll, describe, expect, it } from 'vitest';

import { unsafeInMigration } from '../e2e/support/unsafe-in-migration';

/** Older ones make the first release's database: no older build works beside them. */
const FIRST_RELEASE = '20261124000000';

/** Migrations that need a stop of the old release, or are safe for a reason that the rules cannot see: by name, with the reason. */
const EXCEPTIONS: Readonly<Record<string, string>> = {};

const folder = path.join(import.meta.dirname, 'migrations');
const names = readdirSync(folder).filter((name) => name !== 'migration_lock.toml');
const sqlOf = (name: string) => readFileSync(path.join(folder, name, 'migration.sql'), 'utf8');

beforeAll(() => loadModule());

describe('migrations run while the release before them works', () => {
  it('each one since the first release is safe then, or an exception with its reason', () => {
    const unsafe = names
      .filter((name) => name >= FIRST_RELEASE && !(name in EXCEPTIONS))
      .flatMap((name) => unsafeInMigration(sqlOf(name)).map((fault) => `${name}: ${fault}`));
    expect(unsafe.join('\n')).toBe('');
  });

  it('an exception names a migration that is unsafe', () => {
    for (const name of Object.keys(EXCEPTIONS)) {
      expect(names).toContain(name);
      expect(unsafeInMigration(sqlOf(name)), name).not.toEqual([]);
    }
  });

  it('all of them are read, the oldest too', () => {
    const faults = names.map((name) => unsafeInMigration(sqlOf(name)));
    expect(faults.filter((found) => found.length > 0).length).toBeGreaterThan(10);
    expect(unsafeInMigration(sqlOf('20261121060000_tables'))).toEqual([]);
  });
});

const refusing = (part: string) => expect.stringContaining(part) as string;

describe('is unsafe:', () => {
  it.each([
    ['a column that goes', 'ALTER TABLE payment DROP COLUMN card', 'may use it still'],
    ['a column of another name', 'ALTER TABLE payment RENAME COLUMN card TO method', 'may use it still'],
    ['a table of another name', 'ALTER TABLE payment RENAME TO sale', 'may use it still'],
    ['a table that goes', 'DROP TABLE finding', 'may use it still'],
    ['a type that goes', 'DROP TYPE mode', 'may use it still'],
    ['a value of another name', `ALTER TYPE mode RENAME VALUE 'test' TO 'trial'`, 'may use it still'],
    ['a function that goes', 'DROP FUNCTION ledger_spend(text)', 'may use it still'],
    ['a function of another name', 'ALTER FUNCTION ledger_now() RENAME TO ledger_time', 'may use it still'],
    ['a trigger that goes', 'DROP TRIGGER sealed ON hold', 'may use it still'],
    ['a default that goes', 'ALTER TABLE payment ALTER COLUMN state DROP DEFAULT', 'may use it still'],
    [
      'a check that another takes the place of',
      `ALTER TABLE payment DROP CONSTRAINT ok, ADD CONSTRAINT ok CHECK (kind IN ('pack')) NOT VALID`,
      'may use it still',
    ],
    [
      'a value that the old release does not write',
      'ALTER TABLE payment ADD COLUMN a text NOT NULL',
      'DEFAULT',
    ],
    ['a value that it leaves out', 'ALTER TABLE payment ALTER COLUMN card SET NOT NULL', 'may write'],
    [
      'a null that it does not know',
      'ALTER TABLE payment ALTER COLUMN credits DROP NOT NULL',
      'may read a null',
    ],
    [
      'a default of each row’s own',
      'ALTER TABLE payment ADD COLUMN a timestamptz DEFAULT clock_timestamp()',
      'rewrites',
    ],
    ['a number of each row’s own', 'ALTER TABLE payment ADD COLUMN a bigserial', 'rewrites'],
    [
      'a column that is computed',
      'ALTER TABLE payment ADD COLUMN a bigint GENERATED ALWAYS AS (credits * 2) STORED',
      'rewrites',
    ],
    ['another type', 'ALTER TABLE payment ALTER COLUMN credits TYPE numeric', 'rewrites'],
    ['an index that blocks writes', 'CREATE INDEX i ON payment (card)', 'CONCURRENTLY'],
    [
      'a concurrent index in company',
      'CREATE INDEX CONCURRENTLY i ON payment (card); CREATE TABLE a (id text)',
      'alone',
    ],
    ['an index that goes under a lock', 'DROP INDEX i', 'CONCURRENTLY'],
    ['a unique index', 'CREATE UNIQUE INDEX CONCURRENTLY i ON payment (card)', 'may write'],
    ['a unique column', 'ALTER TABLE payment ADD COLUMN a text UNIQUE', 'CONCURRENTLY'],
    ['a check of all rows', 'ALTER TABLE payment ADD CONSTRAINT c CHECK (credits > 0)', 'NOT VALID'],
    [
      'a foreign key of all rows',
      'ALTER TABLE payment ADD CONSTRAINT f FOREIGN KEY (card) REFERENCES customer (id)',
      'NOT VALID',
    ],
    [
      'a new column’s foreign key',
      'ALTER TABLE payment ADD COLUMN a text REFERENCES customer (id)',
      'NOT VALID',
    ],
    [
      'a trigger on what there is',
      'CREATE TRIGGER t BEFORE INSERT ON payment EXECUTE FUNCTION f()',
      'may write',
    ],
    [
      'two tables under a lock together',
      'ALTER TABLE payment ADD COLUMN a text; ALTER TABLE event ADD COLUMN a text',
      'one such table',
    ],
    [
      'a table under a lock with one that a new one leads to',
      'ALTER TABLE event ADD COLUMN a text; CREATE TABLE a (id text PRIMARY KEY, payment text REFERENCES payment (id))',
      'one such table',
    ],
    ['rows changed at once', 'UPDATE payment SET card = NULL', 'by a job'],
    ['rows deleted at once', 'DELETE FROM payment', 'by a job'],
    ['a table emptied', 'TRUNCATE payment', 'not known to be safe'],
    ['a table locked', 'LOCK TABLE payment', 'not known to be safe'],
    ['a table packed', 'VACUUM FULL payment', 'not known to be safe'],
    [
      'what is only known when it runs',
      `DO $$ BEGIN EXECUTE 'DROP TABLE payment'; END $$`,
      'not known to be safe',
    ],
  ])('%s', (_name, sql, reason) => {
    expect(unsafeInMigration(sql)).toContainEqual(refusing(reason));
  });
});

describe('is safe:', () => {
  it.each([
    ['a nullable column', 'ALTER TABLE payment ADD COLUMN a text'],
    ['a column with a value for all', `ALTER TABLE payment ADD COLUMN a mode NOT NULL DEFAULT 'test'::mode`],
    [
      'a column with the moment',
      'ALTER TABLE payment ADD COLUMN a timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP',
    ],
    ['a check of new rows', 'ALTER TABLE payment ADD CONSTRAINT c CHECK (credits > 0) NOT VALID'],
    ['its validation', 'ALTER TABLE payment VALIDATE CONSTRAINT c'],
    ['an index made beside the writes', 'CREATE INDEX CONCURRENTLY i ON payment (card)'],
    ['one more value', `ALTER TYPE mode ADD VALUE 'trial'`],
    ['another body', `CREATE OR REPLACE FUNCTION a(int) RETURNS int LANGUAGE sql AS 'SELECT 1'`],
    [
      'anything on a table of its own',
      `CREATE TABLE a (id text PRIMARY KEY, b text); ALTER TABLE "a" ADD COLUMN c text NOT NULL;
       CREATE UNIQUE INDEX i ON a (b); CREATE TRIGGER t BEFORE INSERT ON a EXECUTE FUNCTION f(); UPDATE a SET b = c;`,
    ],
  ])('%s', (_name, sql) => {
    expect(unsafeInMigration(sql)).toEqual([]);
  });
});
