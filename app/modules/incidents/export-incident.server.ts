import { createHash } from 'node:crypto';

import { appendAudit } from '~/modules/audit/index.server';
import { type Keep, makePseudonyms, type StripeSettings } from '~/modules/stripe/index.server';
import { type RealmView } from '~/modules/stripe/shared';
import { type Db, inTransaction } from '~/platform/db.server';
import { toUnix } from '~/platform/time';

import { collectReads } from './collect-reads.server';
import { findScope } from './find-scope.server';
import { type IncidentFile, incidentFile } from './incident-file';
import { tellActs, tellCustomers } from './tell-acts.server';
import { tellBefore, tellEnds } from './tell-rows.server';
import { tellWebhooks } from './tell-webhooks.server';

export interface ExportRequest {
  realm: RealmView;
  /** Payments, customers and events by their ids. */
  about: readonly string[];
  /** Of a customer, what began then; all of it when left out. */
  from?: Date | undefined;
  to?: Date | undefined;
  /** Moves every time, so that it began then. */
  startAt?: Date | undefined;
  actor: string;
  reason: string;
  comment: string;
}

export type ExportOutcome =
  /** Audited. `unplayed`: what was done by hand and a replay does not do again. */
  | { outcome: 'exported'; file: IncidentFile; events: number; unplayed: number }
  | { outcome: 'unknown'; name: string }
  /** Nothing came of it that could be told. */
  | { outcome: 'no_events' }
  | { outcome: 'too_much'; events: number };

/**
 * Writes what happened to a payment or a customer as a file in which nobody is named: what came from Stripe and when, what
 * stood here, what was decided. It is read while Stripe may go on to speak: export what has come to rest.
 * @throws StripeError when Stripe refuses our key
 */
export async function exportIncident(
  db: Db,
  settings: StripeSettings,
  request: ExportRequest,
): Promise<ExportOutcome> {
  const { realm, about, from, to, startAt } = request;
  const found = await findScope(db, { realmId: realm.id, about, from, to });
  if (found.outcome !== 'found') return found;
  const first = found.events[0];
  if (first === undefined) return { outcome: 'no_events' };
  const since = await beginningOf(db, realm.id, first, found.payments);
  const shiftSeconds = startAt === undefined ? 0 : toUnix(startAt) - toUnix(since);
  const keep: Keep = { names: makePseudonyms(), shiftSeconds };
  const of = { realmId: realm.id, book: realm.mode, since };
  const webhooks = await tellWebhooks(db, realm.id, found, keep);
  const { born, ...before } = await tellBefore(db, realm.id, found, keep);
  const acts = await tellActs(db, of, found, keep);
  const ends = await tellEnds(db, of, found, { born, keep });
  const { reads, omitted } = await collectReads(settings, found.objects, keep);
  const file = incidentFile.parse({
    ...{
      format: 'stripe-sandbox-run/1',
      account: keep.names.id(realm.account),
      livemode: false,
      chaos: null,
    },
    ...{
      settings: {},
      startedMs: webhooks.startedMs,
      events: webhooks.events,
      deliveries: webhooks.deliveries,
    },
    endpoints: [{ id: 'we_incident', url: 'http://127.0.0.1:3000/webhooks/stripe', secret: null }],
    faults: [],
    incident: {
      ...{ version: 'credence-incident/1', exportedMs: Date.now(), mode: realm.mode },
      ...{ about: about.map(keep.names.id), realm: keep.names.id(realm.id) },
      ...{ refused: webhooks.refused, omitted: [...webhooks.omitted, ...omitted] },
      before: { ...before, customers: await tellCustomers(db, of, found, keep) },
      ...{ acts, tries: webhooks.tries, reads },
      expected: { events: webhooks.expected, ...ends },
    },
  });
  await inTransaction(db, 'audit incident export', (tx) => audit(tx, request, file));
  const unplayed = file.incident.acts.filter((one) => one.act === 'unplayed').length;
  return { outcome: 'exported', file, events: file.events.length, unplayed };
}

/** When the first of it came, or was bought. */
async function beginningOf(
  db: Db,
  realmId: string,
  firstEvent: string,
  payments: readonly string[],
): Promise<Date> {
  const { receivedAt } = await db.event.findUniqueOrThrow({
    where: { realmId_id: { realmId, id: firstEvent } },
    select: { receivedAt: true },
  });
  const { _min: first } = await db.payment.aggregate({
    where: { id: { in: [...payments] } },
    _min: { createdAt: true },
  });
  return first.createdAt !== null && first.createdAt < receivedAt ? first.createdAt : receivedAt;
}

const audit = (
  tx: Parameters<typeof appendAudit>[0],
  { realm, about, actor, reason, comment }: ExportRequest,
  file: IncidentFile,
) =>
  appendAudit(tx, {
    ...{ actor, act: 'incident.exported', subject: about[0] ?? '', reason, comment, realmId: realm.id },
    after: {
      about,
      events: file.events.length,
      deliveries: file.deliveries.length,
      sha256: createHash('sha256').update(JSON.stringify(file)).digest('hex'),
    },
  });
