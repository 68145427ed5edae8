import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import Stripe from 'stripe';
import * as z from 'zod';

import { startSandbox } from '../stripe-sandbox/index';
import { median, percentile } from './statistics';
import { describeMachine } from './variant';

/**
 * What a payment costs in the Stripe sandbox: `npx tsx e2e/bench/sandbox.ts`.
 *
 * The official SDK makes a Checkout Session and confirms it, 2,000 times, one call after the other, and a receiver
 * takes every event. The sandbox runs with its own settings and its journal on disk. Beside it the same SDK talks to
 * a bare `node:http` server in the same process as the sandbox, which reads the form and answers JSON of the same size:
 * the floor. Sandbox on one side, load and receiver on the other, share the machine; only loopback is used.
 */
const PAYMENTS = 2_000;
const FLOOR_CALLS = 2_000;
const SECRET = 'whsec_bench0123456789bench0123456789';
const KEY = 'sk_test_bench0123456789';
const EVENTS_OF_A_PAYMENT = 5;

const upSchema = z.object({ sandbox: z.number(), floor: z.number() });
const memorySchema = z.object({ rss: z.number(), heapUsed: z.number() });
type Memory = z.output<typeof memorySchema>;

/** The child: the sandbox and the floor, and an answer to every message about its memory. */
async function serve(webhook: string, data: string): Promise<void> {
  const sandbox = await startSandbox({ port: 0, data, webhook, webhookSecret: SECRET });
  const answer = JSON.stringify(sandbox.sandbox.account, null, 2);
  const floor = await listen(
    createServer((request, response) => {
      request.resume().on('end', () => response.setHeader('Content-Type', 'application/json').end(answer));
    }),
  );
  process.send?.({ sandbox: Number(new URL(sandbox.url).port), floor });
  process.on('message', () => {
    globalThis.gc?.();
    process.send?.(process.memoryUsage());
  });
  process.on('disconnect', () => process.exit());
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A TCP port was expected.');
  return address.port;
}

async function ask<T extends z.ZodType>(child: ChildProcess, schema: T): Promise<z.output<T>> {
  const answered = once(child, 'message');
  child.send('memory');
  return schema.parse((await answered)[0]);
}

const clientOn = (port: number): Stripe =>
  new Stripe(KEY, { host: '127.0.0.1', port, protocol: 'http', telemetry: false, maxNetworkRetries: 0 });

const SESSION: Stripe.Checkout.SessionCreateParams = {
  mode: 'payment',
  success_url: 'http://shop.test/ok?session={CHECKOUT_SESSION_ID}',
  metadata: { payment: 'pay_1' },
  payment_intent_data: { metadata: { payment: 'pay_1' } },
  line_items: [
    { quantity: 1, price_data: { currency: 'usd', unit_amount: 1500, product_data: { name: 'Pack' } } },
  ],
};

async function timed(times: number[], call: () => Promise<unknown>): Promise<void> {
  const startedAt = performance.now();
  await call();
  times.push(performance.now() - startedAt);
}

interface Measured {
  created: number[];
  confirmed: number[];
}

async function pay(stripe: Stripe, payments: number): Promise<Measured> {
  const measured: Measured = { created: [], confirmed: [] };
  for (let n = 0; n < payments; n += 1) {
    let id = '';
    await timed(measured.created, async () => {
      id = (await stripe.checkout.sessions.create(SESSION)).id;
    });
    await timed(measured.confirmed, () =>
      stripe.rawRequest('POST', `/v1/payment_pages/${id}/confirm`, {
        payment_method: 'pm_card_visa',
        expected_amount: 1500,
      }),
    );
  }
  return measured;
}

const line = (values: number[]): string =>
  `median ${median(values).toFixed(2)} ms, p95 ${percentile(values, 0.95).toFixed(2)} ms`;
const mebibytes = ({ rss, heapUsed }: Memory): string =>
  `${(rss / 2 ** 20).toFixed(0)} MiB resident, ${(heapUsed / 2 ** 20).toFixed(0)} MiB of it live objects`;

async function measure(): Promise<void> {
  let received = 0;
  const receiver = createServer((request, response) => {
    request.resume().on('end', () => {
      received += 1;
      response.end();
    });
  });
  const webhook = `http://127.0.0.1:${await listen(receiver)}/`;
  const data = await mkdtemp(path.join(os.tmpdir(), 'sandbox-bench-'));
  const child = fork(import.meta.filename, ['serve', webhook, data], {
    execArgv: ['--import', 'tsx', '--expose-gc'],
  });
  try {
    const ports = upSchema.parse((await once(child, 'message'))[0]);
    const [stripe, floor] = [clientOn(ports.sandbox), clientOn(ports.floor)];
    const warmUp = 50;
    await pay(stripe, warmUp);
    const floorTimes: number[] = [];
    for (let n = 0; n < FLOOR_CALLS; n += 1)
      await timed(floorTimes, () => floor.checkout.sessions.create(SESSION));
    const all = async (payments: number): Promise<void> => {
      while (received < payments * EVENTS_OF_A_PAYMENT)
        await new Promise((resolve) => setTimeout(resolve, 20));
    };
    await all(warmUp);
    const before = await ask(child, memorySchema);
    const eventsBefore = received;
    const startedAt = performance.now();
    const measured = await pay(stripe, PAYMENTS);
    const paidAt = performance.now();
    const sentMeanwhile = received - eventsBefore;
    await all(warmUp + PAYMENTS);
    const after = await ask(child, memorySchema);
    console.log(`${describeMachine()}\n${PAYMENTS.toLocaleString('en-US')} payments, one after the other:`);
    console.log(`  a session is made    ${line(measured.created)}`);
    console.log(`  it is paid           ${line(measured.confirmed)}`);
    console.log(`  floor, a bare server ${line(floorTimes)}`);
    const seconds = (paidAt - startedAt) / 1000;
    console.log(
      `  ${(PAYMENTS / seconds).toFixed(0)} payments and ${(sentMeanwhile / seconds).toFixed(0)} deliveries a second meanwhile, ${received - eventsBefore} deliveries in all`,
    );
    console.log(`  memory before: ${mebibytes(before)}\n  memory after:  ${mebibytes(after)}`);
    console.log(
      `  ${((after.heapUsed - before.heapUsed) / PAYMENTS / 1024).toFixed(1)} KiB a payment, with its objects, events and deliveries`,
    );
  } finally {
    child.disconnect();
    receiver.close();
    receiver.closeAllConnections();
    await rm(data, { recursive: true, force: true });
  }
}

const [, , role, webhook = '', data = ''] = process.argv;
if (role === 'serve') await serve(webhook, data);
else await measure();
