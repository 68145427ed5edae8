import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { readObject, settingsAmong } from '~/modules/stripe/index.server';
import { type RealmView } from '~/modules/stripe/shared';
import { deliveryOf, eventBody, makeRealm, SECRET } from '~/modules/stripe/testing/deliveries';
import { receive } from '~/modules/webhooks/receive.server';
import { startInbox } from '~/modules/webhooks/index.server';
import { minutes } from '~/platform/time';

import { checkPayment } from './check-payment.server';
import { seePayment } from './see-payment.server';
import { type DrivenInbox, drivenInbox, type SentEvent } from './testing/driven-inbox';
import { type Ending, endingsOf, expectWholeBooks } from './testing/endings';
import { permutations } from './testing/orders';
import { type Life, type LifeInput, liveOnce } from './testing/stripe-life';
import { openShelf, type StripeObject } from './testing/stripe-shelf';

/** Faults that real systems had, each through the real inbox and the real door. */
const database = useTestDatabase();
let shelf: Awaited<ReturnType<typeof openShelf>>;
let realm: RealmView;
let inbox: DrivenInbox;
beforeAll(async () => {
  shelf = await openShelf();
  realm = await makeRealm(database.db);
  const readThis = (ref: Parameters<typeof readObject>[1]) => readObject(shelf.settings, ref);
  inbox = drivenInbox(database.db, realm, { realmId: realm.id, readObject: readThis });
});
afterAll(async () => {
  shelf.close();
  await expectWholeBooks(database.db);
});

async function live(input: Partial<LifeInput> = {}): Promise<Life> {
  const life = await liveOnce(database.db, realm, { end: 'paid', amount: 1000, ...input });
  shelf.lay(...life.objects);
  return life;
}

/** The event of that type of a sale. */
function eventOf(life: Life, type: string): SentEvent {
  const event = life.events.find((one) => one.type === type);
  if (!event) throw new Error(`This sale has no ${type}.`);
  return event;
}

/** An event about an object of that sale as the test wants it. */
function saying(type: string, object: StripeObject): SentEvent {
  return { type, ...eventBody({ type, object }) };
}

/** The object that an event of the sale carries. */
const objectOf = (event: SentEvent): StripeObject => {
  const parsed: { data: { object: StripeObject } } = JSON.parse(event.body);
  return parsed.data.object;
};

async function bring(...events: SentEvent[]): Promise<void> {
  for (const event of events) {
    await inbox.deliver(event);
    await inbox.drain();
  }
}

const comeBack = (life: Life) =>
  checkPayment(database.db, shelf.settings, {
    realm,
    paymentId: life.paymentId,
    cause: `return:${life.paymentId}`,
  });

async function endOf(life: Life): Promise<Ending> {
  const [ended] = await endingsOf(database.db, [life.paymentId]);
  if (!ended) throw new Error('The payment is gone.');
  return ended.ending;
}

const rowOf = (event: SentEvent) =>
  database.db.event.findUniqueOrThrow({ where: { realmId_id: { realmId: realm.id, id: event.id } } });

const ONCE = { state: 'paid', grants: 1, transfers: 1, lots: 1, seconds: 0 };
const NOTHING = { grants: 0, transfers: 0, lots: 0 };

describe('one event', () => {
  it('two times in a row is one grant and one transfer', async () => {
    const life = await live();
    const completed = eventOf(life, 'checkout.session.completed');
    await bring(completed, completed);
    expect(await endOf(life)).toMatchObject(ONCE);
  });

  it('twenty times in parallel is one grant and one transfer', async () => {
    const life = await live();
    const completed = eventOf(life, 'checkout.session.completed');
    await Promise.all(Array.from({ length: 20 }, () => inbox.deliver(completed)));
    await inbox.drain();
    expect(await endOf(life)).toMatchObject(ONCE);
    expect(await database.db.delivery.count({ where: { eventId: completed.id } })).toBe(20);
  });
});

