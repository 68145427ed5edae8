import { randomInt } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';

import { DEMO_PACKS } from '../../prisma/demo';
import { Buyer } from './kill-nine/buyer';
import { startKiller } from './kill-nine/killer';
import { type Outage, watchOutages } from './kill-nine/outages';
import { setStage, type Stage } from './kill-nine/stage';
import { findViolations, type Seen } from './kill-nine/violations';
import { waitFor } from './kill-nine/wait-for';
import { acknowledgementsOf, countOpen, countPaid, paidSessionsOf } from './kill-nine/watch';

/**
 * Real processes from the build, killed with SIGKILL while customers buy. KILL_SEED repeats the order and the pauses of
 * a run's kills, KILL_PURCHASES makes it longer.
 */
const SEED = Number(process.env.KILL_SEED ?? randomInt(2 ** 31));
const PURCHASES = Number(process.env.KILL_PURCHASES ?? 300);
const BUYING_AT_ONCE = 8;
const PURCHASES_OF_ONE = 6;
const SETTLED_WITHIN_MS = 60_000;

let stage: Stage | undefined;
afterEach(() => stage?.stop(), 60_000);

const packOf = (n: number) => DEMO_PACKS[n % DEMO_PACKS.length] ?? DEMO_PACKS[0];

/** Logs everyone in. Then they buy until all is bought, while Stripe changes its manners from time to time. */
async function prepareBuyers(on: Stage, accounts: readonly { email: string; password: string }[]) {
  const buyers = accounts.map(({ email, password }) => ({ email, browser: new Buyer(on, email, password) }));
  await Promise.all(buyers.map(({ browser }) => browser.logIn()));
  const bought = new Map<string, bigint>();
  let purchases = 0;
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let n = next++; n < PURCHASES; n = next++) {
      if (n % 20 === 0) await changeManners(on.sandbox, n / 20);
      const buyer = buyers[n % buyers.length];
      if (buyer === undefined) throw new Error('There is nobody to buy.');
      await buyer.browser.buy(packOf(n).code);
      bought.set(buyer.email, (bought.get(buyer.email) ?? 0n) + packOf(n).credits);
      purchases += 1;
    }
  };
  return {
    bought,
    purchases: () => purchases,
    start: () => Promise.all(Array.from({ length: BUYING_AT_ONCE }, lane)),
  };
}

/** Shuffled every other time, each delivery twice over every third time. */
async function changeManners(sandbox: string, turn: number): Promise<void> {
  const put = (path: string, body: object) =>
    fetch(`${sandbox}/_control/${path}`, { method: 'PUT', body: JSON.stringify(body) });
  await put('settings', { order: turn % 2 === 0 ? 'shuffle' : 'typical', seed: SEED });
  await put('faults', { duplicate: turn % 3 === 0 ? 2 : 1 });
}

/** Waits until nothing is under way, and says what then breaks a promise. */
async function settle(
  on: Stage,
  bought: Map<string, bigint>,
  outages: { stop: () => Outage[] },
): Promise<object> {
  const { url } = on.postgres;
  const { sandbox } = on.stripe;
  const paidSessions = paidSessionsOf(sandbox);
  let open = {};
  const isSettled = async () => {
    open = await countOpen(url, sandbox, paidSessions);
    return Object.values(open).every((count) => count === 0) ? true : undefined;
  };
  // What is open still when the time is up is among the violations.
  await waitFor(isSettled, { withinMs: SETTLED_WITHIN_MS, what: () => 'all to settle' }).catch(
    () => undefined,
  );
  const acknowledged = acknowledgementsOf(sandbox);
  const seen: Seen = { paidSessions, acknowledged, bought, outages: outages.stop() };
  return { open, ...(await findViolations(url, seen)) };
}

const NOTHING_OPEN = { deliveries: 0, events: 0, payments: 0 };

describe('while web, worker and database are killed again and again', () => {
  it(
    'every purchase is granted exactly once, and nothing that was acknowledged is lost',
    { timeout: 400_000 },
    async () => {
      const accounts = Array.from({ length: Math.ceil(PURCHASES / PURCHASES_OF_ONE) }, (_, n) => ({
        email: `buyer-${n}@example.test`,
        password: 'a long enough passphrase',
      }));
      stage = await setStage(accounts);
      const { postgres, stripe, webProcesses, workers } = stage;
      const { bought, purchases, start } = await prepareBuyers(stage, accounts);
      const processes = [...webProcesses, ...workers];
      const killer = startKiller({ seed: SEED, postgres, processes, purchases });
      const outages = watchOutages(stage);
      const startedAt = Date.now();
      let kills: Record<string, number> = {};
      const story = () =>
        `KILL_SEED=${SEED} KILL_PURCHASES=${PURCHASES}: ${Math.round((Date.now() - startedAt) / 1000)} s, killed ${JSON.stringify(kills)}`;
      try {
        await start().finally(async () => {
          kills = await killer.stop();
        });
        const boughtAfter = story();
        expect(await settle(stage, bought, outages), story()).toEqual({ open: NOTHING_OPEN });
        expect(paidSessionsOf(stripe.sandbox), story()).toHaveLength(PURCHASES);
        const { paid, delivered } = await countPaid(postgres.url);
        expect(delivered / paid, story()).toBeGreaterThan(0.9);
        expect(webProcesses.map(({ unasked }) => unasked)).toEqual([0, 0]);
        process.stdout.write(`bought: ${boughtAfter}\nsettled: ${story()}, ${delivered} by webhook\n`);
      } catch (error) {
        process.stderr.write(`${story()}\n${await stage.lastWords()}\n`);
        throw error;
      }
    },
  );
});
