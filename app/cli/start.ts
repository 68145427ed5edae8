import path from 'node:path';
import { buildIfStale, forgetBuild, packageBin } from './build';
import { postgresOptions } from './database';
import { startPostgres, type PostgresServer } from './embedded-postgres/start-postgres';
import { chosenMode, dataFolder, given, projectRoot, tsxArgs } from './project';
import { takeStartLock, type StartLock } from './start-lock';
import { readStartSettings, type StartSettings } from './start-settings';
import { SupervisedChild } from './supervised-child';
import { waitUntilReady } from './wait-until-ready';
import { welcome } from './welcome';

// Children run in the project's folder.
const END_WEB = './app/cli/end-web.js';
const LOG_PATHS_ONLY = './app/cli/log-paths-only.js';
const END_WITH_SUPERVISOR = './app/cli/end-with-supervisor.js';

export type StartMode = 'start' | 'dev';

const say = (sentence: string) => void process.stdout.write(`${sentence}\n`);

/** Starts everything, in order, and runs until it is told to stop. */
export async function start(mode: StartMode, ignoreDoctor?: string): Promise<void> {
  const supervisor = new Supervisor(mode, ignoreDoctor);
  process.on('SIGINT', () => supervisor.interrupted(0));
  process.on('SIGTERM', () => supervisor.interrupted(0));
  process.on('SIGHUP', () => supervisor.interrupted(0));
  try {
    await supervisor.run();
  } catch (error) {
    // Stopping midway makes the step in hand fail; that is no news.
    if (supervisor.isStopping) return;
    await supervisor.stop();
    throw error;
  }
}

/** Loads the rooms only when their turn comes: a fault of the environment is said at once. */
class Supervisor {
  isStopping = false;
  private lock: StartLock | null = null;
  private postgres: PostgresServer | null = null;
  private startingPostgres: Promise<PostgresServer> | null = null;
  private sandbox: SupervisedChild | null = null;
  private web: SupervisedChild | null = null;
  private worker: SupervisedChild | null = null;
  private demo: Promise<void> | null = null;
  private readonly stopping = new AbortController();
  private readonly logFolder: string | null;

  constructor(
    private readonly mode: StartMode,
    private readonly ignoreDoctor: string | undefined,
  ) {
    this.logFolder = mode === 'start' ? path.join(dataFolder(), 'logs') : null;
  }

  async run(): Promise<void> {
    this.lock = takeStartLock(dataFolder());
    const settings = await readStartSettings(this.mode === 'start' ? 'production' : 'development');
    if (settings.portNotice !== null) say(settings.portNotice);
    const sandboxReady = this.startSandbox(settings);
    // Awaited below; a fault until then is not an unhandled one.
    sandboxReady.catch(() => undefined);
    const [databaseUrl] = await Promise.all([this.prepareDatabase(), this.prepareBuild()]);
    const env = settings.withDatabase(databaseUrl);
    // Rooms that run in this process read the environment of web and worker, and keep to sentences here.
    Object.assign(process.env, env, { LOG_LEVEL: 'error' });
    await sandboxReady;
    await this.askDoctor();
    const isFresh = await this.prepareData(settings, databaseUrl);
    if (this.isStopping) return;
    this.web = this.child('web', this.webArgs(), env);
    this.worker = this.child('worker', this.workerArgs(), env);
    await waitUntilReady(`http://${loopbackOf(env.HOST)}:${settings.port}/readyz`, 'The web process');
    this.lock.note(env.APP_URL ?? '');
    say(welcome(settings, this.logFolder, isFresh));
    if (isFresh) this.demo = this.liveDemo(settings);
  }

