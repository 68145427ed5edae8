import { afterAll, beforeAll, expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { drivenInbox } from '~/modules/payments/testing/driven-inbox';
import { expectWholeBooks } from '~/modules/payments/testing/endings';
import { type LifeInput, liveOnce } from '~/modules/payments/testing/stripe-life';
import { openShelf } from '~/modules/payments/testing/stripe-shelf';
import { readObject } from '~/modules/stripe/index.server';
import { type RealmView } from '~/modules/stripe/shared';
import { makeRealm } from '~/modules/stripe/testing/deliveries';

import { readReplay } from './read-replay.server';
import { begun, toItsEnd } from './testing/replays';

const database = useTestDatabase();
let shelf: Awaited<ReturnType<typeof openShelf>>;
let realm: RealmView;
let inbox: ReturnType<typeof drivenInbox>;
beforeAll(async () => {
  shelf = await openShelf();
  realm = await makeRealm(database.db);
  inbox = drivenInbox(database.db, realm, {
    realmId: realm.id,
    readObject: (ref) => readObject(shelf.settings, ref),
  });
});
afterAll(async () => {
  shelf.close();
  await expectWholeBooks(database.db);
});

const LIVES: Partial<LifeInput>[] = [
  ...(
    ['paid', 'declined_then_paid', 'paid_late', 'refused_late', 'free', 'expired', 'abandoned'] as const
  ).map((end) => ({ end })),
  { discount: 300 },
  { tax: 190 },
  { wrong: 'subtotal' },
  { wrong: 'currency' },
  { second: 1000 },
];

/** Everything that a replay must not move. */
async function booksNow() {
  const { db } = database;
  const order = { orderBy: { id: 'asc' }, take: 1000 } as const;
  return {
    wallets: await db.wallet.findMany(order),
    lots: await db.lot.findMany(order),
    transfers: await db.transfer.findMany(order),
    mails: await db.mail.count(),
    payments: (await db.payment.findMany(order)).map(({ id, state, amountPaid }) => ({
      id,
      state,
      amountPaid,
    })),
    changes: await db.paymentChange.count(),
    stripeCalls: await db.stripeCall.count(),
  };
}

it('replaying every decided event of a book, of every kind of life, moves no balance, state or mail', async () => {
  for (const input of LIVES) {
    const life = await liveOnce(database.db, realm, { end: 'paid', amount: 1000, ...input });
    shelf.lay(...life.objects);
    for (const event of life.events) await inbox.deliver(event);
    await inbox.drain();
  }
  const before = await booksNow();
  expect(before.transfers.length).toBeGreaterThanOrEqual(7);
  for (const status of ['done', 'quarantined'] as const) {
    const replayId = await begun(database.db, { realmId: realm.id, selection: { status } });
    await toItsEnd(inbox.deps, replayId);
    await inbox.drain();
    const replay = await readReplay(database.db, replayId);
    expect(replay?.results.map((result) => result.status)).not.toContain('queued');
    expect(await booksNow()).toEqual(before);
  }
});
