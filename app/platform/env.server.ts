import * as z from 'zod';

const blankAsUnset = (source: Readonly<Record<string, string | undefined>>) =>
  Object.fromEntries(
    Object.entries(source).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );

const PUBLISHED_EXAMPLES = ['change-me', 'changeme', 'secret', 'whsec_example', 'sk_test_example'];
const notPublished = (value: string) =>
  !PUBLISHED_EXAMPLES.some((example) => value.toLowerCase().includes(example));

const httpUrl = (example: string) =>
  z.url({ protocol: /^https?$/, error: `must be an http or https URL, for example ${example}` });

const logLevels = z
  .enum(['debug', 'info', 'warn', 'error', 'silent'], {
    error: 'must be debug, info, warn, error or silent',
  })
  .default('info');

/** Hosts separated by commas: names, or addresses without brackets. */
export const hostList = z
  .string()
  .transform((list) =>
    list
      .split(',')
      .map((host) => host.trim().toLowerCase())
      .filter((host) => host !== ''),
  )
  .pipe(
    z.array(
      z
        .string()
        .regex(
          /^([a-z0-9]([a-z0-9_.-]*[a-z0-9])?|[0-9a-f:.]*:[0-9a-f:.]*)$/,
          'must hold hosts without scheme and port, for example product.internal; separate several with commas',
        ),
    ),
  );

const KEY = /^(sk|rk)_(test|live)_[A-Za-z0-9]{8,}$/;
const WEBHOOK_SECRET = /^whsec_[A-Za-z0-9+/=_-]{8,}$/;

const FORMER_REALM = 'sk_live_…:whsec_…:whsec_…';

/** `key:secret:secret` each, separated by commas: accounts that sell no more and whose rows are still worked on. */
const formerRealms = z
  .string()
  .transform((list) =>
    list
      .split(',')
      .map((realm) => realm.trim())
      .filter((realm) => realm !== '')
      .map((realm) => {
        const [secretKey = '', ...webhookSecrets] = realm.split(':').map((part) => part.trim());
        return { secretKey, webhookSecrets };
      }),
  )
  .pipe(
    z.array(
      z.object({
        secretKey: z
          .string()
          .regex(
            KEY,
            `must begin each realm with its secret or restricted key, for example ${FORMER_REALM}; separate several realms with commas`,
          )
          .refine(notPublished, 'holds a published example; copy your own from the Stripe Dashboard'),
        webhookSecrets: z.array(
          z
            .string()
            .regex(
              WEBHOOK_SECRET,
              `must have the realm's signing secrets behind its key, each after a colon, for example ${FORMER_REALM}`,
            )
            .refine(notPublished, 'holds a published example; copy your own from the Stripe Dashboard'),
        ),
      }),
    ),
  );

