import * as z from 'zod';

import { type IncidentFile } from '../../../../app/modules/incidents/index.server';
import { capture, hold, release, spend } from '../../../../app/modules/ledger/index.server';
import { checkPayment, endFreezes } from '../../../../app/modules/payments/index.server';
import { drivenInbox } from '../../../../app/modules/payments/testing/driven-inbox';
import { previewRefund, requestRefund } from '../../../../app/modules/refunds/index.server';
import {
  keepFields,
  readObject,
  type StripeSettings,
  THEMSELVES,
} from '../../../../app/modules/stripe/index.server';
import { type RealmView } from '../../../../app/modules/stripe/shared';
import { deliveryOf } from '../../../../app/modules/stripe/testing/deliveries';
import { claimEvents } from '../../../../app/modules/webhooks/claimed-event.server';
import { processEvent } from '../../../../app/modules/webhooks/process-event.server';
import { type Db, inTransaction } from '../../../../app/platform/db.server';
import { minutes } from '../../../../app/platform/time';
import { differences, endsOf } from './compare-incident';
import { type IncidentStripe, openIncidentStripe } from './incident-stripe';
import { giveLot, setBefore } from './set-before';

type Incident = IncidentFile['incident'];
type Delivery = IncidentFile['deliveries'][number];
type Act = Incident['acts'][number];
type Try = Incident['tries'][number];
type Step = { atMs: number } & ({ delivery: Delivery } | { act: Act } | { try: Try });

export interface Replayed {
  /** What differs from what was recorded, a line each. */
  differences: string[];
  /** How it ended now, as a file would tell it. */
  ends: Incident['expected'];
}

/**
 * Plays an incident on an empty database: its deliveries signed anew, its tries in their order, what was done beside them,
 * and a Stripe that shows its objects as they stood at each moment. Its last moment is now.
 */
export async function replayIncident(db: Db, recorded: IncidentFile): Promise<Replayed> {
  const file = movedToNow(recorded);
  const stripe = await openIncidentStripe(file);
  try {
    const player = await openPlayer(db, file, stripe);
    for (const step of stepsOf(file)) {
      stripe.reach(step.atMs);
      await player.play(step);
    }
    await player.rest();
    const ends = await endsOf(db, file.incident.expected);
    const unplayed = new Set(
      file.incident.acts.flatMap((one) => (one.act === 'unplayed' ? [one.subject] : [])),
    );
    return {
      differences: [...player.refusals, ...differences(file.incident.expected, ends, unplayed)],
      ends,
    };
  } finally {
    stripe.close();
  }
}

/** What comes at one moment: first the delivery, then what is done about it. */
const stepsOf = ({ startedMs, deliveries, incident }: IncidentFile): Step[] =>
  [
    ...deliveries.map((delivery): Step => ({ atMs: startedMs + delivery.atMs, delivery })),
    ...incident.acts.map((act): Step => ({ atMs: act.atMs, act })),
    ...incident.tries.map((one): Step => ({ atMs: one.atMs, try: one })),
  ].sort((one, other) => one.atMs - other.atMs);

async function openPlayer(db: Db, file: IncidentFile, stripe: IncidentStripe) {
  const { incident } = file;
  const realm = await setBefore(db, file);
  const settings: StripeSettings = { secretKey: 'sk_test_incidentreplay', apiBase: stripe.apiBase };
  const inbox = drivenInbox(db, realm, { realmId: realm.id, readObject: (ref) => readObject(settings, ref) });
  const firstTries = new Map<string, number>();
  for (const { eventId, run, atMs } of incident.tries) {
    const name = `${eventId} ${run}`;
    firstTries.set(name, Math.min(atMs, firstTries.get(name) ?? atMs));
  }
  const refusals: string[] = [];
  const holds = new Map<string, string>();
  let acts = 0;

  const deliver = async ({
    body,
    eventId,
    eventType,
    nature,
    verdict,
    isDropped,
  }: Delivery): Promise<void> => {
    const text = stripe.say(body);
    if (isDropped) return inbox.list([{ id: eventId, type: eventType, body: text }]);
    const came = await db.delivery.count();
    await inbox.receiveRequest(deliveryOf(text, SIGNED[nature]()));
    const last = await db.delivery.findFirst({ orderBy: { id: 'desc' }, select: { verdict: true } });
    const said = (await db.delivery.count()) === came ? 'nothing' : last?.verdict;
    if (said !== verdict) refusals.push(`delivery of ${eventId}: it was ${verdict}, and is ${said}`);
  };
  const attempt = async ({ eventId, run, atMs }: Try): Promise<void> => {
    const waited = Math.max(0, atMs - (firstTries.get(`${eventId} ${run}`) ?? atMs));
    await makeDue(db, eventId, run, waited);
    for (const claim of await claimEvents(db, 1)) await processEvent(inbox.deps, claim);
  };
  const play = async (act: Act): Promise<void> => {
    acts += 1;
    const by = { book: 'test', key: `incident:${acts}`, actor: 'incident' } as const;
    switch (act.act) {
      case 'look':
        await checkPayment(db, settings, { realm, paymentId: act.payment, cause: `return:${act.payment}` });
        return;
      case 'refund':
        return askForRefund(db, settings, realm, act);
      case 'spend':
        await spend(db, { ...by, customerId: act.customer, amount: BigInt(act.amount) });
        return;
      case 'hold': {
        const held = await hold(db, { ...by, customerId: act.customer, amount: BigInt(act.amount) });
        if (held.outcome === 'held') holds.set(act.hold, held.holdId);
        return;
      }
      case 'capture':
        await capture(db, { ...by, holdId: holds.get(act.hold) ?? '', amount: BigInt(act.amount) });
        return;
      case 'release':
        await release(db, { ...by, holdId: holds.get(act.hold) ?? '' });
        return;
      case 'grant':
        return inTransaction(db, 'grant', (tx) =>
          giveLot(tx, { ...by, customerId: act.customer, lot: act.lot }),
        );
      case 'unplayed':
        return;
    }
  };
  return {
    refusals,
    play: (step: Step) =>
      'delivery' in step ? deliver(step.delivery) : 'act' in step ? play(step.act) : attempt(step.try),
    /** What rested then has time to rest now too. */
    rest: async (): Promise<void> => {
      const rested = incident.expected.events.filter(
        ({ status }) => status !== 'queued' && status !== 'waiting',
      );
      await db.event.updateMany({
        where: { id: { notIn: rested.map(({ id }) => id) } },
        data: { dueAt: new Date(Date.now() + minutes(60)) },
      });
      if (rested.length === incident.expected.events.length) await inbox.settle();
      else await inbox.drain();
      await endFreezes(db);
    },
  };
}

