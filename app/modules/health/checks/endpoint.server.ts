import {
  type EndpointView,
  hasWebhookPath,
  isOnHost,
  missingEvents,
  PINNED_VERSION,
  superfluousEvents,
} from '~/modules/stripe/index.server';

import { platformHosts } from '../platform-hosts';
import { type Check, type Checked, type Found, type Patient } from '../patient.server';
import { probeAddress } from '../probe-address.server';
import { notAnswered } from './stripe.server';

/** The endpoints of an account, by what they have to do with this installation. Those of other products are not seen. */
function sortEndpoints(all: readonly EndpointView[], { env, realm }: Patient) {
  const atHost = all.filter(({ url }) => isOnHost(url, env.APP_URL));
  const here = atHost.filter(({ url }) => hasWebhookPath(url));
  const hints = platformHosts(env);
  const elsewhere = all.filter(
    ({ url, realm: of }) =>
      !isOnHost(url, env.APP_URL) &&
      ((of !== undefined && of === realm?.id) ||
        (hasWebhookPath(url) && hints.some((host) => new URL(url).host === host))),
  );
  return {
    here,
    // Another product may stand at the same host: an address of unknown path is ours if it says so, or if there is no other.
    wrongPath: atHost.filter(
      ({ url, realm: of }) =>
        !hasWebhookPath(url) && (here.length === 0 || (of !== undefined && of === realm?.id)),
    ),
    elsewhere,
  };
}

const LOOPBACK = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])([:/]|$)/;

async function checkEndpoints(patient: Patient): Promise<Checked> {
  const silent = notAnswered(patient);
  if (silent !== undefined) return silent;
  const { env, settings, look } = patient;
  if (look?.endpoints.outcome !== 'read') return { skipped: 'the key may not read webhook endpoints' };
  const { here, wrongPath, elsewhere } = sortEndpoints(look.endpoints.value, patient);
  const isNone = here.length + wrongPath.length + elsewhere.length === 0;
  if (isNone && settings.apiBase === undefined && LOOPBACK.test(env.APP_URL))
    return { skipped: 'no endpoint can lead to this machine: stripe listen forwards here' };
  const found: Found[] = here.flatMap(driftOf);
  if (here.length === 0)
    found.push({
      code: 'endpoint_none',
      said: `No endpoint leads to ${env.APP_URL}/webhooks/stripe: payments are seen only every five minutes, when missed events are fetched.`,
    });
  for (const { id, url } of elsewhere)
    found.push({
      code: 'endpoint_other_host',
      subject: id,
      said: `${id} leads to ${url}; APP_URL is ${env.APP_URL}.`,
    });
  for (const { id, url } of wrongPath)
    found.push({ code: 'endpoint_wrong_path', subject: id, said: await saidOfPath(patient, id, url) });
  for (const { id, url } of here.slice(1))
    found.push({
      code: 'endpoint_duplicate',
      subject: id,
      said: `${id} leads here too, to ${url}: each event comes several times.`,
    });
  return found;
}

async function saidOfPath({ env, now, isStarting }: Patient, id: string, url: string): Promise<string> {
  const said = `${id} leads to ${url}, where no delivery is taken`;
  if (isStarting) return `${said}.`;
  const probed = await probeAddress(url, env.STRIPE_WEBHOOK_SECRETS[0] ?? '', now);
  if (probed.state === 'not_found') return `${said}: it answers ${String(probed.status)}.`;
  return probed.state === 'redirects' ? `${said}: it redirects to ${probed.to}.` : `${said}.`;
}

function driftOf({ id, events, apiVersion, isEnabled }: EndpointView): Found[] {
  const found: Found[] = [];
  const [missing, superfluous] = [missingEvents(events), superfluousEvents(events)];
  if (!isEnabled)
    found.push({
      code: 'endpoint_disabled',
      subject: id,
      said: `${id} is disabled: Stripe sends it nothing.`,
    });
  if (missing.length > 0)
    found.push({
      code: 'endpoint_events_missing',
      subject: id,
      said: `${id} does not hear ${missing.join(', ')}.`,
    });
  if (superfluous.length > 0)
    found.push({
      code: 'endpoint_events_superfluous',
      subject: id,
      said: `${id} hears ${superfluous.includes('*') ? 'every event there is' : superfluous.join(', ')} in vain.`,
    });
  if (apiVersion !== PINNED_VERSION)
    found.push({
      code: 'endpoint_version',
      subject: id,
      said: `${id} speaks API ${apiVersion ?? 'of the account’s default'}, not ${PINNED_VERSION}: each event costs one read more.`,
    });
  return found;
}

export const ENDPOINT_CHECKS: readonly Check[] = [
  {
    codes: [
      'endpoint_none',
      'endpoint_other_host',
      'endpoint_wrong_path',
      'endpoint_disabled',
      'endpoint_events_missing',
      'endpoint_events_superfluous',
      'endpoint_version',
      'endpoint_duplicate',
    ],
    run: checkEndpoints,
  },
];
