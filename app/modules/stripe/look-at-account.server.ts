import type Stripe from 'stripe';

import { seconds } from '~/platform/time';

import { askStripe, type StripeAnswer } from './ask-stripe.server';
import { stripeClient, type StripeSettings } from './client.server';
import { findMissingPermissions } from './key-permissions.server';
import { modeOf } from './realm.server';

const TIMEOUT = { timeout: seconds(8) };

export interface AccountView {
  id: string;
  /** What Checkout shows as the seller; undefined where neither account nor business has a name. */
  name: string | undefined;
  mayCharge: boolean;
}

/** One webhook endpoint of the account. */
export interface EndpointView {
  id: string;
  url: string;
  /** Null: the account's default version. */
  apiVersion: string | null;
  events: string[];
  isEnabled: boolean;
  /** What setup noted: the beginning of its secret's fingerprint, and the realm that it is for. */
  secretMark: string | undefined;
  realm: string | undefined;
  /** The endpoint whose place it took. */
  replaces: string | undefined;
}

/** What Stripe says of the key and of its account, read without changing anything. */
export interface AccountLook {
  mode: 'test' | 'live';
  account: StripeAnswer<AccountView>;
  /** Stripe's clock less ours, in milliseconds, to the second; undefined without an answer. */
  clockAhead: number | undefined;
  endpoints: StripeAnswer<EndpointView[]>;
  /** What a restricted key lacks of what is used here, in Stripe's names. */
  lacks: string[];
  /** Undefined where Stripe Tax is not asked for. */
  tax: StripeAnswer<{ isSetUp: boolean; registrations: number }> | undefined;
}

/** Looks at all of it once; each part that fails says so by itself. */
export async function lookAtAccount(settings: StripeSettings): Promise<AccountLook> {
  const stripe = stripeClient(settings);
  const mode = modeOf(settings.secretKey);
  const { account, clockAhead } = await readAccount(stripe);
  if (account.outcome === 'key_refused' || account.outcome === 'unreachable')
    return { mode, account, clockAhead, endpoints: account, lacks: [], tax: undefined };
  const [endpoints, lacks, tax] = await Promise.all([
    askStripe(() => listEndpoints(stripe)),
    findMissingPermissions(settings),
    settings.automaticTax === true ? askStripe(() => readTax(stripe)) : undefined,
  ]);
  return { mode, account, clockAhead, endpoints, lacks, tax };
}

async function readAccount(
  stripe: Stripe,
): Promise<{ account: StripeAnswer<AccountView>; clockAhead: number | undefined }> {
  const askedAt = Date.now();
  const answer = await askStripe(() => stripe.accounts.retrieveCurrent({}, TIMEOUT));
  if (answer.outcome !== 'read') return { account: answer, clockAhead: undefined };
  const { id, business_profile: profile, settings, charges_enabled: mayCharge, lastResponse } = answer.value;
  const said = Date.parse(String(lastResponse.headers.date ?? ''));
  const between = askedAt + (Date.now() - askedAt) / 2;
  return {
    account: {
      outcome: 'read',
      value: { id, name: settings?.dashboard.display_name ?? profile?.name ?? undefined, mayCharge },
    },
    // The header has whole seconds: on the average half of one is cut off.
    clockAhead: Number.isNaN(said) ? undefined : said + seconds(0.5) - between,
  };
}

async function listEndpoints(stripe: Stripe): Promise<EndpointView[]> {
  const { data } = await stripe.webhookEndpoints.list({ limit: 100 }, TIMEOUT);
  return data.map((endpoint) => ({
    id: endpoint.id,
    url: endpoint.url,
    apiVersion: endpoint.api_version,
    events: endpoint.enabled_events,
    isEnabled: endpoint.status === 'enabled',
    secretMark: endpoint.metadata.credence_secret,
    realm: endpoint.metadata.credence_realm,
    replaces: endpoint.metadata.credence_replaces,
  }));
}

async function readTax(stripe: Stripe): Promise<{ isSetUp: boolean; registrations: number }> {
  const [settings, { data }] = await Promise.all([
    stripe.tax.settings.retrieve({}, TIMEOUT),
    stripe.tax.registrations.list({ status: 'active', limit: 100 }, TIMEOUT),
  ]);
  return { isSetUp: settings.status === 'active', registrations: data.length };
}