  /** The first call ends everything in order; the second one does not wait. */
  interrupted(exitCode: number): void {
    if (this.isStopping) {
      for (const child of [this.web, this.worker, this.sandbox]) child?.kill();
      this.postgres?.kill();
      this.lock?.release();
      process.exit(130);
    }
    say('Stopping…');
    void this.stop().then(
      () => process.exit(exitCode),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
        process.exit(1);
      },
    );
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    // Web and worker first: they still speak to Stripe and to Postgres while they end.
    this.stopping.abort();
    await Promise.all([this.web?.stop(), this.worker?.stop(), this.demo]);
    await this.sandbox?.stop();
    // Stopped while it starts: what is half up is awaited, so that nothing is left behind.
    await (await this.startingPostgres?.catch(() => null))?.stop();
    this.lock?.release();
  }

  private async startSandbox(settings: StartSettings): Promise<void> {
    if (!settings.sandbox) return;
    const { port, url, webhookSecret } = settings.sandbox;
    const args = tsxArgs('e2e/stripe-sandbox/main.ts');
    args.push('--port', String(port), '--data', path.join(dataFolder(), 'sandbox'));
    args.push('--webhook', `http://${loopbackOf(settings.env.HOST)}:${settings.port}/webhooks/stripe`);
    args.push('--webhook-secret', webhookSecret);
    // Prices in euros can be paid by bank debit: money that is on its way for a while.
    args.push('--settings', 'checkoutMethods=["card","sepa_debit"]');
    this.sandbox = this.child('sandbox', args, process.env);
    await waitUntilReady(`${url}/healthz`, 'The Stripe sandbox');
  }

  private async prepareDatabase(): Promise<string> {
    let url = given('DATABASE_URL');
    if (url === undefined) {
      this.startingPostgres = startPostgres(postgresOptions());
      this.postgres = await this.startingPostgres;
      if (this.postgres.notice !== null) say(this.postgres.notice);
      void this.postgres.died.then((code) =>
        this.giveUp(`Postgres ended unasked with code ${code}; its log is ${this.postgres?.logFile}.`),
      );
      url = this.postgres.url;
    }
    const { migrateDatabase } = await import('./migrate-database');
    const applied = await migrateDatabase(url);
    if (applied.length > 0) say(`Migrations applied: ${applied.length}.`);
    return url;
  }

  private async prepareBuild(): Promise<void> {
    if (this.mode === 'dev') return forgetBuild();
    if ((await buildIfStale()) === 'built') say('Built.');
  }

  /** A production start refuses what would lose money or let nothing work. */
  private async askDoctor(): Promise<void> {
    if (chosenMode() !== 'production') return;
    const { askDoctor } = await import('./start-doctor');
    await askDoctor(this.ignoreDoctor ?? given('CREDENCE_IGNORE_DOCTOR'), say);
  }

  /** Answers whether the demo's purchases are still to be lived. */
  private async prepareData(settings: StartSettings, databaseUrl: string): Promise<boolean> {
    const { closeRooms, isDemoUnlived, seed, syncCatalogWithStripe } = await import('./prepare-data');
    if (settings.isDemo) await seed(databaseUrl);
    try {
      await syncCatalogWithStripe();
    } catch (error) {
      // The store starts and receives while Stripe is down; what has no price yet is not offered.
      say(`Stripe's prices were not brought up to date: ${messageOf(error)}`);
    }
    const isFresh = settings.isDemo && settings.sandbox !== null && (await isDemoUnlived());
    if (!isFresh) await closeRooms();
    return isFresh;
  }

  /** Behind the running store: a fault here is a sentence, and the next start goes on. */
  private async liveDemo({ sandbox }: StartSettings): Promise<void> {
    if (sandbox === null) return;
    const { closeRooms, liveDemoPurchases } = await import('./prepare-data');
    try {
      await liveDemoPurchases(sandbox.url, this.stopping.signal);
    } catch (error) {
      if (!this.isStopping) say(`The demo's purchases end early: ${messageOf(error)}`);
    }
    await closeRooms();
  }

  private webArgs(): string[] {
    const serve = packageBin('@remix-run/serve', 'dist/cli.js');
    if (this.mode === 'start')
      return ['--import', LOG_PATHS_ONLY, '--import', END_WEB, serve, 'build/index.js'];
    // `remix dev` splits the command at every space, so nothing in it may lead through the checkout's own path.
    const command = `node --import ${LOG_PATHS_ONLY} --import ${END_WEB} ${path.relative(projectRoot, serve)} build/index.js`;
    const dev = packageBin('@remix-run/dev', 'dist/cli.js');
    return ['--import', END_WITH_SUPERVISOR, dev, 'dev', '--manual', '-c', command];
  }

  private workerArgs(): string[] {
    if (this.mode === 'start') return ['--import', END_WITH_SUPERVISOR, 'build/worker.js'];
    const tsx = packageBin('tsx', 'dist/cli.mjs');
    return ['--import', END_WITH_SUPERVISOR, tsx, 'watch', '--clear-screen=false', 'app/entry.worker.ts'];
  }

  private child(name: string, args: string[], env: NodeJS.ProcessEnv): SupervisedChild {
    return new SupervisedChild({
      name,
      args,
      env,
      logFolder: this.logFolder,
      say,
      onGivenUp: (sentence) => this.giveUp(sentence),
    });
  }

  private giveUp(sentence: string): void {
    if (this.isStopping) return;
    process.stderr.write(`${sentence}\n`);
    this.interrupted(1);
  }
}

/** Where this machine reaches a server that listens on that host. */
function loopbackOf(host: string | undefined): string {
  return host === undefined || host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
