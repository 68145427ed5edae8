import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { readObject } from '~/modules/stripe/index.server';
import { type RealmView } from '~/modules/stripe/shared';
import { makeRealm } from '~/modules/stripe/testing/deliveries';
import { claimEvents } from '~/modules/webhooks/claimed-event.server';
import { processEvent } from '~/modules/webhooks/process-event.server';
import { dispatchFact } from '~/worker/dispatch.server';

import { checkPayment } from './check-payment.server';
import { type DrivenInbox, drivenInbox } from './testing/driven-inbox';
import { type Ending, endingsOf, expectWholeBooks, grantedOnce } from './testing/endings';
import { seedOf } from './testing/orders';
import { type Life, type LifeInput, liveOnce } from './testing/stripe-life';
import { openShelf } from './testing/stripe-shelf';

/**
 * Sales whose money does not fit what was sold, or comes twice, lived in random ways: whatever is said, repeated, lost or
 * cut off, they end as the money says. What the sandbox can live is in `e2e/money/random-lives-of-*`; it lets nobody be
 * charged so.
 */
const database = useTestDatabase();
const RUNS = Number(process.env.FUZZ_RUNS ?? 64);

let shelf: Awaited<ReturnType<typeof openShelf>>;
let realm: RealmView;
let inbox: DrivenInbox;
beforeAll(async () => {
  shelf = await openShelf();
  realm = await makeRealm(database.db);
  const readThis = (ref: Parameters<typeof readObject>[1]) => readObject(shelf.settings, ref);
  inbox = drivenInbox(database.db, realm, { realmId: realm.id, readObject: readThis });
});
afterAll(() => shelf.close());

const amounts = fc.integer({ min: 1, max: 1_000_000 });
const lives: fc.Arbitrary<LifeInput> = fc
  .record({
    end: fc.constantFrom<LifeInput['end']>(
      ...([
        'paid',
        'paid',
        'declined_then_paid',
        'paid_late',
        'refused_late',
        'free',
        'expired',
        'abandoned',
      ] as const),
    ),
    amount: amounts,
    quantity: fc.integer({ min: 1, max: 100 }),
    share: fc.option(fc.integer({ min: 1, max: 99 }), { nil: undefined }),
    tax: fc.option(fc.integer({ min: 1, max: 5_000 }), { nil: 0 }),
    zeroStatus: fc.constantFrom('paid' as const, 'no_payment_required' as const),
    wrong: fc.option(fc.constantFrom('subtotal' as const, 'currency' as const), { nil: undefined, freq: 4 }),
    isTwice: fc.boolean(),
  })
  .map(({ share, wrong, isTwice, ...life }): LifeInput => {
    if (wrong !== undefined && life.end !== 'free') return { ...life, tax: 0, wrong };
    const discount = share === undefined ? 0 : Math.floor((life.amount * share) / 100);
    // A second intent that pays exactly what was sold is money that fits, whichever comes first.
    return {
      ...life,
      discount,
      ...(isTwice ? { second: life.amount } : {}),
      ...(life.end === 'free' ? { tax: 0 } : {}),
    };
  })
  .filter(({ wrong, second }) => wrong !== undefined || second !== undefined);

/** What may happen while a sale is lived. Numbers choose among its events. */
type Act =
  | { act: 'deliver'; event: number; copies: number }
  | { act: 'process' | 'return' | 'die_claimed' | 'die_in_door' | 'pass_time' | 'list' | 'replay' };
const acts: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      act: fc.constant('deliver' as const),
      event: fc.nat(20),
      copies: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 4, arbitrary: fc.constant({ act: 'process' as const }) },
  {
    weight: 5,
    arbitrary: fc.record({
      act: fc.constantFrom(
        ...(['return', 'die_claimed', 'die_in_door', 'pass_time', 'list', 'replay'] as const),
      ),
    }),
  },
);