const SIGNED = {
  genuine: () => ({}),
  stale: () => ({ signedAt: new Date(Date.now() - minutes(30)) }),
  forged_signature: () => ({ secret: 'whsec_of_somebody_else_entirely' }),
};

/** Makes one event alone due, in the run that is to be tried, as if its first try had been so long ago. */
async function makeDue(db: Db, eventId: string, run: number, waitedMs: number): Promise<void> {
  await db.$executeRaw`
    UPDATE event SET status = 'queued', decision = NULL, reason = NULL, run = ${run}, tries = 0, first_try_at = NULL,
      claimed_at = NULL, decided_at = NULL
    WHERE id = ${eventId} AND status NOT IN ('queued', 'waiting') AND run < ${run}`;
  await db.$executeRaw`
    UPDATE event SET claimed_at = NULL,
      first_try_at = CASE WHEN id = ${eventId} AND tries > 0 THEN clock_timestamp() - ${waitedMs} * interval '1 millisecond' ELSE first_try_at END,
      due_at = clock_timestamp() + CASE WHEN id = ${eventId} THEN '0'::interval ELSE '1 hour'::interval END
    WHERE status IN ('queued', 'waiting')`;
}

async function askForRefund(
  db: Db,
  settings: StripeSettings,
  realm: RealmView,
  { payment: paymentId, amount }: Extract<Act, { act: 'refund' }>,
): Promise<void> {
  const seen = await previewRefund(db, { realmId: realm.id, paymentId, amount: BigInt(amount) });
  if (!seen) throw new Error(`${paymentId} is not there to be refunded.`);
  const { outcome } = await requestRefund(db, settings, {
    ...{ realm, paymentId, amount: BigInt(amount), key: seen.key, actor: 'usr_incident', role: 'admin' },
    ...{ reason: 'requested_by_customer', comment: 'as it was asked then' },
  });
  if (outcome !== 'sent') throw new Error(`The refund of ${paymentId} is ${outcome}, and was sent.`);
}

/** The file with all its times moved alike. */
function movedToNow(file: IncidentFile): IncidentFile {
  const last = Math.max(...stepsOf(file).map(({ atMs }) => atMs));
  const shiftSeconds = Math.floor((Date.now() - last) / 1000);
  const ms = shiftSeconds * 1000;
  const keep = { names: THEMSELVES, shiftSeconds };
  const moved = (body: Record<string, unknown>) => keepFields(body, keep);
  const lots = <One extends { expiresMs: number | null }>(lot: One): One => ({
    ...lot,
    expiresMs: lot.expiresMs === null ? null : lot.expiresMs + ms,
  });
  const { before, acts, tries, reads } = file.incident;
  return {
    ...file,
    startedMs: file.startedMs + ms,
    events: file.events.map((one) => ({
      ...{ ...one, created: one.created + shiftSeconds, object: moved(one.object) },
      previous: one.previous === null ? null : moved(one.previous),
    })),
    deliveries: file.deliveries.map((one) => ({ ...one, body: movedEvent(one.body, shiftSeconds, moved) })),
    incident: {
      ...file.incident,
      before: {
        ...before,
        customers: before.customers.map((one) => ({ ...one, lots: one.lots.map(lots) })),
      },
      acts: acts.map((one) =>
        one.act === 'grant'
          ? { ...one, atMs: one.atMs + ms, lot: lots(one.lot) }
          : { ...one, atMs: one.atMs + ms },
      ),
      tries: tries.map((one) => ({ ...one, atMs: one.atMs + ms })),
      reads: reads.map((one) => ({ ...one, body: moved(one.body) })),
    },
  };
}

const data = z.object({
  object: z.record(z.string(), z.unknown()),
  previous_attributes: z.record(z.string(), z.unknown()).optional(),
});

function movedEvent(
  body: Record<string, unknown>,
  shiftSeconds: number,
  moved: (body: Record<string, unknown>) => Record<string, unknown>,
): Record<string, unknown> {
  const { object, previous_attributes: previous } = data.parse(body['data']);
  return {
    ...body,
    created: z.int().parse(body['created']) + shiftSeconds,
    data: {
      object: moved(object),
      ...(previous === undefined ? {} : { previous_attributes: moved(previous) }),
    },
  };
}
