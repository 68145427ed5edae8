import { parseArgs } from 'node:util';
import { applySetup, planSetup, type SetupStep } from '../modules/setup/index.server';
import { stripeSettings } from '../modules/stripe/index.server';
import { assertNever } from '../platform/assert-never';
import { closeDb, createDb } from '../platform/db.server';
import { loadEnv } from '../platform/env.server';
import { parseUrl } from '../platform/parse-url';
import { OperatorError } from './operator-error';
import { given } from './project';

/** Well-formed, and nobody's. */
const NOT_YET_MADE = 'whsec_notyetmade';

const USAGE = 'Usage: stripe setup [--url URL] [--apply] [--live] [--rotate-secret]';

/**
 * `stripe setup`: says what Stripe lacks for this installation and, with `--apply`, makes or repairs it. A new endpoint's
 * signing secret is said once.
 * @throws OperatorError for a live key without `--live`, an address that cannot be, or a Stripe that does not say enough
 */
export async function stripeCommand(args: string[], say: (sentence: string) => void): Promise<void> {
  const options = {
    url: { type: 'string' },
    apply: { type: 'boolean' },
    live: { type: 'boolean' },
    'rotate-secret': { type: 'boolean' },
  } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  if (positionals.join(' ') !== 'setup') throw new OperatorError(USAGE);
  // The first endpoint is made before its secret is known.
  const isFirst = given('STRIPE_WEBHOOK_SECRETS') === undefined;
  if (isFirst) process.env.STRIPE_WEBHOOK_SECRETS = NOT_YET_MADE;
  const env = loadEnv(process.env);
  const isLive = /_live_/.test(env.STRIPE_SECRET_KEY);
  if (isLive && values.live !== true)
    throw new OperatorError('STRIPE_SECRET_KEY is a live key: add --live to work on the live account.');
  if (!isLive && values.live === true)
    throw new OperatorError(
      '--live was given and STRIPE_SECRET_KEY is a test key: set the live key, or leave --live out.',
    );
  const url = addressOf(values.url ?? env.APP_URL, isLive);
  const settings = stripeSettings();
  const db = createDb(env.DATABASE_URL, 2);
  const wish = {
    url,
    secrets: isFirst ? [] : env.STRIPE_WEBHOOK_SECRETS,
    rotatesSecret: values['rotate-secret'] ?? false,
  };
  try {
    const plan = await planSetup(db, settings, wish);
    if (plan.outcome === 'unread')
      throw new OperatorError(`Stripe does not say what it holds: ${plan.reason}`);
    const { account, realm, steps } = plan;
    say(`Account ${account.id}, ${account.mode} mode.`);
    if (realm === undefined)
      say('This account is new here: it sells once web and worker start with its key.');
    for (const step of steps) say(sentenceOf(step));
    if (steps.length === 0) return say('Nothing to do.');
    if (values.apply !== true) return say('Nothing was changed: add --apply to do this.');
    await applySetup(db, settings, steps, (secret) => say(sayOfSecret(secret, steps)));
    say(`Done: ${String(steps.length)} ${steps.length === 1 ? 'step' : 'steps'}.`);
  } finally {
    await closeDb(db);
  }
}

/** An address without a path gets ours. */
function addressOf(given: string, isLive: boolean): string {
  const url = parseUrl(given);
  if (url === undefined)
    throw new OperatorError(
      `--url must be an address, for example https://credits.example.com; it is ${given}.`,
    );
  if (isLive && url.protocol !== 'https:')
    throw new OperatorError(
      `Stripe delivers live events by https only, and the address is ${given}: set APP_URL, or --url.`,
    );
  if (url.pathname === '/') url.pathname = '/webhooks/stripe';
  return url.href;
}

function sentenceOf(step: SetupStep): string {
  switch (step.step) {
    case 'make_price':
      return `+ price     ${step.what}: ${step.why}`;
    case 'set_portal':
      return `~ portal    at period end, no proration: ${step.why}`;
    case 'make_endpoint':
      return `+ endpoint  ${step.url}: ${step.why}`;
    case 'change_endpoint':
      return `~ endpoint  ${step.id}: ${step.changes.join('; ')}`;
    case 'remove_endpoint':
      return `- endpoint  ${step.id}: ${step.why}`;
    default:
      return assertNever(step);
  }
}

function sayOfSecret(secret: string, steps: readonly SetupStep[]): string {
  const replaces = steps.some((step) => step.step === 'make_endpoint' && step.replaces !== undefined);
  const after = replaces ? ',<the present value>' : '';
  return [
    'The new endpoint’s signing secret, shown this once. Set it and start again:',
    `  STRIPE_WEBHOOK_SECRETS=${secret}${after}`,
    ...(replaces ? ['Then run this command again: it removes the endpoint that was replaced.'] : []),
  ].join('\n');
}
