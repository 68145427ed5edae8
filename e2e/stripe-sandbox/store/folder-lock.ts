import { createHash } from 'node:crypto';
import { realpathSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import os from 'node:os';
import path from 'node:path';

export interface FolderLock {
  release(): void;
}

/**
 * Keeps a second process from writing to the folder. The lock is a listening socket, so a process that was killed
 * holds nothing. A folder that another process holds raises an Error.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const address = addressFor(realpathSync(folder));
  let server = await listenAt(address);
  if (!server && !(await isAnswered(address))) {
    rmSync(address, { force: true });
    server = await listenAt(address);
  }
  if (!server) throw new Error(`Another sandbox is using the folder ${folder}.`);
  const held = server;
  return { release: () => void held.close() };
}

function addressFor(folder: string): string {
  const name = `stripe-sandbox-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : path.join(os.tmpdir(), `${name}.sock`);
}

/** null: something is at the address already. */
function listenAt(address: string): Promise<Server | null> {
  const server = createServer((socket) => socket.destroy()).unref();
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    );
    server.listen(address, () => resolve(server));
  });
}

/** A socket that nobody listens to was left behind by a process that was killed. */
function isAnswered(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'),
    );
  });
}
