import { afterEach, describe, expect, it } from 'vitest';

import { readerWith } from '../../app/modules/stripe/index.server';
import { deliveryOf, eventBody, OLD_SECRET, SECRET } from '../../app/modules/stripe/testing/deliveries';
import { claimEvents } from '../../app/modules/webhooks/claimed-event.server';
import { processEvent } from '../../app/modules/webhooks/process-event.server';
import { receive } from '../../app/modules/webhooks/receive.server';
import { dispatchFact } from '../../app/worker/dispatch.server';
import { useTestStore } from './testing/store';

/** A webhook secret that was never seen: its first event is read back with the key of its realm. */
const store = useTestStore();
afterEach(async () => {
  await store.db.event.deleteMany({ where: { status: { in: ['queued', 'waiting'] } } });
  await store.db.webhookSecret.deleteMany();
});

async function deliver(body: string, secret = SECRET): Promise<void> {
  const settings = {
    db: store.db,
    endpoints: [{ realm: store.shop.realm, secrets: [SECRET, OLD_SECRET] }],
    now: new Date(),
  };
  const received = await receive(settings, deliveryOf(body, { secret }));
  expect(received).toEqual({ outcome: 'received' });
}

/** Processes what is due; answers which events were read back. */
async function process(): Promise<string[]> {
  const asked: string[] = [];
  const reader = readerWith(store.shop);
  const hasEvent = (id: string) => {
    asked.push(id);
    return reader.hasEvent(id);
  };
  const deps = { db: store.db, reader: { ...reader, hasEvent }, dispatch: dispatchFact };
  for (const claim of await claimEvents(store.db, 10)) await processEvent(deps, claim);
  return asked;
}

/** What the sandbox's own account says of a sale. */
async function ofOurAccount() {
  const paymentId = await store.shop.sell();
  const events = (await store.shop.eventsBySale([paymentId])).get(paymentId) ?? [];
  const [first, second] = events.filter(
    ({ type }) => type === 'payment_intent.succeeded' || type === 'charge.succeeded',
  );
  if (!first || !second) throw new Error('The sale has too few events.');
  return { first, second };
}
const rowOf = (id: string) => store.db.event.findFirstOrThrow({ where: { id } });
const secrets = () => store.db.webhookSecret.findMany({ select: { provenBy: true, fingerprint: true } });

describe('a webhook secret that was never seen', () => {
  it('is proven by the first event that it brings, once', async () => {
    const { first, second } = await ofOurAccount();
    await deliver(first.body);
    expect(await secrets()).toMatchObject([{ provenBy: null }]);
    expect(await process()).toEqual([first.id]);
    expect(await secrets()).toMatchObject([{ provenBy: first.id }]);
    expect(await rowOf(first.id)).toMatchObject({ status: 'done' });
    await deliver(second.body);
    expect(await process()).toEqual([]);
    expect(await rowOf(second.id)).toMatchObject({ status: 'done' });
  });

  it('of another account brings events that wait for a person and touch nothing', async () => {
    const paymentId = await store.shop.sell();
    const intent = await store.shop.intentOf(paymentId);
    const metadata = { credence_payment: paymentId, credence_realm: store.shop.realm.id };
    const { id, body } = eventBody({
      type: 'payment_intent.succeeded',
      object: {
        ...{ id: intent, object: 'payment_intent', status: 'succeeded', metadata, currency: 'usd' },
        ...{ amount: 2000, amount_received: 2000, latest_charge: null, customer: null },
        last_payment_error: null,
      },
    });
    await deliver(body);
    expect(await process()).toEqual([id]);
    expect(await rowOf(id)).toMatchObject({ status: 'quarantined', reason: 'secret_of_another_account' });
    expect(await store.db.payment.findUniqueOrThrow({ where: { id: paymentId } })).toMatchObject({
      state: 'open',
    });
    // So does the next one, and a good one of another secret goes its way.
    const again = eventBody();
    await deliver(again.body);
    const { first } = await ofOurAccount();
    await deliver(first.body, OLD_SECRET);
    expect(await process()).toEqual(expect.arrayContaining([again.id, first.id]));
    expect(await rowOf(again.id)).toMatchObject({ reason: 'secret_of_another_account' });
    expect(await rowOf(first.id)).toMatchObject({ status: 'done' });
    expect((await secrets()).map(({ provenBy }) => provenBy).sort()).toEqual([first.id, null]);
  });

  it('waits for Stripe when that does not answer, and nothing is decided meanwhile', async () => {
    const { first } = await ofOurAccount();
    await deliver(first.body);
    await store.setFaults({ method: 'GET', path: '/v1/events', effect: 'unavailable', times: null });
    await process();
    expect(await rowOf(first.id)).toMatchObject({ status: 'waiting', reason: 'stripe_unreachable' });
    await store.setFaults();
    await store.db.event.updateMany({
      where: { id: first.id },
      data: { dueAt: new Date(), claimedAt: null },
    });
    await process();
    expect(await rowOf(first.id)).toMatchObject({ status: 'done' });
  });
});
