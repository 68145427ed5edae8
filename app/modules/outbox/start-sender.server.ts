import { type Db } from '~/platform/db.server';
import { log } from '~/platform/log.server';
import { withRequestContext } from '~/platform/request-context.server';

import { type AddressRules } from './address.server';
import { type Claim, claimSendings } from './claim.server';
import { post } from './post.server';
import { recordTry } from './record-try.server';
import { signedHeaders } from './sign.server';

export interface RunningSender {
  /** Looks for what is due; it returns before that is sent. */
  wake: () => void;
  /** Claims nothing more and returns when the tries under way have ended. */
  stop: () => Promise<void>;
}

export interface SenderOptions {
  db: Db;
  rules: AddressRules;
  /** Milliseconds for one request; 15 seconds when left out. */
  timeout?: number;
}

/** Tries under way in one process, and to one endpoint of them: one that answers slowly keeps no other one waiting. */
const AT_ONCE = 16;
const OF_ONE_ENDPOINT = 4;

/**
 * Sends due messages when it is woken: by the job that is added with each message and each wait, and every minute by the
 * sweep, for jobs that were lost. It has hands of its own: a product that does not answer holds up no other job. At least
 * once, in no promised order: a worker that dies after the product answered leaves a message that is sent again.
 */
export function startSender({ db, rules, timeout }: SenderOptions): RunningSender {
  const active = new Map<Promise<void>, string>();
  let isStopped = false;
  let isAskedAgain = false;
  let claiming: Promise<void> | undefined;

  const wake = (): void => {
    isAskedAgain = true;
    if (isStopped) return;
    claiming ??= claimUntilEmpty().finally(() => {
      claiming = undefined;
      // Asked between the last look and this line.
      if (isAskedAgain && active.size < AT_ONCE) wake();
    });
  };

  const claimUntilEmpty = async (): Promise<void> => {
    try {
      while (isAskedAgain && !isStopped && active.size < AT_ONCE) {
        isAskedAgain = false;
        const room = AT_ONCE - active.size;
        const underway = [...active.values()];
        const claims = await claimSendings(db, { room, each: OF_ONE_ENDPOINT, underway });
        claims.forEach(start);
      }
    } catch (error) {
      // The next sweep asks again.
      isAskedAgain = false;
      log.error('outbox not read', { error: String(error) });
    }
  };

  const start = (claim: Claim): void => {
    const work = withRequestContext({ job: claim.sendingId }, () => send(claim))
      .catch((error: unknown) => {
        // The claim runs out, and the next sweep has it tried again.
        log.error('try not recorded', { sending: claim.sendingId, error: String(error) });
      })
      .finally(() => {
        active.delete(work);
        wake();
      });
    active.set(work, claim.endpointId);
  };

  const send = async (claim: Claim): Promise<void> => {
    const body = bodyOf(claim);
    const headers = signedHeaders({ ...claim, body }, new Date());
    await recordTry(db, claim, await post(claim.url, { headers, body }, rules, timeout));
  };

  return {
    wake,
    stop: async () => {
      isStopped = true;
      await claiming;
      await Promise.all(active.keys());
    },
  };
}

/** What is signed and sent; of one message always the same. */
const bodyOf = ({ type, at, data }: Claim): string =>
  `{"type":${JSON.stringify(type)},"timestamp":${JSON.stringify(at.toISOString())},"data":${data}}`;
