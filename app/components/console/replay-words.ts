import * as z from 'zod/mini';
import { MEND_REASON_LABEL } from '~/modules/webhooks/shared';
import { inWords } from './state-badges';

const one = z.optional(z.union([z.string(), z.array(z.string())]));
const selection = z.looseObject({
  ids: z.optional(z.array(z.string())),
  id: z.optional(z.string()),
  dryRun: z.optional(z.string()),
  ...{ status: one, type: one, reason: one, decision: one, source: one },
  ...{ objectId: one, names: one, receivedFrom: one, receivedBefore: one },
});

const words = (value: z.infer<typeof one>): string =>
  (typeof value === 'string' ? [value] : (value ?? [])).map(inWords).join(', ');

/** Which events a replay is of, in words. */
export function selectionWords(asked: unknown): string {
  const parsed = selection.safeParse(asked);
  if (!parsed.success) return 'Events';
  const { ids, id, dryRun, status, type, reason, decision, source, objectId, names, ...times } = parsed.data;
  if (id !== undefined) return 'One event, as it was seen';
  if (ids !== undefined) return ids.length === 1 ? 'One event' : `${ids.length} events, picked`;
  if (dryRun !== undefined) return 'Those of a dry run';
  const parts = [
    words(status),
    words(decision),
    reason === undefined ? '' : `because ${words(reason)}`,
    names === undefined ? '' : `about ${words(names)}`,
    words(type),
    objectId === undefined ? '' : `of ${words(objectId)}`,
    source === undefined ? '' : `by ${words(source)}`,
    times.receivedFrom === undefined ? '' : `since ${words(times.receivedFrom).slice(0, 10)}`,
    times.receivedBefore === undefined ? '' : `before ${words(times.receivedBefore).slice(0, 10)}`,
  ].filter((part) => part !== '');
  return `All ${parts.join(' · ')}`;
}

/** A reason code as people read it; the CLI writes sentences. */
export const replayReason = (reason: string): string =>
  Object.entries(MEND_REASON_LABEL).find(([code]) => code === reason)?.[1] ?? reason;
