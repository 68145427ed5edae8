import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A folder for one run's data, outside the checkout, so that Postgres' user can enter it wherever the checkout lies. */
export function makeDataFolder(): { folder: string; remove: () => void } {
  const around = mkdtempSync(path.join(os.tmpdir(), 'credence-e2e-'));
  chmodSync(around, 0o755);
  return {
    folder: path.join(around, 'data'),
    remove: () => rmSync(around, { recursive: true, force: true }),
  };
}
