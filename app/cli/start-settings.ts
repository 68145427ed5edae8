import { EnvError, loadEnv } from '../platform/env.server';
import { findFreePort, isPortFree } from './free-port';
import { OperatorError } from './operator-error';
import { chosenMode, dataFolder, given } from './project';
import { readSecrets } from './secrets';

export interface StartSettings {
  port: number;
  /** Set when the port is not the usual one. */
  portNotice: string | null;
  /** Absent in production, and when STRIPE_SECRET_KEY names a real account. */
  sandbox: { port: number; url: string; webhookSecret: string } | null;
  isDemo: boolean;
  /** What web, worker and sandbox get; DATABASE_URL stands in it once `withDatabase` was called. */
  env: NodeJS.ProcessEnv;
  withDatabase(url: string): NodeJS.ProcessEnv;
}

const SANDBOX_KEY = 'sk_test_credencesandbox00000000000000';
const DEFAULT_PORT = 3_000;
const DEFAULT_SANDBOX_PORT = 4_700;
/** Stands in for the embedded server's URL, so that every fault is named before anything starts. */
const URL_TO_COME = 'postgresql://credence@127.0.0.1:5432/credence';

/** @throws OperatorError naming every variable that is wrong */
export async function readStartSettings(nodeEnv: 'production' | 'development'): Promise<StartSettings> {
  const secrets = readSecrets(dataFolder());
  const { port, portNotice } = await choosePort();
  const mode = chosenMode();
  const isReal = given('STRIPE_SECRET_KEY') !== undefined || mode === 'production';
  const sandbox = isReal ? null : await chooseSandbox(secrets.webhookSecret, port);
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    NODE_ENV: nodeEnv,
    PORT: String(port),
    HOST: given('HOST') ?? '127.0.0.1',
    APP_URL: given('APP_URL') ?? `http://localhost:${port}`,
    CREDENCE_MODE: mode,
  };
  if (mode === 'demo' && given('ENCRYPTION_KEYS') === undefined) env.ENCRYPTION_KEYS = secrets.encryptionKey;
  if (sandbox) {
    env.STRIPE_SECRET_KEY = SANDBOX_KEY;
    env.STRIPE_API_BASE = sandbox.url;
    env.STRIPE_WEBHOOK_SECRETS = sandbox.webhookSecret;
    env.SANDBOX_PANEL_URL = `${sandbox.url}/panel`;
    if (given('SMTP_URL') === undefined) env.MAIL_SANDBOX_URL = `${sandbox.url}/_control/mail`;
  }
  const withDatabase = (url: string) => ({ ...env, DATABASE_URL: url });
  refuseFaults(withDatabase(given('DATABASE_URL') ?? URL_TO_COME));
  return { port, portNotice, sandbox, isDemo: env.CREDENCE_MODE === 'demo', env, withDatabase };
}

function refuseFaults(env: NodeJS.ProcessEnv): void {
  try {
    loadEnv(env);
  } catch (error) {
    if (error instanceof EnvError) throw new OperatorError(error.faults.join('\n'));
    throw error;
  }
}

async function choosePort(): Promise<{ port: number; portNotice: string | null }> {
  const wanted = given('PORT');
  const host = given('HOST') ?? '127.0.0.1';
  if (wanted === undefined) {
    const port = await findFreePort(DEFAULT_PORT, host);
    const portNotice =
      port === DEFAULT_PORT ? null : `Port ${DEFAULT_PORT} is taken: Credence answers on ${port}.`;
    return { port, portNotice };
  }
  const port = Number(wanted);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new OperatorError(`PORT must be a port number, for example 3000; it is "${wanted}".`);
  }
  if (!(await isPortFree(port, host))) {
    throw new OperatorError(
      `Port ${port} on ${host} is taken: stop what listens there, or set PORT to another one.`,
    );
  }
  return { port, portNotice: null };
}

async function chooseSandbox(webhookSecret: string, webPort: number): Promise<StartSettings['sandbox']> {
  const first = Number(given('CREDENCE_SANDBOX_PORT') ?? DEFAULT_SANDBOX_PORT);
  let port = await findFreePort(first);
  if (port === webPort) port = await findFreePort(port + 1);
  return { port, url: `http://127.0.0.1:${port}`, webhookSecret };
}
