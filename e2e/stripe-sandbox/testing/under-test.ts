import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import { startSandbox, type StartedSandbox, type StartOptions } from '../index';
import type { PayInput } from '../sandbox';

const PATIENCE_MS = 30_000;

export const SECRET = 'whsec_0123456789abcdef0123456789abcdef';

/** One POST that reached the receiver. */
interface Received {
  body: string;
  signature: string;
  headers: NodeJS.Dict<string | string[]>;
  atMs: number;
}

export interface Receiver {
  url: string;
  received: Received[];
  /** Verified with the SDK, as an application does it. */
  events(): Stripe.Event[];
  types(): string[];
  /** What to answer next; 200 by default. */
  answer: (request: Received, turn: number) => number;
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const signature = String(request.headers['stripe-signature']);
      const body = Buffer.concat(chunks).toString('utf8');
      const one = { body, signature, headers: request.headers, atMs: Date.now() };
      received.push(one);
      response.writeHead(receiver.answer(one, received.length), { Location: '/elsewhere' }).end('thanks');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = portOf(server.address());
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    events: () =>
      received.map(({ body, signature }) =>
        clientFor('http://127.0.0.1:1').webhooks.constructEvent(body, signature, SECRET),
      ),
    types: () => receiver.events().map((event) => event.type),
    answer: () => 200,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}

function portOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('The receiver listens on a TCP port.');
  return address;
}

/** The official SDK, pointed at a sandbox. */
export function clientFor(
  url: string,
  { key = 'sk_test_1234567890abcdef', ...config }: { key?: string; maxNetworkRetries?: number } = {},
): Stripe {
  const { hostname, port } = new URL(url);
  return new Stripe(key, {
    host: hostname,
    port: Number(port),
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
    ...config,
  });
}

export interface UnderTest extends StartedSandbox {
  stripe: Stripe;
}

/** A sandbox on a free port with short delays. */
export async function startUnderTest(options: Partial<StartOptions> = {}): Promise<UnderTest> {
  const settings = {
    eventSpacingMs: 5,
    settleDelayMs: 20,
    retryScheduleMs: [20, 20, 20],
    ...options.settings,
  };
  const started = await startSandbox({ port: 0, ...options, settings });
  return { ...started, stripe: clientFor(started.url) };
}

export const PAYER: PayInput = {
  email: 'jenny@example.com',
  cardNumber: '4242 4242 4242 4242',
  expMonth: '12',
  expYear: '40',
  cvc: '123',
  name: 'Jenny Rosen',
  country: 'US',
  postalCode: '94103',
};

export const PACK: Stripe.Checkout.SessionCreateParams = {
  mode: 'payment',
  success_url: 'http://shop.test/ok?session={CHECKOUT_SESSION_ID}',
  cancel_url: 'http://shop.test/back',
  metadata: { order: '7' },
  payment_intent_data: { metadata: { payment: 'pay_7' } },
  line_items: [
    {
      quantity: 2,
      price_data: { currency: 'usd', unit_amount: 1500, product_data: { name: 'Pack of 100' } },
    },
  ],
};

/** Waits for a condition, not for a time. */
export async function until<T>(
  look: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (Date.now() > giveUpAt) throw new Error('The awaited condition did not come.');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The error of a call that must fail, as the SDK gives it. */
export async function refusalOf(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error;
    throw error;
  }
  throw new Error('The call was expected to be refused.');
}

/** The types of the events, up to a hundred, that came to be while `act` ran, oldest first. */
export async function typesDuring(stripe: Stripe, act: () => Promise<unknown>): Promise<string[]> {
  const [last] = (await stripe.events.list({ limit: 1 })).data;
  await act();
  const { data } = await stripe.events.list({ limit: 100, ...(last && { ending_before: last.id }) });
  return data.map(({ type }) => type).reverse();
}