it(
  'session, intent, invoice and return page of one sale are one grant in every order',
  { timeout: 60_000 },
  async () => {
    const kinds = [
      'checkout.session.completed',
      'payment_intent.succeeded',
      'invoice.paid',
      'return',
    ] as const;
    for (const order of permutations(kinds)) {
      const life = await live();
      for (const kind of order) await (kind === 'return' ? comeBack(life) : bring(eventOf(life, kind)));
      expect({ order, ...(await endOf(life)) }).toMatchObject({ order, ...ONCE, mails: ['credits_added'] });
    }
  },
);

describe('a delayed method', () => {
  it('grants nothing while the session is unpaid, and grants once its bank has paid', async () => {
    const life = await live({ end: 'paid_late' });
    await bring(eventOf(life, 'checkout.session.completed'));
    expect(await endOf(life)).toMatchObject({ state: 'processing', ...NOTHING });
    await bring(eventOf(life, 'checkout.session.async_payment_succeeded'));
    expect(await endOf(life)).toMatchObject(ONCE);
  });

  it('fails when its bank refuses, and grants nothing', async () => {
    const life = await live({ end: 'refused_late' });
    await bring(...life.events);
    expect(await endOf(life)).toMatchObject({ state: 'failed', ...NOTHING, mails: ['failed'] });
  });
});

it.each(['paid', 'no_payment_required'] as const)(
  'one hundred percent off, which Stripe calls %s, is granted once without a PaymentIntent',
  async (zeroStatus) => {
    const life = await live({ end: 'free', zeroStatus });
    await bring(...life.events, ...life.events);
    expect(await endOf(life)).toMatchObject({ ...ONCE, money: 'session', amountPaid: 0 });
  },
);

it('a late payment_failed after success leaves it paid, and nothing is taken back', async () => {
  const life = await live({ end: 'declined_then_paid' });
  await bring(eventOf(life, 'payment_intent.succeeded'));
  await bring(eventOf(life, 'charge.failed'), eventOf(life, 'payment_intent.payment_failed'));
  const canceled = { ...objectOf(eventOf(life, 'payment_intent.succeeded')), status: 'canceled' };
  await bring(saying('payment_intent.canceled', canceled));
  expect(await endOf(life)).toMatchObject(ONCE);
  expect(await database.db.moneyBack.count({ where: { paymentId: life.paymentId } })).toBe(0);
});

describe('what is ours and fits nothing', () => {
  const unknowns: [string, string, (life: Life) => StripeObject][] = [
    [
      'an unknown payment',
      'unknown_payment',
      (life) => {
        const session = objectOf(eventOf(life, 'checkout.session.completed'));
        return { ...session, id: 'cs_test_nobody', metadata: { credence_payment: 'pay_nobody' } };
      },
    ],
    [
      'our customer without a payment',
      'no_payment',
      (life) => ({
        ...objectOf(eventOf(life, 'payment_intent.succeeded')),
        id: 'pi_nobody',
        metadata: {},
      }),
    ],
  ];
  it.each(unknowns)(
    '%s is answered 200, quarantined with its reason, and does not loop',
    async (_name, code, make) => {
      const life = await live();
      const event = saying('checkout.session.completed', make(life));
      expect(await inbox.receiveOne(event)).toEqual({ outcome: 'received' });
      await inbox.drain();
      expect(await rowOf(event)).toMatchObject({ status: 'quarantined', reason: code, tries: 1 });
      await inbox.deliver(event);
      await inbox.passTime();
      await inbox.drain();
      expect(await rowOf(event)).toMatchObject({ status: 'quarantined', tries: 1 });
      expect(await endOf(life)).toMatchObject({ state: 'open', ...NOTHING });
    },
  );

  it.each(['subtotal', 'currency'] as const)(
    'a price of another %s than was sold is answered 200, quarantined, its money kept for a person',
    async (wrong) => {
      const life = await live({ wrong });
      await bring(...life.events);
      expect(await rowOf(eventOf(life, 'payment_intent.succeeded'))).toMatchObject({
        ...{ status: 'quarantined', reason: 'amount_differs', tries: 1 },
      });
      expect(await endOf(life)).toMatchObject({
        state: 'review',
        ...NOTHING,
        money: 'intent',
        mails: ['in_review'],
      });
    },
  );

  it('a customer of another product is ignored as foreign', async () => {
    const life = await live();
    const theirs = { id: 'pi_theirs', customer: 'cus_theirs', metadata: { order: '7' } };
    const event = saying('payment_intent.succeeded', {
      ...{ ...objectOf(eventOf(life, 'payment_intent.succeeded')), ...theirs },
    });
    await bring(event);
    expect(await rowOf(event)).toMatchObject({ status: 'done', decision: 'ignored', reason: 'foreign' });
  });
});

