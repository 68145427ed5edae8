import { createServer, type IncomingMessage, type Server } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import * as z from 'zod';

import { receive } from '../../app/modules/webhooks/receive.server';
import { startCli } from '../stripe-sandbox/testing/run-cli';
import { until } from '../stripe-sandbox/testing/under-test';
import { useTestStore } from './testing/store';

const store = useTestStore();

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The door of every webhook path behind a socket of its own; it believes the secret that it is told. */
async function openDoor(): Promise<{ url: string; believe: (secret: string) => void }> {
  const secrets: string[] = [];
  const server: Server = createServer((incoming, response) => {
    void (async () => {
      const request = new Request(`http://127.0.0.1${incoming.url}`, {
        method: 'POST',
        headers: z.record(z.string(), z.string()).parse(incoming.headers),
        body: Uint8Array.from(await bodyOf(incoming)),
      });
      const { db, shop } = store;
      const taken = await receive({ db, realm: shop.realm, secrets, now: new Date() }, request);
      response.writeHead(
        taken.outcome === 'received' ? 200 : taken.outcome === 'refused' ? taken.status : 500,
      );
      response.end();
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The door listens on a TCP port.');
  return {
    url: `http://127.0.0.1:${address.port}/webhooks/stripe`,
    believe: (secret) => void secrets.push(secret),
  };
}

/** `stripe listen --forward-to` at the door, as a developer runs it. */
async function listen(...flags: string[]) {
  const door = await openDoor();
  const cli = startCli(store.shop.sandbox.url);
  ends.push(cli.close);
  const listening = cli.start('listen', '--skip-update', '--forward-to', door.url, ...flags);
  ends.push(listening.end);
  door.believe(await until(() => /whsec_\w+/.exec(listening.output())?.[0]));
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
  const door = await openDoor();
  door.believe('whsec_of_another_listen_session');
  const cli = startCli(store.shop.sandbox.url);
  ends.push(cli.close);
  const listening = cli.start('listen', '--skip-update', '--forward-to', door.url);
  ends.push(listening.end);
  await until(() => /Ready!/.test(listening.output()));
  await cli.run('trigger', 'product.created');
  await until(() => listening.output().includes('[400] POST'));
});
