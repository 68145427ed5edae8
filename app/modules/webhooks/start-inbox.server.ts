import { poolOf } from '~/platform/db.server';
import { log } from '~/platform/log.server';
import { withRequestContext } from '~/platform/request-context.server';
import { keepConnection } from '~/platform/standing-connection.server';
import { seconds } from '~/platform/time';

import { type Claim, claimEvents } from './claimed-event.server';
import { processEvent } from './process-event.server';
import { type ReaderOf } from '~/modules/stripe/index.server';
import { type TryDeps } from './try-event.server';
import { INBOX_CHANNEL } from './wake-inbox.server';

export interface RunningInbox {
  /** Claims nothing more and returns when the claimed events have ended. */
  stop: () => Promise<void>;
}

/** Finds what no notification told of: waits that are over, claims that ran out, wake-ups that were lost. */
const POLL = seconds(0.25);

export interface InboxDeps extends Omit<TryDeps, 'reader'> {
  readerOf: ReaderOf;
  concurrency: number;
}

/** Processes due events, up to `concurrency` at once. Any number of workers may run; each event is claimed by one. */
export function startInbox(deps: InboxDeps): RunningInbox {
  const active = new Set<Promise<void>>();
  let isStopped = false;
  let claiming: Promise<void> | undefined;
  let isAskedAgain = false;
  let isFailing = false;

  const pump = (): void => {
    isAskedAgain = true;
    claiming ??= claimUntilEmpty().finally(() => {
      claiming = undefined;
      // Asked between the last look and this line.
      if (isAskedAgain && !isStopped && active.size < deps.concurrency) pump();
    });
  };

  const claimUntilEmpty = async (): Promise<void> => {
    try {
      while (isAskedAgain && !isStopped && active.size < deps.concurrency) {
        isAskedAgain = false;
        const free = deps.concurrency - active.size;
        const claims = await claimEvents(deps.db, free);
        claims.forEach(start);
        if (claims.length === free) isAskedAgain = true;
      }
      isFailing = false;
    } catch (error) {
      if (!isFailing) log.error('inbox not read', { error: String(error) });
      isFailing = true;
    }
  };

  const start = (claim: Claim): void => {
    const work = withRequestContext({ realm: claim.realmId, job: claim.eventId }, async () =>
      processEvent({ ...deps, reader: await deps.readerOf(claim.realmId) }, claim),
    )
      .catch((error: unknown) => {
        // The claim runs out and the next try notes this one as crashed.
        log.error('event left without an outcome', { event: claim.eventId, error: String(error) });
      })
      .finally(() => {
        active.delete(work);
        pump();
      });
    active.add(work);
  };

  const poll = setInterval(pump, POLL);
  const listener = keepConnection(poolOf(deps.db), 'inbox', async (client) => {
    client.on('notification', pump);
    await client.query(`LISTEN ${INBOX_CHANNEL}`);
  });
  pump();

  return {
    stop: async () => {
      isStopped = true;
      clearInterval(poll);
      listener.release();
      await claiming;
      await Promise.all(active);
    },
  };
}
