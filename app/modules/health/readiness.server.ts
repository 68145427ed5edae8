import path from 'node:path';

import { currentRealm } from '~/modules/stripe/index.server';
import { db } from '~/platform/db.server';
import { log } from '~/platform/log.server';

import { checkReadiness, type NotReady } from './check-readiness.server';

/** Whether this process can serve requests. The reasons go to the log, their codes to the caller. */
export async function readiness(): Promise<NotReady[]> {
  const faults = await checkReadiness({
    db: db(),
    migrationsFolder: path.resolve('prisma/migrations'),
    realm: currentRealm,
  });
  if (faults.length > 0) log.warn('readiness refused', { faults });
  return faults.map((fault) => fault.code);
}
