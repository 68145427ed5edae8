import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from './project';

export interface ChildOptions {
  name: string;
  /** Arguments of node. */
  args: string[];
  env: NodeJS.ProcessEnv;
  /** Where its output goes; the terminal when null. */
  logFolder: string | null;
  say: (sentence: string) => void;
  /** It ended more often than it is started again. */
  onGivenUp: (sentence: string) => void;
}

const MAX_RESTARTS = 5;
const FIRST_PAUSE_MS = 500;
const STEADY_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;

/** A process that is started again when it ends unasked, up to five times in a row. */
export class SupervisedChild {
  private process: ChildProcess | null = null;
  private restarts = 0;
  private stopping = false;
  private pause: NodeJS.Timeout | null = null;

  constructor(private readonly options: ChildOptions) {
    this.start();
  }

  get pid(): number | undefined {
    return this.process?.pid;
  }

  /** Asks it to end and waits; after 10 s it is killed. */
  async stop(): Promise<void> {
    this.stopping = true;
    if (this.pause) clearTimeout(this.pause);
    const child = this.process;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    this.signal('SIGTERM');
    const late = setTimeout(() => this.signal('SIGKILL'), STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(late);
  }

  kill(): void {
    this.stopping = true;
    this.signal('SIGKILL');
  }

  private start(): void {
    const { args, env, logFolder, name } = this.options;
    const log = logFolder === null ? null : openLog(logFolder, name);
    const out = log ?? 'inherit';
    const child = spawn(process.execPath, args, {
      cwd: projectRoot,
      env,
      // A group of its own: Ctrl-C reaches the supervisor alone, which ends its children in order.
      detached: true,
      stdio: ['ignore', out, out, 'ipc'],
    });
    if (log !== null) closeSync(log);
    const startedAt = Date.now();
    this.process = child;
    child.once('exit', (code, signal) => {
      if (this.stopping) return;
      if (Date.now() - startedAt > STEADY_MS) this.restarts = 0;
      this.startAgain(signal ?? `code ${code}`);
    });
  }

  private startAgain(how: string): void {
    const { name, logFolder, say, onGivenUp } = this.options;
    const log = logFolder === null ? '' : ` (log: ${path.join(logFolder, `${name}.log`)})`;
    if (this.restarts >= MAX_RESTARTS) {
      onGivenUp(`The ${name} process ended ${MAX_RESTARTS + 1} times in a row, last with ${how}${log}.`);
      return;
    }
    const pause = FIRST_PAUSE_MS * 2 ** this.restarts;
    this.restarts += 1;
    say(`The ${name} process ended with ${how}; it is started again in ${pause / 1_000} s${log}.`);
    this.pause = setTimeout(() => this.start(), pause);
  }

  private signal(signal: NodeJS.Signals): void {
    const pid = this.process?.pid;
    if (pid === undefined) return;
    try {
      if (process.platform === 'win32') process.kill(pid, signal);
      else process.kill(-pid, signal);
    } catch {
      // It has just ended by itself.
    }
  }
}

function openLog(folder: string, name: string): number {
  mkdirSync(folder, { recursive: true });
  return openSync(path.join(folder, `${name}.log`), 'a', 0o600);
}
