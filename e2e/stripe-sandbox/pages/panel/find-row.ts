import type { EventRow, ListDesk, Sandbox } from '../../sandbox';

const CHUNK = 200;
const EVENT_WINDOW = 2000;

export function findRow<T extends { id: string }>(desk: ListDesk<T>, id: string): T | undefined {
  let page = desk.list({ limit: CHUNK });
  for (;;) {
    const found = page.rows.find((row) => row.id === id);
    if (found || page.nextCursor === null) return found;
    page = desk.list({ limit: CHUNK, cursor: page.nextCursor });
  }
}

/** Newest first, among the latest events only: an old object's page says less, but never gets slow. */
export function eventsAbout(
  sandbox: Pick<Sandbox, 'events'>,
  objectIds: readonly (string | null)[],
): EventRow[] {
  const wanted = new Set(objectIds);
  const found: EventRow[] = [];
  let page = sandbox.events.list({ limit: CHUNK });
  for (let seen = CHUNK; ; seen += CHUNK) {
    found.push(...page.rows.filter((row) => wanted.has(row.objectId)));
    if (page.nextCursor === null || seen >= EVENT_WINDOW) return found;
    page = sandbox.events.list({ limit: CHUNK, cursor: page.nextCursor });
  }
}
