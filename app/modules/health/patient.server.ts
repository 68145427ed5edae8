import { type AccountLook, type StripeSettings } from '~/modules/stripe/index.server';
import { type RealmView } from '~/modules/stripe/shared';
import { type Db } from '~/platform/db.server';
import { type Env } from '~/platform/env.server';

import { type DoctorCode } from './doctor-codes';

/** What is examined. Nothing of it is changed by looking. */
export interface Patient {
  db: Db;
  env: Env;
  settings: StripeSettings;
  now: Date;
  /** Before web and worker run: nobody answers and nobody works yet. */
  isStarting: boolean;
  /** The key's realm as the database knows it; undefined for a key that is new here. */
  realm: RealmView | undefined;
  /** Undefined where nothing outside is asked. */
  look: AccountLook | undefined;
  /** One directory per migration. */
  migrationsFolder: string;
  /** The oldest Postgres that will do, as `server_version_num`. */
  oldestPostgres: number;
}

export interface Found {
  code: DoctorCode;
  subject?: string;
  /** What is wrong, in a sentence. */
  said: string;
}

/** What was found; nothing means that all of its codes hold. */
export type Checked = Found[] | { skipped: string };

export interface Check {
  /** Every code that it decides. */
  codes: readonly DoctorCode[];
  run: (patient: Patient) => Promise<Checked> | Checked;
}

export const NOT_ASKED = { skipped: 'nothing outside is asked (--offline)' };
export const NOT_RUNNING = { skipped: 'the web process and the worker do not run yet' };
export const NO_REALM = { skipped: 'the account of this key has sold nothing here yet' };