/** What the money says. */
function mustEnd({ end, amount, discount = 0, tax = 0, wrong, second }: LifeInput) {
  const isPaid = ['paid', 'declined_then_paid', 'paid_late', 'free'].includes(end);
  const settled = (isPaid ? 1 : 0) + (second === undefined ? 0 : 1);
  const unsettled = { refused_late: 'failed', expired: 'closed', abandoned: 'open' }[end as string] ?? 'open';
  const state = settled === 0 ? unsettled : wrong === undefined ? 'paid' : 'review';
  const isGranted = state === 'paid';
  const total = end === 'free' ? 0 : amount - discount + tax;
  const paid = [...(isPaid ? [total] : []), ...(second === undefined ? [] : [second])];
  return {
    state,
    grants: isGranted ? 1 : 0,
    seconds: Math.max(0, settled - 1),
    paid,
  };
}

async function play(life: Life, act: Act): Promise<void> {
  const { db } = database;
  switch (act.act) {
    case 'deliver': {
      const event = life.events[act.event % Math.max(1, life.events.length)];
      if (event) await Promise.all(Array.from({ length: act.copies }, () => inbox.deliver(event)));
      return;
    }
    case 'process':
      return inbox.drain();
    case 'return':
      await checkPayment(db, shelf.settings, {
        realm,
        paymentId: life.paymentId,
        cause: `return:${life.paymentId}`,
      });
      return;
    case 'die_claimed':
      await claimEvents(db, 2);
      return;
    case 'die_in_door': {
      const [claim] = await claimEvents(db, 1);
      const dies: typeof dispatchFact = async (...fact) => {
        await dispatchFact(...fact);
        throw new Error('the worker died');
      };
      if (claim) await processEvent({ ...inbox.deps, dispatch: dies }, claim);
      return;
    }
    case 'pass_time':
      await inbox.passTime();
      return;
    case 'list':
      return inbox.list(life.events);
    case 'replay':
      await inbox.replayAll(life.events.map(({ id }) => id));
  }
}

/** Stripe has sent everything, some of it again, and the workers have had their time. */
async function endIt(life: Life): Promise<void> {
  const open = {
    id: { in: life.events.map(({ id }) => id) },
    status: { notIn: ['done', 'quarantined'] as const },
  };
  const isOver = async () =>
    (await database.db.event.count({ where: { ...open, status: { notIn: [...open.status.notIn] } } })) === 0;
  for (let round = 0; round < 5; round += 1) {
    for (const event of life.events) await inbox.deliver(event);
    await inbox.passTime();
    await inbox.drain();
    if (await isOver()) return;
  }
  throw new Error('Events are left undecided.');
}

it(
  `a sale whose money does not fit ends as its money says, lived in any way (${String(RUNS)} lives)`,
  { timeout: 3_600_000 },
  async () => {
    const property = fc.asyncProperty(lives, fc.array(acts, { maxLength: 14 }), async (input, played) => {
      const life = await liveOnce(database.db, realm, input);
      shelf.lay(...life.objects);
      for (const act of played) await play(life, act);
      await endIt(life);

      const must = mustEnd(input);
      const [ended] = await endingsOf(database.db, [life.paymentId]);
      if (!ended) throw new Error('The payment is gone.');
      const { state, grants, transfers, lots, seconds, amountPaid } = ended.ending;
      const closed = ['expired', 'canceled'].includes(state) ? 'closed' : state;
      expect({ state: closed, grants, transfers, lots, seconds }).toEqual({
        ...{
          state: must.state,
          grants: must.grants,
          transfers: must.grants,
          lots: must.grants,
          seconds: must.seconds,
        },
      });
      if (must.state === 'paid') expect(must.paid).toContain(amountPaid);
      if (must.state === 'paid' && input.end !== 'free' && input.second === undefined) {
        const { links, shown } = grantedOnce();
        expect(ended.ending).toMatchObject({ links, shown });
        const { stripeCharge } = await database.db.payment.findUniqueOrThrow({
          where: { id: life.paymentId },
        });
        expect(stripeCharge).toBe(life.ids.charge);
      }
      // A bank's refusal that came before other money is told too.
      const mails = ended.ending.mails.filter((kind) => kind !== 'failed' || must.state === 'failed');
      expect(mails).toEqual(MAILS[must.state] ?? []);
    });
    await fc.assert(property, { numRuns: RUNS, seed: seedOf('FUZZ_SEED'), endOnFailure: false });
    await expectWholeBooks(database.db);
  },
);

const MAILS: Partial<Record<string, Ending['mails']>> = {
  paid: ['credits_added'],
  review: ['in_review'],
  failed: ['failed'],
};
