import fc from 'fast-check';
import { beforeAll, expect, it, vi } from 'vitest';

import { type Reply } from '../../../e2e/support/serve';
import { useTestDatabase } from '../../../e2e/support/test-database';
import { newWallet } from '~/modules/ledger/testing/wallets';
import { closeDb, createDb, type Db } from '~/platform/db.server';
import { seconds } from '~/platform/time';

import { startSender } from './start-sender.server';
import { endpointAt, HERE, openProduct } from './testing/product';
import { passWaits, readHeard } from './testing/sending';

/** A product that mostly fails, two workers, some of whose tries die with them: every message arrives in the end. */
const database = useTestDatabase();
let other: Db;
beforeAll(() => {
  other = createDb(database.url);
  return () => closeDb(other);
});

const FAULTS = {
  error: { status: 500 },
  redirect: { status: 302, headers: { location: 'http://127.0.0.1:9/' } },
  refusal: { status: 400, body: 'no' },
  cut: 'cut',
  silence: undefined,
} as const satisfies Record<string, Reply | 'cut' | undefined>;
type Fault = keyof typeof FAULTS;
/** What each try of a message meets, until nothing is left and it is taken; `crash` leaves a claim without a try. */
const fate = fc.array(
  fc.constantFrom<Fault | 'crash'>('error', 'redirect', 'refusal', 'cut', 'silence', 'crash'),
  {
    maxLength: 5,
  },
);

it(
  'whatever the product answers, each message reaches it at least once, verified, under one id and with one body',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fate, { minLength: 1, maxLength: 12 }), async (fates) => {
        const product = await openProduct();
        const { endpointId, secret } = await endpointAt(database.db, product.url);
        const wallet = await newWallet(database.db);
        for (const [n] of fates.entries()) await wallet.lot(BigInt(n + 1));
        const left = new Map<string, Fault[]>();
        const messages = await database.db.message.findMany({
          where: { customerId: wallet.customerId },
          orderBy: { id: 'asc' },
          select: { id: true, sendings: { select: { id: true } } },
          take: 50,
        });
        let crashes = 0;
        for (const [n, message] of messages.entries()) {
          left.set(
            message.id,
            (fates[n] ?? []).filter((fault) => fault !== 'crash'),
          );
          const died = (fates[n] ?? []).length - (left.get(message.id)?.length ?? 0);
          crashes += died;
          // As a worker leaves it that died so often: counted, and claimed until a moment ago.
          await database.db.sending.updateMany({
            where: { messageId: message.id },
            data: { tries: died, claimedUntil: died === 0 ? null : new Date(Date.now() - 1) },
          });
        }
        product.answers(({ headers }) => {
          const fault = left.get(headers.get('webhook-id') ?? '')?.shift();
          if (fault === undefined) return { status: 204 };
          return FAULTS[fault] ?? new Promise(() => undefined);
        });
        const senders = [database.db, other].map((db) => startSender({ db, rules: HERE, timeout: 300 }));
        await vi.waitFor(
          async () => {
            await passWaits(database.db);
            for (const sender of senders) sender.wake();
            expect(await database.db.sending.count({ where: { endpointId, state: 'pending' } })).toBe(0);
          },
          { timeout: seconds(25), interval: 20 },
        );
        await Promise.all(senders.map((sender) => sender.stop()));
        product.close();

        const bodies = new Map<string, Set<string>>();
        for (const asked of product.heard) {
          expect(readHeard(asked, secret).type).toBe('credits.granted');
          const id = asked.headers.get('webhook-id') ?? '';
          bodies.set(id, (bodies.get(id) ?? new Set()).add(asked.body.toString()));
        }
        expect([...bodies.keys()].sort()).toEqual(messages.map(({ id }) => id).sort());
        for (const said of bodies.values()) expect(said.size).toBe(1);
        const sendings = await database.db.sending.findMany({
          where: { endpointId },
          include: { log: true },
          take: 50,
        });
        expect(sendings.every(({ state }) => state === 'sent')).toBe(true);
        const tries = sendings.reduce((sum, sending) => sum + sending.tries, 0);
        const logged = sendings.reduce((sum, sending) => sum + sending.log.length, 0);
        expect(logged).toBe(tries - crashes);
        // A try may be over before it comes to the product.
        expect(product.heard.length).toBeLessThanOrEqual(logged);
        await database.db.endpoint.update({ where: { id: endpointId }, data: { state: 'removed' } });
      }),
      { numRuns: 10 },
    );
  },
  seconds(120),
);
