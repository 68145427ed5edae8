import * as z from 'zod';
import { renderEvent } from '../deliveries/render';
import type { World } from '../engine/world';
import { settingsSchema } from '../settings';
import { deliveryRecordSchema, eventRecordSchema } from '../store/records';
import { ACCOUNT_VERSION } from '../versions/versions';
import { chaosSchema } from './mix';
import { currentRun } from './run';

const delivery = deliveryRecordSchema.shape;

/** A run as a file: what was sent to whom, when and how, so that the same can be sent again. */
export const scenarioSchema = z.object({
  format: z.literal('stripe-sandbox-run/1'),
  account: z.string(),
  livemode: z.boolean(),
  /** null: nothing was thrown by seed. */
  chaos: chaosSchema.nullable(),
  settings: settingsSchema,
  /** Unix milliseconds. */
  startedMs: z.number(),
  endpoints: z.array(z.object({ id: z.string(), url: z.string(), secret: z.string().nullable() })),
  events: z.array(eventRecordSchema),
  /** In the order of their planning; `atMs` is when each was to leave, from the start of the run. */
  deliveries: z.array(
    z.object({
      act: z.number(),
      eventId: z.string(),
      eventType: z.string(),
      /** Its place among the endpoints. */
      endpoint: z.number(),
      atMs: z.number(),
      afterActMs: z.number(),
      nature: delivery.nature.unwrap(),
      faults: z.array(z.string()),
      refusals: z.number(),
      isDropped: z.boolean(),
      /** The event as this endpoint gets it, before a forger touches it. */
      body: z.record(z.string(), z.unknown()),
    }),
  ),
  faults: z.array(
    z.object({
      act: z.number(),
      fault: z.string(),
      eventType: z.string().nullable(),
      eventId: z.string().nullable(),
      detail: z.string().nullable(),
    }),
  ),
});
export type Scenario = z.infer<typeof scenarioSchema>;

/** The run that is under way. Listen sessions are endpoints of it too; they have no secret that outlives them. */
export function exportRun(world: World): Scenario {
  const { store } = world;
  const run = currentRun(store, world.nowMs());
  const planned = store.deliveries.where('run', String(run.number));
  const endpointIds = [...new Set(planned.map(({ endpointId }) => endpointId))];
  const urls = new Map(planned.map(({ endpointId, url }) => [endpointId, url]));
  const eventIds = new Set(planned.map(({ eventId }) => eventId));
  return {
    format: 'stripe-sandbox-run/1',
    account: world.account.id,
    livemode: world.livemode,
    chaos: world.faults().chaos,
    settings: world.settings(),
    startedMs: run.startedMs,
    endpoints: endpointIds.map((id) => ({
      id,
      url: urls.get(id) ?? '',
      secret: store.endpointSecrets.get(id)?.secrets[0]?.value ?? null,
    })),
    events: [...eventIds].flatMap((id) => store.events.get(id) ?? []),
    deliveries: planned.flatMap((one) => {
      const event = store.events.get(one.eventId);
      if (!event) return [];
      const endpointVersion = store.endpoints.get(one.endpointId)?.api_version;
      const apiVersion = one.apiVersion ?? endpointVersion ?? ACCOUNT_VERSION;
      const pendingWebhooks = new Set(
        store.deliveries.where('event', event.id).map(({ endpointId }) => endpointId),
      ).size;
      const rendered = renderEvent(store, event, { livemode: world.livemode, apiVersion, pendingWebhooks });
      return [
        {
          act: one.turn,
          eventId: one.eventId,
          eventType: one.eventType,
          endpoint: endpointIds.indexOf(one.endpointId),
          atMs: one.createdMs - run.startedMs + one.afterActMs,
          afterActMs: one.afterActMs,
          nature: one.nature,
          faults: one.faults,
          refusals: one.refusals,
          isDropped: one.status === 'dropped' && one.faults.includes('drop'),
          body: { ...rendered },
        },
      ];
    }),
    faults: store.mischief.where('run', String(run.number)).map((done) => ({
      act: done.turn,
      fault: done.fault,
      eventType: done.eventType,
      eventId: done.eventId,
      detail: done.detail,
    })),
  };
}
