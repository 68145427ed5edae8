import { type EventFilters } from '~/modules/admin/shared';

/** Events at rest: the others are processed anyway. */
const AT_REST = ['done', 'quarantined', 'dead', 'dismissed'];

export type ReplayWish =
  | { can: true; realmId: string; selection: object; isPart: boolean }
  /** Why the filters name nothing that can be replayed. */
  | { can: false; why: string };

const some = <T>(values: readonly T[]): readonly T[] | undefined =>
  values.length === 0 ? undefined : values;

/** The day after a UTC day, at its first instant. */
function dayAfter(day: string): string {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + 1);
  return at.toISOString();
}

/** The same events that a list shows, as a replay selects them; `isPart` when some of them are not at rest. */
export function wishOfFilters(filters: EventFilters): ReplayWish {
  const { realmIds, statuses, decisions, sources, type, reasons, names, objectId, since, until } = filters;
  const [realmId, ...others] = realmIds;
  if (realmId === undefined || others.length > 0)
    return { can: false, why: 'A replay is of one realm: take away all but one.' };
  const asked: readonly string[] = statuses.length === 0 ? AT_REST : statuses;
  const status = asked.filter((one) => AT_REST.includes(one));
  if (status.length === 0)
    return { can: false, why: 'What is queued or waiting is processed anyway: there is nothing to replay.' };
  if (type?.startsWith('evt_') === true)
    return { can: true, realmId, selection: { ids: [type] }, isPart: false };
  const selection = {
    ...{ status, type, objectId, names, reason: some(reasons), source: some(sources) },
    decision: some(decisions.map((decision) => (decision === 'noop' ? 'no-op' : decision))),
    receivedFrom: since === undefined ? undefined : `${since}T00:00:00Z`,
    receivedBefore: until === undefined ? undefined : dayAfter(until),
  };
  return { can: true, realmId, selection, isPart: status.length < asked.length || statuses.length === 0 };
}
