import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';

import { waitFor } from './wait-for';

export interface DoomedOptions {
  name: string;
  /** Arguments of node. */
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  logFolder: string;
  /** Whether it does its work; asked again and again after each start. */
  isAtWork: (child: ChildProcess) => Promise<boolean>;
}

/** A process that is killed without a warning and started again, until it is stopped for good. */
export class DoomedProcess {
  /** How often it ended without having been killed. */
  unasked = 0;
  private child: ChildProcess | undefined;
  private ended: Promise<unknown> = Promise.resolve();
  /** The one that was last seen at work. */
  private atWork: ChildProcess | undefined;
  private isStopped = false;
  private readonly condemned = new WeakSet<ChildProcess>();

  constructor(private readonly options: DoomedOptions) {
    this.start();
  }

  get name(): string {
    return this.options.name;
  }

  get logFile(): string {
    return path.join(this.options.logFolder, `${this.options.name}.log`);
  }

  get isUp(): boolean {
    return this.atWork !== undefined && this.atWork === this.child;
  }

  /** SIGKILL to its whole group, and a new one at once. */
  async kill(): Promise<void> {
    const { child } = this;
    if (child !== undefined) this.condemned.add(child);
    this.signal('SIGKILL');
    await this.ended;
  }

  /** SIGTERM as at a deploy, and a new one when it has ended; the code that it ended with, null after a signal. */
  async replace(): Promise<number | null> {
    const { child } = this;
    if (child === undefined) throw new Error(`${this.name} does not run.`);
    this.condemned.add(child);
    child.kill('SIGTERM');
    await this.ended;
    return child.exitCode;
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  /** What it answers to a question by its channel; undefined when it does not run or ends before. */
  ask(question: string): Promise<unknown> {
    const { child } = this;
    if (child?.connected !== true) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const settle = (answer?: unknown) => {
        child.off('message', settle).off('exit', gone);
        resolve(answer);
      };
      const gone = () => settle();
      child.once('message', settle).once('exit', gone);
      child.send(question, (error) => {
        if (error) gone();
      });
    });
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    this.signal('SIGTERM');
    const late = setTimeout(() => this.signal('SIGKILL'), 10_000);
    await this.ended;
    clearTimeout(late);
  }

  private start(): void {
    const { args, cwd, env } = this.options;
    const log = openSync(this.logFile, 'a');
    const child = spawn(process.execPath, args, {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    this.child = child;
    this.ended = new Promise((resolve) => child.once('exit', resolve));
    void this.watch(child);
    child.once('exit', () => {
      if (this.atWork === child) this.atWork = undefined;
      if (this.isStopped) return;
      if (!this.condemned.has(child)) this.unasked += 1;
      this.start();
    });
  }

  private async watch(child: ChildProcess): Promise<void> {
    const isStarted = async () => {
      if (this.isStopped || child !== this.child || (await this.options.isAtWork(child))) return true;
      return undefined;
    };
    await waitFor(isStarted, { withinMs: 120_000, what: () => this.name }).catch(() => undefined);
    if (child === this.child && child.exitCode === null && child.signalCode === null) this.atWork = child;
  }

  private signal(signal: NodeJS.Signals): void {
    const pid = this.child?.pid;
    if (pid === undefined || this.child?.exitCode !== null || this.child.signalCode !== null) return;
    process.kill(-pid, signal);
  }
}
