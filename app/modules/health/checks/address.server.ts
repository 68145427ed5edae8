import * as z from 'zod';

import { assertNever } from '~/platform/assert-never';
import { minutes, seconds } from '~/platform/time';

import {
  type Check,
  type Checked,
  type Found,
  NOT_ASKED,
  NOT_RUNNING,
  type Patient,
} from '../patient.server';
import { hostOf } from '../platform-hosts';
import { probeAddress } from '../probe-address.server';
import { notAnswered } from './stripe.server';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]', '0.0.0.0']);

function checkAppUrl({ env }: Patient): Found[] {
  const url = new URL(env.APP_URL);
  const isLocal = LOOPBACK.has(url.hostname);
  const isProduction = env.CREDENCE_MODE === 'production';
  const found: Found[] = [];
  if (isProduction && isLocal)
    found.push({
      code: 'app_url_localhost',
      said: `APP_URL is ${env.APP_URL}: customers come back from paying to their own machine.`,
    });
  else if (isProduction && url.protocol === 'http:')
    found.push({ code: 'app_url_insecure', said: `APP_URL is ${env.APP_URL}, without TLS.` });
  const own = hostOf(env.VERCEL_PROJECT_PRODUCTION_URL ?? env.RENDER_EXTERNAL_URL ?? '');
  if (
    own !== undefined &&
    own !== url.host &&
    env.VERCEL_URL !== undefined &&
    hostOf(env.VERCEL_URL) === url.host
  )
    found.push({
      code: 'app_url_of_platform',
      subject: `https://${own}`,
      said: `APP_URL is the address of one deployment (VERCEL_URL), which the next one leaves; this project is served at ${own}.`,
    });
  return found;
}

/** Whether what Stripe will meet at our webhook address is us. */
async function checkProbe({ look, env, now, isStarting }: Patient): Promise<Checked> {
  if (look === undefined) return NOT_ASKED;
  if (isStarting) return NOT_RUNNING;
  const url = `${env.APP_URL}/webhooks/stripe`;
  const probed = await probeAddress(url, env.STRIPE_WEBHOOK_SECRETS[0] ?? '', now);
  switch (probed.state) {
    case 'ours':
      return [];
    case 'other_installation':
      return [
        {
          code: 'url_other_installation',
          subject: url,
          said: `Credence answers at ${url}, and has other signing secrets than these.`,
        },
      ];
    case 'protected':
      return [
        {
          code: 'url_protected',
          subject: url,
          said: `A log-in stands before ${url}: ${probed.detail}. Stripe has none.`,
        },
      ];
    case 'redirects':
      return [{ code: 'url_redirects', subject: url, said: `${url} redirects to ${probed.to}.` }];
    case 'not_found':
      return [
        {
          code: 'url_not_found',
          subject: url,
          said: `${url} answers ${String(probed.status)}, as Credence would not.`,
        },
      ];
    case 'unreachable':
      return [{ code: 'url_unreachable', subject: url, said: `${url} was not reached: ${probed.reason}.` }];
    default:
      return assertNever(probed);
  }
}

/** A signature is refused when it looks older than five minutes. */
const STRIPE_APART = minutes(2);
const DATABASE_APART = seconds(30);

function checkStripeClock(patient: Patient): Checked {
  const silent = notAnswered(patient);
  if (silent !== undefined) return silent;
  const ahead = patient.look?.clockAhead;
  if (ahead === undefined) return { skipped: 'Stripe told no time' };
  return Math.abs(ahead) < STRIPE_APART
    ? []
    : [
        {
          code: 'clock_of_stripe',
          said: `This machine’s clock is ${apart(-ahead)} Stripe’s: signatures that look older than 5 minutes are refused.`,
        },
      ];
}

const clockRow = z.tuple([z.object({ now: z.date() })]);

async function checkDatabaseClock({ db }: Patient): Promise<Checked> {
  const askedAt = Date.now();
  const [{ now }] = clockRow.parse(await db.$queryRaw`SELECT clock_timestamp() AS now`);
  const ahead = now.getTime() - (askedAt + (Date.now() - askedAt) / 2);
  return Math.abs(ahead) < DATABASE_APART
    ? []
    : [{ code: 'clock_of_database', said: `This machine’s clock is ${apart(-ahead)} the database’s.` }];
}

/** `−400000` → `400 s behind`. */
const apart = (ms: number) =>
  `${String(Math.round(Math.abs(ms) / 1000))} s ${ms > 0 ? 'ahead of' : 'behind'}`;

export const ADDRESS_CHECKS: readonly Check[] = [
  { codes: ['app_url_localhost', 'app_url_insecure', 'app_url_of_platform'], run: checkAppUrl },
  {
    codes: ['url_unreachable', 'url_not_found', 'url_redirects', 'url_protected', 'url_other_installation'],
    run: checkProbe,
  },
  { codes: ['clock_of_stripe'], run: checkStripeClock },
  { codes: ['clock_of_database'], run: checkDatabaseClock },
];
