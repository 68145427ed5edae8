import type { AddressInfo } from 'node:net';
import { createSandbox, type RunningSandbox, type SandboxOptions } from './create-sandbox';
import type { StartedWebhook } from './engine/start-endpoints';
import type { Sandbox } from './sandbox';
import { createSandboxServer } from './server';

export interface StartOptions extends Omit<SandboxOptions, 'origin'> {
  /** 0: any free port. */
  port: number;
  host?: string | undefined;
  /** Where browsers reach the sandbox, if that is not where it listens. */
  publicUrl?: string | undefined;
}

export interface StartedSandbox {
  url: string;
  sandbox: Sandbox;
  /** null unless the live mode is played. */
  live: Sandbox | null;
  /** Every account that is played, the first one included. */
  accounts: {
    sandbox: Sandbox;
    live: Sandbox | null;
    webhooks: StartedWebhook[];
    liveWebhooks: StartedWebhook[];
  }[];
  /** What was named at this start, with the secrets that sign. */
  webhooks: StartedWebhook[];
  liveWebhooks: StartedWebhook[];
  /** Ends after the answers that are under way; pending deliveries go on at the next start. */
  stop(): Promise<void>;
}

/** Runs a sandbox in this process, for tests and for main.ts. */
export async function startSandbox(options: StartOptions): Promise<StartedSandbox> {
  const host = options.host ?? '127.0.0.1';
  let listeningAt = `http://${host}:${options.port}`;
  const running: RunningSandbox = await createSandbox({
    ...options,
    origin: () => options.publicUrl ?? listeningAt,
  });
  const server = createSandboxServer(running);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, host, resolve);
  }).catch((error: unknown) => {
    running.close();
    throw error;
  });
  listeningAt = `http://${host.includes(':') ? `[${host}]` : host}:${portOf(server.address())}`;
  const accounts = running.accounts.map(({ test, live }) => ({
    sandbox: test.sandbox,
    live: live?.sandbox ?? null,
    webhooks: test.webhooks,
    liveWebhooks: live?.webhooks ?? [],
  }));
  const [first] = accounts;
  if (first === undefined) throw new Error('The sandbox plays at least one account.');
  return {
    url: listeningAt,
    accounts,
    ...first,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const hub of running.listeners()) hub.close();
      server.closeIdleConnections();
      await closed;
      running.close();
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The sandbox listens on a TCP port.');
  return address.port;
}
