import { subscribe } from 'node:diagnostics_channel';

import { closeDb, db } from './db.server';

declare global {
  var credenceDbEnds: boolean | undefined;
}

/** `cli/end-web` says here that every request is answered, and waits for what is put into its list. Listens once per process. */
export function closeDbAtEnd(): void {
  if (globalThis.credenceDbEnds) return;
  globalThis.credenceDbEnds = true;
  subscribe('credence.web.end', (held) => {
    if (Array.isArray(held)) held.push(closeDb(db()));
  });
}