const settings = z.object({
  NODE_ENV: z
    .enum(['development', 'production', 'test'], { error: 'must be development, production or test' })
    .default('development'),
  CREDENCE_MODE: z
    .enum(['demo', 'production', 'test'], { error: 'must be demo, production or test' })
    .default('production'),
  /** The container image says refused: whoever runs the demo in it says so. */
  CREDENCE_DEMO: z.enum(['allowed', 'refused'], { error: 'must be allowed or refused' }).default('allowed'),
  DATABASE_URL: z.url({
    protocol: /^postgres(ql)?$/,
    error: 'must be a Postgres URL, for example postgresql://user:password@localhost:5432/credence',
  }),
  /** A worker keeps three for as long as it lives: two that listen, one that holds its lock. */
  DATABASE_POOL: z.coerce
    .number({ error: 'must be a number of connections, for example 10' })
    .int()
    .min(5, 'must be at least 5 connections, for example 10')
    .max(200)
    .default(10),
  APP_URL: httpUrl('https://credits.example.com').transform((url) => url.replace(/\/+$/, '')),
  STRIPE_SECRET_KEY: z
    .string({ error: 'must be set to a secret key, for example sk_test_… from the Stripe Dashboard' })
    .regex(KEY, 'must be a secret or restricted key, for example sk_test_… from the Stripe Dashboard')
    .refine(notPublished, 'is a published example; copy your own from the Stripe Dashboard'),
  STRIPE_WEBHOOK_SECRETS: z
    .string({
      error:
        'must be set to the signing secret of the webhook endpoint, for example whsec_…; separate several with commas',
    })
    .transform((list) =>
      list
        .split(',')
        .map((secret) => secret.trim())
        .filter((secret) => secret !== ''),
    )
    .pipe(
      z
        .array(
          z
            .string()
            .regex(
              WEBHOOK_SECRET,
              'must hold signing secrets, for example whsec_…; separate several with commas',
            )
            .refine(notPublished, 'holds a published example; copy your own from the Stripe Dashboard'),
        )
        .min(1, 'must hold at least one signing secret, for example whsec_…'),
    ),
  /** Keys and signing secrets of accounts that sold here before: what is in flight there is finished with them. */
  STRIPE_FORMER_REALMS: formerRealms.default([]),
  /** Another server that speaks Stripe's API: the sandbox. */
  STRIPE_API_BASE: httpUrl('http://127.0.0.1:4700').optional(),
  /** Stripe Tax works out the tax of each sale and adds it to the price. */
  STRIPE_TAX: z.enum(['on', 'off'], { error: 'must be on or off' }).default('off'),
  SMTP_URL: z
    .url({
      protocol: /^smtps?$/,
      error: 'must be an SMTP URL, for example smtps://user:password@smtp.example.com',
    })
    .optional(),
  /** Where demo mail is posted: the sandbox's mail page. */
  MAIL_SANDBOX_URL: httpUrl('http://127.0.0.1:4700/_control/mail').optional(),
  MAIL_FROM: z.string().default('Credence <credits@localhost>'),
  SANDBOX_PANEL_URL: httpUrl('http://127.0.0.1:4700/panel').optional(),
  /** What prices are shown in to visitors of whom nothing better is known. */
  STORE_CURRENCY: z
    .string()
    .regex(/^[a-z]{3}$/i, 'must be a currency of three letters, for example usd')
    .transform((currency) => currency.toLowerCase())
    .default('usd'),
  /** Whether staff need a code beside their password; without a word, production requires it. */
  STAFF_TOTP: z.enum(['required', 'optional'], { error: 'must be required or optional' }).optional(),
  /** What seals secrets that are read again, the newest first: it seals, and the others still open what they sealed. */
  ENCRYPTION_KEYS: z
    .string()
    .transform((list) =>
      list
        .split(',')
        .map((key) => key.trim())
        .filter((key) => key !== ''),
    )
    .pipe(
      z.array(
        z
          .string()
          .min(32, 'must hold keys of 32 characters or more, for example from: openssl rand -base64 32')
          .refine(notPublished, 'holds a published example; make your own by: openssl rand -base64 32'),
      ),
    )
    .default([]),
  /** Hosts on the inner network that webhooks to the product may go to, by http too. */
  OUTBOX_ALLOW: hostList.default([]),
  /** What a Prometheus scraper shows as its bearer token. */
  METRICS_TOKEN: z
    .string()
    .min(16, 'must have 16 characters or more, for example from: openssl rand -hex 24')
    .refine(notPublished, 'is a published example; make your own by: openssl rand -hex 24')
    .optional(),
  /** Where a worker answers GET /metrics; a web process does on its own port. */
  METRICS_PORT: z.coerce
    .number({ error: 'must be a port, for example 9464' })
    .int()
    .min(1, 'must be a port, for example 9464')
    .max(65_535, 'must be a port, for example 9464')
    .optional(),
  /** What the platform says about its own addresses; the doctor compares them with APP_URL. */
  VERCEL_URL: z.string().optional(),
  VERCEL_PROJECT_PRODUCTION_URL: z.string().optional(),
  RENDER_EXTERNAL_URL: z.string().optional(),
  LOG_LEVEL: logLevels,
  WORKER_CONCURRENCY: z.coerce
    .number({ error: 'must be a number, for example 4' })
    .int()
    .min(1)
    .max(64)
    .default(4),
  /** What one client of the API may ask of one web process in a minute. */
  API_REQUESTS_PER_MINUTE: z.coerce
    .number({ error: 'must be a number of requests, for example 6000' })
    .int()
    .min(1)
    .max(10_000_000)
    .default(6000),
  /** Proxies in front of the web process whose X-Forwarded-For is believed. */
  TRUSTED_PROXIES: z.coerce
    .number({ error: 'must be a number of proxies, for example 1' })
    .int()
    .min(0)
    .max(8)
    .default(0),
});

const totpOf = (mode: 'demo' | 'production' | 'test'): 'required' | 'optional' =>
  mode === 'production' ? 'required' : 'optional';

const schema = settings.transform((env) => ({
  ...env,
  STAFF_TOTP: env.STAFF_TOTP ?? totpOf(env.CREDENCE_MODE),
}));

export type Env = Readonly<z.infer<typeof schema>>;

/** Each fault is one sentence that names the variable, what is wrong and an example. */
export class EnvError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'EnvError';
  }
}

/**
 * Parses the environment once. Blank is unset.
 * @throws EnvError naming every faulty variable.
 */
