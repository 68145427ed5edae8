import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const BINARY = path.resolve(import.meta.dirname, '../../../node_modules/.bin/stripe');
const PATIENCE_MS = 30_000;

/** Options of tests that start a process, which takes long on a busy machine. */
export const STARTS_A_PROCESS = { timeout: PATIENCE_MS };

export interface CliRun {
  code: number;
  /** Standard output and standard error, one after the other. */
  output: string;
  stdout: string;
}

/** A command that goes on until it is ended, as `listen` does. */
export interface StandingCli {
  /** Standard output and standard error as they came. */
  output(): string;
  end(): Promise<void>;
}

export interface Cli {
  run(...args: string[]): Promise<CliRun>;
  start(...args: string[]): StandingCli;
  close(): void;
}

/** The official CLI, with a configuration of its own and pointed at a sandbox. */
export function startCli(apiBase: string): Cli {
  const folder = mkdtempSync(path.join(tmpdir(), 'stripe-cli-'));
  // A key in the environment would win over the one that is passed.
  const env = {
    ...process.env,
    STRIPE_API_KEY: undefined,
    STRIPE_CLI_TELEMETRY_OPTOUT: '1',
    HOME: folder,
    XDG_CONFIG_HOME: folder,
  };
  const manners = [
    '--api-base',
    apiBase,
    '--api-key',
    'sk_test_1234567890abcdef',
    '--config',
    path.join(folder, 'config.toml'),
    '--color',
    'off',
  ];
  return {
    run: (...args) =>
      new Promise((resolve) => {
        const options = { env, cwd: folder, timeout: PATIENCE_MS };
        const child = execFile(BINARY, [...args, ...manners], options, (error, stdout, stderr) => {
          const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
          resolve({ code, output: stdout + stderr, stdout });
        });
        child.stdin?.end();
      }),
    start(...args) {
      const child = spawn(BINARY, [...args, ...manners], { env, cwd: folder, detached: true });
      let text = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (data: Buffer) => (text += data.toString('utf8')));
      const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      return {
        output: () => text,
        async end() {
          // The package's script waits for the CLI itself: both are one process group.
          const hasEnded = child.exitCode !== null || child.signalCode !== null;
          if (!hasEnded && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
          await exited;
        },
      };
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