describe('a return address that is replayed', () => {
  const see = (customerId: string, paymentId: string, sessionId: string, now: number) =>
    seePayment(database.db, settingsAmong([{ ...shelf, realm }]), {
      book: 'test',
      customerId,
      paymentId,
      sessionId,
      now,
    });

  it('with a used payment, however often, adds nothing', async () => {
    const life = await live();
    await bring(...life.events);
    for (let visit = 0; visit < 25; visit += 1)
      await see(life.customerId, life.paymentId, life.ids.session, visit * 5_000);
    expect(await endOf(life)).toMatchObject(ONCE);
  });

  it('with the paid session of another payment settles nothing of its own', async () => {
    const [mine, paid] = [await live({ end: 'abandoned' }), await live()];
    await see(mine.customerId, mine.paymentId, paid.ids.session, 0);
    const seen = await see(mine.customerId, mine.paymentId, paid.ids.session, 5_000);
    expect(seen).toMatchObject({ cameBack: false, payment: { state: 'open' } });
    expect(await endOf(mine)).toMatchObject({ state: 'open', ...NOTHING });
    expect(await endOf(paid)).toMatchObject({ state: 'open', ...NOTHING });
  });

  it('by another customer shows nothing and settles nothing', async () => {
    const [mine, theirs] = [await live({ end: 'abandoned' }), await live()];
    for (const now of [0, 5_000])
      expect(await see(mine.customerId, theirs.paymentId, theirs.ids.session, now)).toBeUndefined();
    expect(await endOf(theirs)).toMatchObject({ state: 'open', ...NOTHING });
    expect(await endOf(mine)).toMatchObject({ grants: 0 });
  });
});

describe('a worker that is away', () => {
  it('for an hour finds what was received before, and processes it without asking its age again', async () => {
    const life = await live();
    const completed = eventOf(life, 'checkout.session.completed');
    const anHourAgo = new Date(Date.now() - minutes(60));
    const taken = await receive(
      { db: database.db, endpoints: [{ realm, secrets: [SECRET] }], now: anHourAgo },
      deliveryOf(completed.body, { signedAt: anHourAgo }),
    );
    expect(taken).toEqual({ outcome: 'received' });
    await database.db.event.updateMany({
      where: { id: completed.id },
      data: { receivedAt: anHourAgo, dueAt: anHourAgo },
    });
    const worker = startInbox({ ...inbox.deps, concurrency: 2 });
    await expect.poll(async () => (await rowOf(completed)).status, { timeout: 20_000 }).toBe('done');
    await worker.stop();
    expect(await endOf(life)).toMatchObject(ONCE);
  });

  it('because it was killed while it held claimed events leaves them to the next, and they are decided', async () => {
    const lives = [await live(), await live(), await live()];
    const completed = lives.map((life) => eventOf(life, 'checkout.session.completed'));
    for (const event of completed) await inbox.deliver(event);
    const ids = completed.map(({ id }) => id);
    const claimed = await inbox.claimAll();
    expect(claimed.map(({ eventId }) => eventId).sort()).toEqual([...ids].sort());
    await inbox.drain();
    expect(await database.db.event.count({ where: { id: { in: ids }, status: 'queued' } })).toBe(3);
    // The claims of thirty seconds run out.
    await database.db.$executeRaw`
      UPDATE event SET claimed_at = claimed_at - interval '31 seconds', due_at = due_at - interval '31 seconds'
      WHERE id = ANY (${ids}::text[])`;
    await inbox.drain();
    expect(await database.db.event.count({ where: { id: { in: ids }, status: 'done', tries: 2 } })).toBe(3);
    for (const life of lives) expect(await endOf(life)).toMatchObject(ONCE);
  });
});

