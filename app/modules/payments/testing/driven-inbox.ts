import { createHash } from 'node:crypto';
import * as z from 'zod';

import { isHandledEventType } from '~/modules/stripe/index.server';
import { type RealmView } from '~/modules/stripe/shared';
import { deliveryOf, SECRET } from '~/modules/stripe/testing/deliveries';
import { type Claim, claimEvents } from '~/modules/webhooks/claimed-event.server';
import { processEvent } from '~/modules/webhooks/process-event.server';
import { receive, type ReceiveOutcome } from '~/modules/webhooks/receive.server';
import { type RealmReader } from '~/modules/stripe/index.server';
import { type Db } from '~/platform/db.server';
import { fromUnix, minutes } from '~/platform/time';
import { dispatchFact } from '~/worker/dispatch.server';

import { forEachOf } from './orders';

const envelope = z.object({
  api_version: z.string(),
  created: z.int(),
  data: z.object({ object: z.object({ id: z.string().optional() }) }),
});

/** An event as Stripe sends it. */
export interface SentEvent {
  id: string;
  type: string;
  body: string;
}

const MAX_SENDS = 20;
const SETTLING_ROUNDS = 4;

/** The real inbox in front of the real door, moved step by step: what is due is processed only when told. */
export function drivenInbox(db: Db, realm: RealmView, reader: RealmReader) {
  const readerOf = () => Promise.resolve(reader);
  const deps = { db, reader, readerOf, dispatch: dispatchFact };
  const receiveRequest = (request: Request): Promise<ReceiveOutcome> =>
    receive({ db, endpoints: [{ realm, secrets: [SECRET] }], now: new Date() }, request);
  const receiveOne = (event: SentEvent): Promise<ReceiveOutcome> => receiveRequest(deliveryOf(event.body));

  /** As Stripe does: what could not be stored is sent again. */
  const deliver = async (event: SentEvent): Promise<void> => {
    for (let tries = 1; tries <= MAX_SENDS; tries += 1) {
      const { outcome } = await receiveOne(event);
      if (outcome === 'received') return;
      if (outcome === 'refused') break;
    }
    throw new Error(`${event.id} was not taken.`);
  };

  /** Puts events of one sale in as a catch-up of its whole realm does: known ones are left, new ones queue. */
  const list = async (events: readonly SentEvent[]): Promise<void> => {
    await db.event.createMany({
      data: events
        .filter(({ type }) => isHandledEventType(type))
        .map(({ id, type, body }) => {
          const { api_version: apiVersion, created, data } = envelope.parse(JSON.parse(body));
          return {
            ...{ realmId: realm.id, id, type, payload: body, source: 'catch_up' as const, apiVersion },
            ...{ objectId: data.object.id ?? null, created: fromUnix(created) },
            sha: createHash('sha256').update(body).digest(),
          };
        }),
      skipDuplicates: true,
    });
  };

  /** Starts another run of decided events, as a person's replay does. */
  const replayAll = (ids: readonly string[]): Promise<unknown> => db.$executeRaw`
    UPDATE event SET status = 'queued', decision = NULL, reason = NULL, run = run + 1, tries = 0, first_try_at = NULL,
      claimed_at = NULL, decided_at = NULL, due_at = clock_timestamp()
    WHERE id = ANY (${[...ids]}::text[]) AND status = 'done'`;

  /** Takes everything that is due, as a worker does that is killed then. */
  const claimAll = (): Promise<Claim[]> => claimEvents(db, 100);

  /** Processes until nothing is due, a few events at a time as a worker does. */
  const drain = async (width = 8): Promise<void> => {
    for (;;) {
      const claims = await claimEvents(db, 64);
      if (claims.length === 0) return;
      await forEachOf(claims, width, (claim) => processEvent(deps, claim));
    }
  };

  /** Passes the time until every wait, claim and patience is over. */
  const passTime = async (): Promise<void> => {
    await db.$executeRaw`
      UPDATE event SET due_at = clock_timestamp(), claimed_at = NULL WHERE status IN ('queued', 'waiting')`;
    await db.$executeRaw`UPDATE settlement_proof SET proven_at = proven_at - interval '1 minute' WHERE settled_at IS NULL`;
  };

  /** Passes the time until nothing waits any more, or what waits does so for what never comes. */
  const settle = async (): Promise<void> => {
    await drain();
    for (let round = 1; round <= SETTLING_ROUNDS; round += 1) {
      if ((await db.event.count({ where: { status: { in: ['queued', 'waiting'] } } })) === 0) return;
      await db.event.updateMany({
        where: { status: 'waiting', firstTryAt: { not: null } },
        data: { firstTryAt: new Date(Date.now() - minutes(1)) },
      });
      await passTime();
      await drain();
    }
  };

  return { deps, receiveRequest, receiveOne, deliver, list, replayAll, claimAll, drain, passTime, settle };
}
export type DrivenInbox = ReturnType<typeof drivenInbox>;
