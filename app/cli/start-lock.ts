import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { OperatorError } from './operator-error';
import { commandOf } from './process-table';

const holderSchema = z.object({ pid: z.number().int(), command: z.string(), url: z.string().nullable() });
type Holder = z.infer<typeof holderSchema>;

export interface StartLock {
  /** Tells a second start where the first one answers. */
  note(url: string): void;
  release(): void;
}

/**
 * One Credence at a time runs on a folder. A holder that died is taken over: its pid must still run the same command,
 * since numbers are reused.
 */
export function takeStartLock(folder: string): StartLock {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'start.lock');
  const mine: Holder = { pid: process.pid, command: commandOf(process.pid), url: null };
  while (!createLock(file, mine)) {
    const holder = readHolder(file);
    if (holder !== null && holder.command === commandOf(holder.pid)) {
      const where = holder.url === null ? '' : ` and answers at ${holder.url}`;
      throw new OperatorError(
        `Credence already runs on ${folder} (process ${holder.pid}${where}): stop it first, or set CREDENCE_DATA_DIR to another folder.`,
      );
    }
    rmSync(file, { force: true });
  }
  return {
    note: (url) => writeFileSync(file, JSON.stringify({ ...mine, url })),
    release: () => {
      if (readHolder(file)?.pid === process.pid) rmSync(file, { force: true });
    },
  };
}

function createLock(file: string, holder: Holder): boolean {
  try {
    writeFileSync(file, JSON.stringify(holder), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function readHolder(file: string): Holder | null {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}
