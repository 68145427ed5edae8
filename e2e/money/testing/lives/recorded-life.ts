import * as z from 'zod';

import { isHandledEventType } from '../../../../app/modules/stripe/index.server';
import { until } from '../../../stripe-sandbox/testing/under-test';
import { PINNED_VERSION } from '../../../stripe-sandbox/versions/versions';
import { type PlanShop, type Subscriber } from '../plan-shop';

export interface RecordedEvent {
  id: string;
  type: string;
  /** When it was said, counted from 0. */
  moment: number;
  /** As delivered, but for when it was made. */
  text: string;
}

/** A pack that was bought. */
export interface Bought {
  paymentId: string;
  session: string;
  intent: string;
  /** Smallest units; 0 until it is paid. */
  paid: number;
}

/** What our side asked of Stripe under a row of ours, and what Stripe answered. */
export interface Asked {
  path: string;
  row: string;
  /** What it must be asked with, beside the row. */
  fields: Record<string, string>;
  answer: { status: number; text: string };
}

/** What our side did by itself in a life, once all that went before was known to it. Amounts in smallest units. */
export type Deed = { moment: number } & (
  | { does: 'refund'; intent: string; amount: bigint; asked: Asked }
  /** A customer agrees to top-ups: on a page of Stripe's, or with the card that is saved already. */
  | { does: 'agree'; terms: Terms; asked: Asked | undefined }
  | { does: 'top_up'; asked: Asked }
);

/** What a customer agrees to, but for the pack. */
export interface Terms {
  currency: 'usd' | 'jpy';
  threshold: bigint;
  monthlyCap: bigint;
}

/**
 * One customer's whole life as the sandbox lived it, so that copies of it can come here in every order: everything that
 * was said, and what a read would have shown after each of its moments.
 */
export interface RecordedLife {
  name: string;
  customer: Subscriber;
  /** Our payments and plan orders, as they stood before anything was said of them. */
  sales: string[];
  orders: string[];
  events: RecordedEvent[];
  /** By path: how the answer read from each moment on. */
  shown: Map<string, { moment: number; text: string }[]>;
  deeds: Deed[];
  /** What was done at each moment, in words. */
  moments: string[];
}

/** What the app reads of an object, by the beginning of its id. */
const READS: Record<string, (id: string) => string[]> = {
  cs: (id) => [`/v1/checkout/sessions/${id}`],
  pi: (id) => [`/v1/payment_intents/${id}`],
  ch: (id) => [`/v1/charges/${id}`, `/v1/refunds?charge=${id}`],
  py: (id) => [`/v1/charges/${id}`, `/v1/refunds?charge=${id}`],
  seti: (id) => [`/v1/setup_intents/${id}`],
  in: (id) => [`/v1/invoices/${id}`],
  sub: (id) => [`/v1/subscriptions/${id}`],
  re: (id) => [`/v1/refunds/${id}`],
  pyr: (id) => [`/v1/refunds/${id}`],
  du: (id) => [`/v1/disputes/${id}`],
};
const QUERIES: Record<string, string> = {
  '/v1/invoices/': '?expand[]=payments.data.payment.payment_intent',
  '/v1/setup_intents/': '?expand[]=payment_method',
  '/v1/subscriptions/': '?expand[]=latest_invoice',
  '/v1/refunds?': '&limit=100',
};
const READABLE = /\b(?:cs_test|pi|seti|ch|py|in|sub|re|pyr|du)_[A-Za-z0-9]{14,}/g;
const INTENT = /\bpi_[A-Za-z0-9]{14,}/g;

interface Said {
  id: string;
  type: string;
  body: string;
}

/** Writes down a life while it is lived. */
export class Recorder {
  readonly life: RecordedLife;
  readonly said: Said[] = [];
  private readonly intents = new Set<string>();
  private readonly seen = new Set<string>();

  constructor(
    readonly shop: PlanShop,
    name: string,
    customer: Subscriber,
  ) {
    const empty = { sales: [], orders: [], events: [], shown: new Map(), deeds: [], moments: [] };
    this.life = { name, customer, ...empty };
  }

