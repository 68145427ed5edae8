import { spawn } from 'node:child_process';
import path from 'node:path';

import { STRIPE_ITSELF, type StripeAccount } from './stripe-account';

const CLI = path.resolve(import.meta.dirname, '../../node_modules/.bin/stripe');

export interface Listening {
  /** What signs all that is forwarded. */
  secret: string;
  stop(): void;
}

/**
 * `stripe listen`: the official CLI forwards an account's events to that address, as on a developer's machine.
 * @throws Error with the CLI's own words when it ends before it is ready, as for a key that Stripe does not know
 */
export async function listen(
  account: StripeAccount,
  { forwardTo, folder, onEnd }: { forwardTo: string; folder: string; onEnd: (said: string) => void },
): Promise<Listening> {
  const args = ['listen', '--skip-update', '--color', 'off', '--forward-to', forwardTo];
  args.push('--config', path.join(folder, 'stripe-cli.toml'));
  if (account.url !== STRIPE_ITSELF) args.push('--api-base', account.url);
  const cli = spawn(CLI, args, {
    // In the environment the key stands in no list of processes, and wins over what the developer has logged in to.
    env: { ...process.env, STRIPE_API_KEY: account.secretKey, STRIPE_CLI_TELEMETRY_OPTOUT: '1' },
    // The package's script waits for the CLI itself: both are one process group, which ends as one.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let isStopping = false;
  let said = '';
  const secret = await new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said = (said + chunk.toString('utf8')).slice(-4_000);
      const found = /whsec_\w+/.exec(said)?.[0];
      if (found !== undefined) resolve(found);
    };
    cli.stdout.on('data', hear);
    cli.stderr.on('data', hear);
    cli.once('error', reject);
    cli.once('exit', () => reject(new Error(`stripe listen ended: ${said.trim()}`)));
  });
  cli.once('exit', () => {
    if (!isStopping) onEnd(said.replaceAll(/whsec_\w+/g, 'whsec_…').trim());
  });
  return {
    secret,
    stop() {
      isStopping = true;
      if (cli.pid !== undefined && cli.exitCode === null) process.kill(-cli.pid, 'SIGTERM');
    },
  };
}
