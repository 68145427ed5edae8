import { beforeAll, describe, expect, it, vi } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { type RealmView, type StripeFact } from '~/modules/stripe/shared';
import { failedCharge, makeRealm } from '~/modules/stripe/testing/deliveries';
import { inTransaction } from '~/platform/db.server';
import { days, minutes, seconds } from '~/platform/time';

import { type Dispatch } from './ask-door.server';
import { lockClaimed } from './claimed-event.server';
import { processEvent } from './process-event.server';
import { recordAttempt } from './record-attempt.server';
import { applied, applies, doorThat, inboxOf } from './testing/inbox';
import { type RealmReader } from '~/modules/stripe/index.server';
import { wakeKeyless } from './wake-keyless.server';

const database = useTestDatabase();
let realm: RealmView;
let inbox: ReturnType<typeof inboxOf>;
beforeAll(async () => {
  realm = await makeRealm(database.db);
  inbox = inboxOf(database.db, realm);
});

describe('a door that decided', () => {
  it.each(['applied', 'duplicate', 'stale', 'noop', 'ignored'] as const)(
    'makes the event done: %s, with its reason, effects and attempt in one commit',
    async (decision) => {
      const id = await inbox.given();
      await inbox.tryOnce(
        id,
        doorThat(() => ({ outcome: 'decided', decision, reason: 'because', effects: ['pay_1', 'txf_1'] })),
      );
      expect(await inbox.eventRow(id)).toMatchObject({
        status: 'done',
        decision,
        reason: 'because',
        tries: 1,
      });
      expect(await inbox.attempts(id)).toMatchObject([
        { run: 1, n: 1, outcome: 'done', code: decision, detail: 'because', effects: ['pay_1', 'txf_1'] },
      ]);
      expect(await inbox.hasEffect(id)).toBe(true);
    },
  );

  it('is told the cause, the time and the book of the event', async () => {
    const id = await inbox.given();
    let told: unknown;
    await inbox.tryOnce(id, (_tx, fact, context) => {
      told = { ...context, kind: fact.kind };
      return Promise.resolve(applied());
    });
    expect(told).toEqual({
      realmId: realm.id,
      book: 'test',
      cause: `event:${id}`,
      at: new Date(1_795_000_000_000),
      evidence: [],
      kind: 'charge',
    });
  });
});

describe('a door that needs Stripe', () => {
  const session: StripeFact = {
    kind: 'session',
    id: 'cs_needed',
    ours: {},
    mode: 'payment',
    status: 'complete',
    paymentStatus: 'paid',
    amountSubtotal: 0n,
    amountDiscount: 0n,
    amountTax: 0n,
    amountTotal: 0n,
    currency: 'usd',
    intentId: undefined,
    invoiceId: undefined,
    subscriptionId: undefined,
    setupIntentId: undefined,
    stripeCustomer: undefined,
  };
  const needs: Dispatch = async (tx, fact, context) => {
    const outcome = await applies(tx, fact, context);
    return context.evidence.length > 0
      ? outcome
      : { outcome: 'need', refs: [{ object: 'checkout.session', id: 'cs_needed' }] };
  };

  it('is asked again with the evidence, and nothing of the first asking is kept', async () => {
    const id = await inbox.given();
    const reads: string[] = [];
    const reader: RealmReader = {
      realmId: realm.id,
      readObject: async (ref) => {
        expect(await inbox.hasEffect(id)).toBe(false);
        reads.push(ref.id);
        return session;
      },
    };
    await inbox.tryOnce(id, needs, reader);
    expect(reads).toEqual(['cs_needed']);
    expect(await inbox.eventRow(id)).toMatchObject({ status: 'done', decision: 'applied' });
    expect(await inbox.hasEffect(id)).toBe(true);
  });

  it('is given to a person when Stripe has no such object', async () => {
    const id = await inbox.given();
    await inbox.tryOnce(id, needs, { realmId: realm.id, readObject: () => Promise.resolve(undefined) });
    expect(await inbox.eventRow(id)).toMatchObject({ status: 'quarantined', reason: 'object_missing' });
    expect(await inbox.hasEffect(id)).toBe(false);
  });

  it('never reads an object of one realm with the key of another', async () => {
    const id = await inbox.given();
    await inbox.tryOnce(id, needs, { ...inbox.noReader, realmId: 'rlm_other' });
    expect(await inbox.eventRow(id)).toMatchObject({ status: 'quarantined', reason: 'no_key_of_realm' });
  });

  it('gets the object of an event of another API version by its id, unparsed', async () => {
    const id = await inbox.given({
      type: 'checkout.session.completed',
      apiVersion: '2019-03-14',
      object: { id: 'cs_needed', object: 'checkout.session', shape: 'of long ago' },
    });
    let fact: StripeFact | undefined;
    const dispatch: Dispatch = (_tx, brought) => {
      fact = brought;
      return Promise.resolve(applied());
    };
    await inbox.tryOnce(id, dispatch, { realmId: realm.id, readObject: () => Promise.resolve(session) });
    expect(fact).toBe(session);
    expect(await inbox.eventRow(id)).toMatchObject({ status: 'done' });
  });
});

