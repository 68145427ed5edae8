import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import * as z from 'zod';

import { eventsOf, openSales, type Sale } from '../../bench/sales';
import { type Message } from '../../bench/send-for';
import { REALM } from '../../bench/variant';
import { waitFor } from '../kill-nine/wait-for';
import { type TwoOfEach } from './stage';

/** What Stripe and the network do to deliveries, each a share of them. */
export interface Chaos {
  /** Sent twice, at once. */
  doubled: number;
  /** Lost on the way; Stripe sends it again after `againAfterMs`. */
  dropped: number;
  /** Intent, charge and session of one sale in any order, each up to `reorderMs` late. */
  reordered: number;
  againAfterMs: number;
  reorderMs: number;
}

export const NO_CHAOS: Chaos = { doubled: 0, dropped: 0, reordered: 0, againAfterMs: 0, reorderMs: 0 };

/** How requests ended that got no answer: refused before anything was sent, or broken afterwards. */
export interface Ended {
  refused: number;
  broken: number;
}

const GIVES_UP_MS = 90_000;
/** The web closes a connection that rested for five seconds; on a busy machine a request may be on its way just then. */
const RESTS_MS = 2_000;
const holdAnswer = z.object({ id: z.string() });

/**
 * Stripe's deliveries and a product's spends, to two web processes in turn. Whoever gets no answer asks the other one,
 * with the same event or under the same key, as Stripe, a proxy and the product do.
 */
export class Load {
  opened = 0;
  /** Answers of a process that could not do what it was asked: 500 and above. */
  failed = 0;
  /** Customers of sales of whose money every event is acknowledged. */
  readonly sold = new Set<string>();
  /** Credits that the product was told are spent, by customer. */
  readonly spent = new Map<string, number>();
  /** When the first event that settles a sale was sent on its way and not dropped, by customer. */
  readonly settlingSince = new Map<string, number>();
  readonly ended = new Map<number, Ended>();
  /** What broke requests, each by its message with the number of them. */
  readonly faults = new Map<string, number>();
  requests = 0;
  private turn = 0;
  private readonly agents = new Map<number, http.Agent>();
  private readonly pool: pg.Pool;

  constructor(
    private readonly on: TwoOfEach,
    private readonly chaos: Chaos,
  ) {
    this.pool = new pg.Pool({ connectionString: on.databaseUrl, max: 2, allowExitOnIdle: true });
    // One that rests may fall with its Postgres.
    this.pool.on('error', () => undefined);
    for (const port of on.ports) {
      this.agents.set(port, new http.Agent({ keepAlive: true, maxSockets: 64, timeout: RESTS_MS }));
      this.ended.set(port, { refused: 0, broken: 0 });
    }
  }

  /** Opens payments whose money then comes by `pay`. */
  async open(count: number): Promise<Sale[]> {
    const first = this.opened;
    this.opened += count;
    return openSales(this.on.client, first, count);
  }

  /** All that Stripe sends about one sale, until every event is acknowledged. */
  async pay(sale: Sale): Promise<void> {
    const { atOnce, sessionEventId, later } = eventsOf(sale);
    const isReordered = Math.random() < this.chaos.reordered;
    await Promise.all(
      (isReordered ? shuffled(atOnce) : atOnce).map(async (event) => {
        if (isReordered) await pause(Math.random() * this.chaos.reorderMs);
        if (Math.random() < this.chaos.dropped) await pause(this.chaos.againAfterMs);
        // Intent and session settle; the charge between them does not.
        if (event !== atOnce[1] && !this.settlingSince.has(sale.customerId))
          this.settlingSince.set(sale.customerId, performance.now());
        await this.deliver(event);
      }),
    );
    // The invoice of a session that is unknown yet is looked up at Stripe, where these sales are not.
    await this.decided(sessionEventId);
    await this.deliver(later);
    this.sold.add(sale.customerId);
  }

  /** Spends 3 credits, holds 5 and captures 2 of them. */
  async use({ customerId }: Sale): Promise<void> {
    await this.ask('/api/v1/spends', { customer: customerId, amount: 3 });
    this.note(customerId, 3);
    const held = await this.ask('/api/v1/holds', { customer: customerId, amount: 5 });
    const { id } = holdAnswer.parse(JSON.parse(held));
    await this.ask(`/api/v1/holds/${id}/capture`, { amount: 2 });
    this.note(customerId, 2);
  }

  async stop(): Promise<void> {
    for (const agent of this.agents.values()) agent.destroy();
    await this.pool.end();
  }

  private async decided(eventId: string): Promise<void> {
    const ask = async () => {
      const { rows } = await this.pool.query(
        `SELECT 1 FROM event WHERE realm = $1 AND id = $2 AND status = 'done'`,
        [REALM, eventId],
      );
      return rows.length > 0 ? true : undefined;
    };
    await waitFor(ask, { withinMs: GIVES_UP_MS, what: () => `${eventId} to be decided` });
  }

  private async deliver(event: Message): Promise<void> {
    const send = () => this.send('/webhooks/stripe', event, [200]);
    await Promise.all(Math.random() < this.chaos.doubled ? [send(), send()] : [send()]);
  }

  private ask(path: string, body: object): Promise<string> {
    const headers = { authorization: `Bearer ${this.on.apiKey}`, 'idempotency-key': randomUUID() };
    // A replayed act is answered 200, the act itself 201.
    return this.send(path, { body: Buffer.from(JSON.stringify(body)), headers }, [200, 201]);
  }

  private note(customerId: string, credits: number): void {
    this.spent.set(customerId, (this.spent.get(customerId) ?? 0) + credits);
  }

  /** Sends it until it is answered as wanted: by one web process, or by the other. */
  private async send(path: string, message: Message, wanted: readonly number[]): Promise<string> {
    const deadline = Date.now() + GIVES_UP_MS;
    for (;;) {
      const port = this.on.ports[this.turn++ % this.on.ports.length] ?? 0;
      const answer = await this.sendOnce(port, path, message);
      if (answer !== undefined && wanted.includes(answer.status)) return answer.body;
      if (answer !== undefined && answer.status < 500)
        throw new Error(`${path} was answered ${answer.status}: ${answer.body}`);
      if (answer !== undefined) this.failed += 1;
      if (Date.now() > deadline) throw new Error(`${path} was not answered as wanted.`);
      await pause(20);
    }
  }

  private async sendOnce(port: number, path: string, message: Message) {
    this.requests += 1;
    try {
      return await request(this.agents.get(port), port, path, message);
    } catch (error) {
      const ended = this.ended.get(port);
      if (ended === undefined) throw error;
      if (isRefused(error)) ended.refused += 1;
      else {
        ended.broken += 1;
        this.faults.set(String(error), (this.faults.get(String(error)) ?? 0) + 1);
      }
      return undefined;
    }
  }
}

const isRefused = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';

function request(
  agent: http.Agent | undefined,
  port: number,
  path: string,
  { body, headers }: Message,
): Promise<{ status: number; body: string }> {
  const json = { 'content-type': 'application/json', 'content-length': body?.byteLength ?? 0 };
  return new Promise((resolve, reject) => {
    const options = {
      agent,
      host: '127.0.0.1',
      port,
      path,
      method: 'POST',
      headers: { ...json, ...headers },
    };
    const sent = http.request(options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.once('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
      response.once('error', reject);
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map((value) => ({ value, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}
