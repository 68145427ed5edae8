import { afterEach, expect, it } from 'vitest';

import { startCli } from '../stripe-sandbox/testing/run-cli';
import { until } from '../stripe-sandbox/testing/under-test';
import { openEndpoint } from './testing/open-endpoint';
import { useTestStore } from './testing/store';

const store = useTestStore();

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** `stripe listen --forward-to` at the door, as a developer runs it. */
async function listen(...flags: string[]) {
  const door = await openEndpoint(store.db, store.shop.realm);
  ends.push(door.close);
  const cli = startCli(store.shop.sandbox.url);
  ends.push(cli.close);
  const listening = cli.start('listen', '--skip-update', '--forward-to', door.url, ...flags);
  ends.push(listening.end);
  door.trust(await until(() => /whsec_\w+/.exec(listening.output())?.[0]));
  await until(() => /Ready!/.test(listening.output()));
  return { cli, listening };
}

const eventOf = (type: string) =>
  until(
    async () => (await store.db.event.findFirst({ where: { type }, orderBy: { created: 'desc' } })) ?? false,
  );

it('what the CLI triggers reaches the inbox by `stripe listen`, and as another product’s it is ignored', async () => {
  store.runInbox();
  const { cli, listening } = await listen();
  const triggered = await cli.run('trigger', 'checkout.session.completed');
  expect(triggered).toMatchObject({ code: 0 });
  const { id } = await eventOf('checkout.session.completed');
  const decided = await until(async () => {
    const event = await store.db.event.findFirstOrThrow({ where: { id } });
    return event.status === 'done' && event;
  });
  expect(decided).toMatchObject({ decision: 'ignored', reason: 'foreign' });
  const delivery = await store.db.delivery.findFirstOrThrow({ where: { eventId: id } });
  expect(delivery).toMatchObject({ verdict: 'first', status: 200 });
  await until(() => listening.output().includes('[200] POST'));
});

it.each([[[]], [['--latest']]])(
  'a sale is granted once by what `stripe listen %s` forwards',
  async (flags) => {
    store.runInbox();
    await listen(...flags);
    const paymentId = await store.shop.sell();
    const payment = await until(async () => {
      const row = await store.db.payment.findUniqueOrThrow({ where: { id: paymentId } });
      return row.state === 'paid' && row;
    });
    const transfers = await store.db.transfer.findMany({ where: { key: `grant:${payment.id}` } });
    expect(transfers).toHaveLength(1);
  },
);

it('an event of a secret that nobody told the app is refused, and the CLI shows it', async () => {
  const door = await openEndpoint(store.db, store.shop.realm);
  ends.push(door.close);
  door.trust('whsec_of_another_listen_session');
  const cli = startCli(store.shop.sandbox.url);
  ends.push(cli.close);
  const listening = cli.start('listen', '--skip-update', '--forward-to', door.url);
  ends.push(listening.end);
  await until(() => /Ready!/.test(listening.output()));
  await cli.run('trigger', 'product.created');
  await until(() => listening.output().includes('[400] POST'));
});