export function loadEnv(source: Readonly<Record<string, string | undefined>>): Env {
  const parsed = schema.safeParse(blankAsUnset(source));
  const faults = parsed.success
    ? conflicts(parsed.data)
    : parsed.error.issues.map((issue) => `${String(issue.path[0])} ${issue.message}`);
  if (!parsed.success || faults.length > 0) throw new EnvError([...new Set(faults)]);
  return Object.freeze(parsed.data);
}

/** Values that are each well-formed and cannot stand together. */
function conflicts(env: Env): string[] {
  const faults: string[] = [];
  const isLive = isLiveKey(env.STRIPE_SECRET_KEY);
  const holdsLive = isLive || env.STRIPE_FORMER_REALMS.some(({ secretKey }) => isLiveKey(secretKey));
  faults.push(...formerConflicts(env));
  if (env.CREDENCE_MODE === 'demo' && env.CREDENCE_DEMO === 'refused') {
    faults.push(
      'CREDENCE_MODE demo has accounts with published passwords, which this container refuses; use CREDENCE_MODE=production, or set CREDENCE_DEMO=allowed',
    );
  }
  if (isLive && env.CREDENCE_MODE === 'demo') {
    faults.push(
      'CREDENCE_MODE demo cannot run with a live STRIPE_SECRET_KEY; use sk_test_… or CREDENCE_MODE=production',
    );
  }
  if (env.CREDENCE_MODE === 'production' && env.STRIPE_API_BASE !== undefined) {
    faults.push(
      'STRIPE_API_BASE must not be set in production, where anyone could pay with play money; remove it, or use CREDENCE_MODE=demo',
    );
  } else if (holdsLive && env.STRIPE_API_BASE !== undefined && !playsLive(env)) {
    faults.push(
      'STRIPE_API_BASE must not be set with a live key (STRIPE_SECRET_KEY, STRIPE_FORMER_REALMS); remove it, the live API needs none',
    );
  }
  if (env.CREDENCE_MODE === 'production' && env.SMTP_URL === undefined) {
    faults.push('SMTP_URL must be set in production, for example smtps://user:password@smtp.example.com');
  }
  if (env.STAFF_TOTP === 'required' && env.ENCRYPTION_KEYS.length === 0) {
    faults.push(
      'ENCRYPTION_KEYS must be set where staff log in with a code (STAFF_TOTP=required, as in production), for example to what openssl rand -base64 32 says',
    );
  }
  if (env.SMTP_URL === undefined && env.MAIL_SANDBOX_URL === undefined) {
    faults.push(
      'SMTP_URL or MAIL_SANDBOX_URL must be set: sign-up needs mail, for example smtps://user:password@smtp.example.com',
    );
  }
  return faults;
}

/** Tests play the live mode on this machine. */
const playsLive = ({ CREDENCE_MODE, STRIPE_API_BASE }: Env): boolean =>
  CREDENCE_MODE === 'test' &&
  ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(STRIPE_API_BASE ?? '').hostname);

const isLiveKey = (secretKey: string): boolean => secretKey.includes('_live_');

/** A key and a secret belong to one realm each. */
function formerConflicts(env: Env): string[] {
  const faults: string[] = [];
  const keys = env.STRIPE_FORMER_REALMS.map(({ secretKey }) => secretKey);
  if (keys.includes(env.STRIPE_SECRET_KEY)) {
    faults.push(
      'STRIPE_FORMER_REALMS must not hold STRIPE_SECRET_KEY, which sells; put only the keys of accounts there that sold before',
    );
  }
  if (new Set(keys).size < keys.length) {
    faults.push(`STRIPE_FORMER_REALMS must hold each key once, with all its secrets: ${FORMER_REALM}`);
  }
  const secrets = [
    env.STRIPE_WEBHOOK_SECRETS,
    ...env.STRIPE_FORMER_REALMS.map((realm) => realm.webhookSecrets),
  ].flatMap((ofRealm) => [...new Set(ofRealm)]);
  if (new Set(secrets).size < secrets.length) {
    faults.push(
      'STRIPE_FORMER_REALMS must not hold a signing secret of another realm or of STRIPE_WEBHOOK_SECRETS; each endpoint has its own',
    );
  }
  if (env.CREDENCE_MODE === 'demo' && keys.some(isLiveKey)) {
    faults.push(
      'CREDENCE_MODE demo cannot run with live keys in STRIPE_FORMER_REALMS; remove them, or use CREDENCE_MODE=production',
    );
  }
  return faults;
}

let current: Env | undefined;

/** The environment of this process, parsed on first use. */
export function env(): Env {
  current ??= loadEnv(process.env);
  return current;
}

/** The log level alone, so that a process with a faulty environment can still say so. */
export function logLevel(): Env['LOG_LEVEL'] {
  return logLevels.catch('info').parse(process.env.LOG_LEVEL);
}
