import { createServer } from 'node:net';

export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** The first free port from `first` upwards. */
export async function findFreePort(first: number, host = '127.0.0.1'): Promise<number> {
  for (let port = first; port < first + 200; port += 1) {
    if (await isPortFree(port, host)) return port;
  }
  throw new Error(`No free port between ${first} and ${first + 199} on ${host}.`);
}
