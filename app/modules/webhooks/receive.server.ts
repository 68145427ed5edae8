import { answerProbe, fingerprintOf, PROBE_HEADER, verifyDelivery } from '~/modules/stripe/index.server';
import { type RealmView } from '~/modules/stripe/shared';
import { type Db } from '~/platform/db.server';
import { log } from '~/platform/log.server';
import { count } from '~/platform/metrics.server';
import { setContextRealm } from '~/platform/request-context.server';
import { clientAddressOf, requestIdOf } from '~/platform/request-id.server';

import { readBody } from '~/platform/read-body.server';
import { type Refusal, refuseDelivery } from './refuse-delivery.server';
import { type Carrier, storeDelivery } from './store-delivery.server';
import { wakeInbox } from './wake-inbox.server';

/** Stripe's largest events are far below this. */
const BODY_LIMIT = 1024 * 1024;

/** The endpoint of one realm: a delivery is of the realm whose secret verifies it. */
export interface RealmEndpoint {
  /** Undefined while it is not known whose key this is. */
  realm: RealmView | undefined;
  secrets: readonly string[];
}

export interface ReceiveSettings {
  db: Db;
  endpoints: readonly RealmEndpoint[];
  now: Date;
}

export type ReceiveOutcome =
  /** 400 with the answer that only we can give: the doctor asks whether this is us. No row tells of it. */
  | { outcome: 'probed'; answer: string }
  /** 200: stored for good. */
  | { outcome: 'received' }
  /** 400 or 413: Stripe is told what is wrong with it. */
  | { outcome: 'refused'; code: Refusal['verdict']; status: Refusal['status'] }
  /** 503: signed by one of our secrets, and its realm is not known yet: Stripe sends it again. */
  | { outcome: 'realm_unknown' }
  /** 500: not stored, Stripe sends it again. */
  | { outcome: 'not_stored' };

/** Takes one delivery: raw body, signature, realm, one committed statement. It understands nothing of the event. */
export async function receive(settings: ReceiveSettings, request: Request): Promise<ReceiveOutcome> {
  const probe = request.headers.get(PROBE_HEADER);
  const secrets = settings.endpoints.flatMap((endpoint) => endpoint.secrets);
  const answer = probe === null ? undefined : answerProbe(probe, secrets, settings.now);
  if (answer !== undefined) return { outcome: 'probed', answer };
  const startedAt = performance.now();
  const read = await readBody(request, BODY_LIMIT);
  const carrier: Carrier = {
    path: new URL(request.url).pathname,
    ip: clientAddressOf(request) || null,
    agent: request.headers.get('user-agent')?.slice(0, 200) ?? null,
    requestId: requestIdOf(request) || null,
    bytes: read.outcome === 'read' ? read.body.byteLength : read.bytes,
    startedAt,
  };
  try {
    const refusal = await verifyAndStore(settings, request, read, carrier);
    if (refusal === undefined) return { outcome: 'received' };
    if (refusal === 'realm_unknown') {
      log.error('delivery refused: realm unknown');
      return { outcome: 'realm_unknown' };
    }
    count('credence_deliveries_total', { verdict: refusal.verdict });
    await refuseDelivery(settings.db, carrier, refusal);
    return { outcome: 'refused', code: refusal.verdict, status: refusal.status };
  } catch (error) {
    log.error('delivery not stored', { error: error instanceof Error ? error.message : String(error) });
    return { outcome: 'not_stored' };
  }
}

async function verifyAndStore(
  { db, endpoints, now }: ReceiveSettings,
  request: Request,
  read: Awaited<ReturnType<typeof readBody>>,
  carrier: Carrier,
): Promise<Refusal | 'realm_unknown' | undefined> {
  const unknown = { realmId: null, secretNumber: null, event: undefined };
  if (read.outcome === 'too_big') {
    const detail = `more than ${String(BODY_LIMIT)} bytes`;
    return { ...unknown, verdict: 'too_big', status: 413, detail };
  }
  const signature = request.headers.get('stripe-signature');
  const signers = signersOf(endpoints);
  const secrets = signers.map(({ secret }) => secret);
  const verified = verifyDelivery({ body: read.body, signature, secrets, now });
  if (verified.outcome === 'bad_signature')
    return { ...unknown, verdict: verified.outcome, status: 400, detail: verified.detail };
  const signer = signers[verified.secretNumber - 1];
  if (signer?.realm === undefined) return 'realm_unknown';
  const { realm, secret, number: secretNumber } = signer;
  setContextRealm(realm.id);
  if (verified.outcome !== 'verified') {
    const { outcome, detail } = verified;
    return { verdict: outcome, status: 400, detail, realmId: realm.id, secretNumber, event: undefined };
  }
  const { event, text } = verified;
  const detail = foreignTo(realm, event);
  if (detail !== undefined) {
    log.warn('delivery of another realm refused', { event: event.id, detail });
    return { verdict: 'wrong_realm', status: 400, detail, realmId: realm.id, secretNumber, event };
  }
  const signed = { number: secretNumber, fingerprint: fingerprintOf(secret) };
  const verdict = await storeDelivery(db, { realmId: realm.id, event, text, secret: signed, carrier });
  count('credence_deliveries_total', { verdict });
  if (verdict === 'conflict') log.warn('event came again with another body', { event: event.id });
  wakeInbox(db);
  return undefined;
}

interface Signer {
  realm: RealmView | undefined;
  secret: string;
  /** Among its realm's secrets, from 1. */
  number: number;
}

const signersOf = (endpoints: readonly RealmEndpoint[]): Signer[] =>
  endpoints.flatMap(({ realm, secrets }) =>
    secrets.map((secret, index) => ({ realm, secret, number: index + 1 })),
  );

/** Why an event is not of this realm. A secret belongs to one realm, so a mismatch means crossed settings. */
function foreignTo(
  realm: RealmView,
  event: { livemode: boolean; account: string | undefined },
): string | undefined {
  if (event.livemode !== (realm.mode === 'live'))
    return `a ${event.livemode ? 'live' : 'test'} event at a ${realm.mode} realm`;
  if (event.account !== undefined && event.account !== realm.account)
    return `an event of account ${event.account} at a realm of ${realm.account}`;
  return undefined;
}
