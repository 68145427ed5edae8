import { setTimeout } from 'node:timers/promises';
import { capture, hold, reverse, spend } from '../modules/ledger/index.server';
import { type Db } from '../platform/db.server';
import { seconds } from '../platform/time';
import { DEMO_USES } from '../../prisma/demo';

const ACTOR = 'demo:product';

type DemoUse = (typeof DEMO_USES)[number];
interface Asked {
  customerId: string;
  key: string;
}

/**
 * Spends as the demo's product would. Credits that come by webhook are waited for; what is not there when `patience`
 * (milliseconds) ends is left out. Keys are fixed: done again, it spends nothing twice.
 */
export async function useDemoCredits(db: Db, signal: AbortSignal, patience = seconds(15)): Promise<void> {
  const deadline = Date.now() + patience;
  for (const [n, use] of DEMO_USES.entries()) {
    const user = await db.user.findUnique({
      where: { email: use.email },
      select: { customer: { select: { id: true } } },
    });
    const customerId = user?.customer?.id;
    if (customerId === undefined) continue;
    while (!(await happen(db, use, { customerId, key: `demo:${n}` }))) {
      if (signal.aborted || Date.now() > deadline) return;
      await setTimeout(200, undefined, { ref: false });
    }
  }
}

/** Answers whether the credits were there. */
async function happen(db: Db, use: DemoUse, { customerId, key }: Asked): Promise<boolean> {
  const { amount, reason } = use;
  const asked = (step: string) => ({ book: 'test', actor: ACTOR, key: `${key}:${step}`, reason }) as const;
  if (use.hold === undefined) {
    const spent = await spend(db, { ...asked('spend'), customerId, amount });
    if (!('transferId' in spent)) return false;
    if (use.isReversed)
      await reverse(db, { ...asked('reverse'), transferId: spent.transferId, reason: `Failed: ${reason}` });
    return true;
  }
  const held = await hold(db, { ...asked('hold'), customerId, amount });
  if (!('holdId' in held)) return false;
  if (use.hold !== 'open') await capture(db, { ...asked('capture'), holdId: held.holdId, amount: use.hold });
  return true;
}