it.each([
  [
    'a trial subscription’s session',
    { mode: 'subscription', payment_status: 'no_payment_required', amount_total: 0 },
  ],
  [
    'a card set-up session',
    { mode: 'setup', payment_status: 'no_payment_required', amount_total: 0, currency: null },
  ],
])('%s grants nothing', async (_name, change) => {
  const life = await live();
  const session = objectOf(eventOf(life, 'checkout.session.completed'));
  const event = saying('checkout.session.completed', { ...session, payment_intent: null, ...change });
  await bring(event);
  expect(await rowOf(event)).toMatchObject({ status: 'done', decision: 'ignored' });
  expect(await endOf(life)).toMatchObject({ state: 'open', ...NOTHING });
});

it('two sessions of one payment that are both paid leave the second in review, with its money', async () => {
  const life = await live();
  await bring(...life.events);
  const second = { id: `${life.ids.session}_2`, payment_intent: life.ids.second };
  const session = { ...objectOf(eventOf(life, 'checkout.session.completed')), ...second };
  const event = saying('checkout.session.completed', session);
  await bring(event);
  expect(await rowOf(event)).toMatchObject({ status: 'quarantined', reason: 'paid_twice' });
  expect(await endOf(life)).toMatchObject({ ...ONCE, seconds: 1 });
  const kept = await database.db.payment.findFirstOrThrow({ where: { secondOfId: life.paymentId } });
  expect(kept).toMatchObject({ state: 'review', moneyObject: life.ids.second, amountPaid: 1000n });
});

describe('an event of elsewhere', () => {
  it('in test mode at a live realm is refused with 400 and logged, and moves nothing', async () => {
    const live = await makeRealm(database.db, 'live');
    const life = await liveOnce(database.db, live, { end: 'paid', amount: 1000 });
    const atLive = drivenInbox(database.db, live, {
      realmId: live.id,
      readObject: () => Promise.resolve(undefined),
    });
    const completed = eventOf(life, 'checkout.session.completed');
    expect(await atLive.receiveOne(completed)).toEqual({
      outcome: 'refused',
      code: 'wrong_realm',
      status: 400,
    });
    expect(await database.db.delivery.findFirstOrThrow({ where: { eventId: completed.id } })).toMatchObject({
      ...{ verdict: 'wrong_realm', status: 400, realmId: live.id },
    });
    await atLive.drain();
    expect(await endOf(life)).toMatchObject({ state: 'open', ...NOTHING });
  });

  it('whose metadata names another realm is never applied, and says so', async () => {
    const life = await live();
    for (const type of [
      'checkout.session.completed',
      'payment_intent.succeeded',
      'invoice.paid',
      'charge.succeeded',
    ]) {
      const object = objectOf(eventOf(life, type));
      const metadata = { credence_payment: life.paymentId, credence_realm: 'rlm_of_another' };
      const event = saying(type, { ...object, metadata });
      await bring(event);
      expect(await rowOf(event)).toMatchObject({
        status: 'done',
        decision: 'ignored',
        reason: 'other_realm',
      });
    }
    expect(await endOf(life)).toMatchObject({ state: 'open', ...NOTHING });
  });

  it('with an id that another realm has already is an event of its own', async () => {
    const other = await makeRealm(database.db);
    const life = await live();
    const completed = eventOf(life, 'checkout.session.completed');
    const elsewhere = drivenInbox(database.db, other, {
      realmId: other.id,
      readObject: () => Promise.resolve(undefined),
    });
    await elsewhere.deliver(completed);
    await bring(completed);
    expect(await endOf(life)).toMatchObject(ONCE);
    expect(await database.db.event.count({ where: { id: completed.id } })).toBe(2);
  });
});

it('events of the same second are granted once in whichever order they are taken', async () => {
  const lives = [await live(), await live(), await live()];
  for (const [n, life] of lives.entries()) {
    const events = n === 0 ? life.events : n === 1 ? life.events.toReversed() : life.events;
    for (const event of events) await inbox.deliver(event);
  }
  const created = await database.db.event.findMany({
    where: { id: { in: lives.flatMap(({ events }) => events.map(({ id }) => id)) } },
    select: { created: true },
  });
  expect(new Set(created.map((event) => event.created.getTime())).size).toBe(1);
  await inbox.drain();
  for (const life of lives) expect(await endOf(life)).toMatchObject(ONCE);
});