describe('an event whose parent is missing', () => {
  const waits = doorThat(() => ({ outcome: 'waits', waitsFor: 'pi_parent' }));
  const linksNothing: Dispatch = () => Promise.resolve({ outcome: 'waits', waitsFor: 'pi_parent' });
  /** Whether the parent has its outcome and somebody waits for a lock: the waking does. */
  const waitsForLock = async (parent: string) => {
    const { status } = await inbox.eventRow(parent);
    const waiting = await database.db.$queryRaw`
      SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    return status === 'done' && Array.isArray(waiting) && waiting.length > 0;
  };

  it('waits for it by name, keeps what its door linked, and is due in two seconds', async () => {
    const id = await inbox.given();
    await inbox.tryOnce(id, waits);
    expect(await inbox.eventRow(id)).toMatchObject({ status: 'waiting', waitsFor: 'pi_parent' });
    expect(await inbox.dueIn(id)).toBeGreaterThan(seconds(1));
    expect(await inbox.dueIn(id)).toBeLessThanOrEqual(seconds(2));
    expect(await inbox.hasEffect(id)).toBe(true);
  });

  it('is due at once when the parent is applied', async () => {
    const child = await inbox.given();
    await inbox.tryOnce(child, waits);
    const parent = await inbox.given({ object: failedCharge(undefined, { payment_intent: 'pi_parent' }) });
    await inbox.dueAfter(child, minutes(5));
    await inbox.tryOnce(parent, applies);
    expect(await inbox.dueIn(child)).toBeLessThanOrEqual(0);
    await inbox.dueAfter(child, days(1));
  });

  it('is not made due while a try of it runs, and is once that try ended', async () => {
    const child = await inbox.given();
    await inbox.tryOnce(child, waits);
    await inbox.claim(child);
    const parent = failedCharge(undefined, { payment_intent: 'pi_parent' });
    await inbox.tryOnce(await inbox.given({ object: parent }), applies);
    expect(await inbox.dueIn(child)).toBeGreaterThan(seconds(20));
    await inbox.tryOnce(child, linksNothing);
    await inbox.dueAfter(child, minutes(5));
    await inbox.tryOnce(await inbox.given({ object: parent }), applies);
    expect(await inbox.dueIn(child)).toBeLessThanOrEqual(0);
    await inbox.dueAfter(child, days(1));
  });

  it('is due at once when its try ends while the parent wakes it', async () => {
    const child = await inbox.given();
    await inbox.tryOnce(child, waits);
    const parent = await inbox.given({
      object: failedCharge(undefined, { payment_intent: 'pi_parent' }),
    });
    const claim = await inbox.claim(child);
    let waking: Promise<void> | undefined;
    await inTransaction(database.db, 'try of the child', async (tx) => {
      await lockClaimed(tx, claim);
      waking = inbox.tryOnce(parent, applies);
      await vi.waitFor(async () => expect(await waitsForLock(parent)).toBe(true), { timeout: seconds(10) });
      const verdict = { status: 'waiting', delay: minutes(5), waitsFor: 'pi_parent' } as const;
      expect(await recordAttempt(tx, claim, verdict, new Date())).toBe(true);
    });
    await waking;
    expect(await inbox.dueIn(child)).toBeLessThanOrEqual(0);
    await inbox.dueAfter(child, days(1));
  });

  it('costs its parent nothing when it cannot be woken', async () => {
    const child = await inbox.given();
    await inbox.tryOnce(child, waits);
    const parent = await inbox.given({ object: failedCharge(undefined, { payment_intent: 'pi_parent' }) });
    const claim = await inbox.claim(parent);
    await database.db.$executeRaw`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused'; END $$`;
    await database.db.$executeRawUnsafe(
      `CREATE TRIGGER refuse BEFORE UPDATE OF due_at ON event FOR EACH ROW WHEN (OLD.id = '${child}') EXECUTE FUNCTION refuse()`,
    );
    await processEvent({ db: database.db, dispatch: applies, reader: inbox.noReader }, claim);
    expect(await inbox.eventRow(parent)).toMatchObject({ status: 'done', decision: 'applied' });
    expect(await inbox.attempts(parent)).toHaveLength(1);
    await database.db.$executeRaw`DROP FUNCTION refuse CASCADE`;
    await inbox.dueAfter(child, days(1));
  });

  it('has the parent read from Stripe once it waited ten seconds', async () => {
    const id = await inbox.given();
    const reads: string[] = [];
    const reader: RealmReader = {
      realmId: realm.id,
      readObject: (ref) => {
        reads.push(`${ref.object} ${ref.id}`);
        return Promise.resolve(undefined);
      },
    };
    await inbox.tryOnce(id, linksNothing, reader);
    expect(reads).toEqual([]);
    await inbox.age(id, seconds(11));
    await inbox.tryOnce(id, linksNothing, reader);
    expect(reads).toEqual(['payment_intent pi_parent']);
    expect(await inbox.eventRow(id)).toMatchObject({ status: 'waiting', waitsFor: 'pi_parent' });
    await inbox.dueAfter(id, days(1));
  });

  it('is given to a person after 72 hours', async () => {
    const id = await inbox.given();
    await inbox.age(id, days(3));
    await inbox.tryOnce(id, waits);
    expect(await inbox.eventRow(id)).toMatchObject({
      status: 'quarantined',
      reason: 'parent_missing',
      waitsFor: null,
    });
  });

  it('rests for its realm’s key where Stripe could not be asked, and all that rest wake with it', async () => {
    const id = await inbox.given();
    await inbox.age(id, days(3));
    await inbox.tryOnce(id, waits, { ...inbox.noReader, realmId: 'rlm_other' });
    expect(await inbox.eventRow(id)).toMatchObject({ status: 'quarantined', reason: 'no_key_of_realm' });
    const former = await makeRealm(database.db);
    await database.db.event.createMany({
      data: Array.from({ length: 501 }, (_, n) => ({
        ...{
          realmId: former.id,
          id: `evt_rests_${n}`,
          type: 'charge.failed',
          payload: '{}',
          sha: Buffer.alloc(32),
        },
        ...{
          apiVersion: 'any',
          created: new Date(),
          status: 'quarantined' as const,
          reason: 'no_key_of_realm',
        },
        ...{ decidedAt: new Date(), dueAt: new Date(Date.now() + days(1)) },
      })),
    });
    expect(await wakeKeyless(database.db, former.id)).toBe(501);
    await database.db.event.updateMany({
      where: { realmId: former.id },
      data: { status: 'done', decision: 'ignored', reason: 'tested', decidedAt: new Date() },
    });
  });
});

it('a quarantined event keeps what its door did: the payment in review', async () => {
  const id = await inbox.given();
  await inbox.tryOnce(
    id,
    doorThat(() => ({
      outcome: 'quarantined',
      code: 'unknown_price',
      detail: 'price_1',
      effects: ['pay_1'],
    })),
  );
  expect(await inbox.eventRow(id)).toMatchObject({
    status: 'quarantined',
    reason: 'unknown_price',
    decision: null,
  });
  expect(await inbox.attempts(id)).toMatchObject([
    { outcome: 'quarantined', code: 'unknown_price', effects: ['pay_1'] },
  ]);
  expect(await inbox.hasEffect(id)).toBe(true);
});