  /** Lets something happen at Stripe and writes down what was said, and how all that was named stands now. */
  async happens<T>(label: string, act: () => Promise<T> | T): Promise<T> {
    const done = await act();
    const moment = this.life.moments.push(label) - 1;
    const from = this.said.length;
    await until(() => {
      this.said.push(...this.newlySaid());
      return this.isAllSaid();
    });
    const named = new Set<string>();
    for (const { id, type, body } of this.said.slice(from)) {
      for (const [object] of body.matchAll(READABLE)) named.add(object);
      if (isHandledEventType(type)) this.life.events.push({ id, type, moment, text: textOf(body) });
    }
    for (const id of named)
      for (const path of READS[id.slice(0, id.indexOf('_'))]?.(id) ?? []) await this.show(path, moment);
    return done;
  }

  /** When what was done last was done. */
  get latest(): { moment: number } {
    return { moment: this.life.moments.length - 1 };
  }

  count(type: string): number {
    return this.said.filter((one) => one.type === type).length;
  }

  private newlySaid(): Said[] {
    const { events } = this.shop.sandbox.sandbox;
    const { rows } = events.list({ limit: 300 });
    return rows.reverse().flatMap(({ id, type }): Said[] => {
      if (this.seen.has(id)) return [];
      this.seen.add(id);
      const body = events.find(id)?.body ?? '';
      const { stripeCustomer } = this.life.customer;
      if (![stripeCustomer, ...this.intents].some((ours) => body.includes(ours))) return [];
      for (const [intent] of body.matchAll(INTENT)) this.intents.add(intent);
      return [{ id, type, body }];
    });
  }

  /** Stripe says some things of a payment a little after the others. */
  private isAllSaid(): boolean {
    const settled = this.said.filter(
      ({ type, body }) =>
        type === 'checkout.session.completed' &&
        !body.includes('"payment_status": "unpaid"') &&
        !body.includes('"mode": "setup"'),
    );
    return (
      this.count('charge.updated') >= this.count('charge.succeeded') &&
      this.count('invoice.paid') >= settled.length + this.count('checkout.session.async_payment_succeeded')
    );
  }

  private async show(path: string, moment: number): Promise<void> {
    const query = Object.entries(QUERIES).find(([begins]) => path.startsWith(begins))?.[1] ?? '';
    const text = await this.readText(`${path}${query}`);
    // An invoice that is only foretold has no object yet.
    if (text === undefined) return;
    const before = this.life.shown.get(path) ?? [];
    if (before.at(-1)?.text !== text) this.life.shown.set(path, [...before, { moment, text }]);
  }

  /** Asks Stripe for something under a row of ours, as the app does. */
  async ask(path: string, { row, body, fields }: Wish): Promise<Asked> {
    const form = new URLSearchParams(formOf(body));
    const { apiBase = '' } = this.shop.settings;
    const answer = await fetch(`${apiBase}${path}`, { method: 'POST', headers: this.headers, body: form });
    const { status } = answer;
    if (status !== 200 && status !== 402) throw new Error(`${path}: ${await answer.text()}`);
    const wanted = fields.map((field): [string, string] => [field, form.get(field) ?? '']);
    return { path, row, fields: Object.fromEntries(wanted), answer: { status, text: await answer.text() } };
  }

  private get headers() {
    const { secretKey } = this.shop.settings;
    return { authorization: `Bearer ${secretKey}`, 'stripe-version': PINNED_VERSION };
  }

  private async readText(path: string): Promise<string | undefined> {
    const { apiBase = '' } = this.shop.settings;
    const answer = await fetch(`${apiBase}${path}`, { headers: this.headers });
    if (answer.status === 404) return undefined;
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return answer.text();
  }
}

/** What is asked for: the row of ours, the whole body, and which of its fields must be asked with again. */
interface Wish {
  row: string;
  body: object;
  fields: readonly string[];
}

const formOf = (value: unknown, name = ''): [string, string][] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, part]) => formOf(part, name === '' ? key : `${name}[${key}]`))
    : [[name, String(value)]];

/** Begins with when it was made, which each copy says anew. */
const textOf = (body: string): string =>
  JSON.stringify({ created: 0, ...unmade(JSON.parse(body)), api_version: PINNED_VERSION });

const unmade = z
  .looseObject({})
  .transform((event) =>
    Object.fromEntries(Object.entries(event).filter(([field]) => field !== 'created')),
  ).parse;
