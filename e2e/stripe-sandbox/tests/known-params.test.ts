import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { payingCustomer, openShop, type Shop } from '../testing/billing';

const RESOURCES = path.resolve(import.meta.dirname, '../../../node_modules/stripe/esm/resources');

/** What the SDK can send: parameters in brackets, as deep as its own types are declared beside each other. */
function paramsOf(file: string, root: string): string[] {
  const declared = new Map<string, Array<{ name: string; type: string }>>();
  const open: string[] = [];
  let present = '';
  for (const line of readFileSync(path.join(RESOURCES, `${file}.d.ts`), 'utf8').split('\n')) {
    const [, indent = '', kind, name = ''] =
      /^( *)(?:export )?(?:declare )?(interface|namespace) (\w+)/.exec(line) ?? [];
    if (kind !== undefined) {
      const level = indent.length / 4;
      open.splice(level, Infinity, name);
      const whole = open.join('.');
      present = whole.slice(Math.max(0, whole.indexOf(root)));
      if (kind === 'interface') declared.set(present, []);
      continue;
    }
    const [, field, type = ''] = /^ +(\w+)\??: (.+);$/.exec(line) ?? [];
    if (field !== undefined) declared.get(present)?.push({ name: field, type });
  }
  const inside = (owner: string, type: string): string | undefined => {
    const named = /(?:Array<|Emptyable<)*([A-Z][\w.]*)/.exec(type)?.[1] ?? '';
    const places = [named, `${root}.${named}`, `${owner}.${named}`];
    return places.find((place) => declared.has(place) && place !== owner);
  };
  const walk = (owner: string, prefix: string, depth: number): string[] =>
    (declared.get(owner) ?? []).flatMap(({ name, type }) => {
      if (name === 'expand') return [];
      const own = prefix === '' ? name : `${prefix}[${name}]`;
      const next = depth < 6 ? inside(owner, type) : undefined;
      return next === undefined ? [own] : walk(next, /Array</.test(type) ? `${own}[0]` : own, depth + 1);
    });
  return walk(root, '', 0);
}

const refused = z.object({ error: z.object({ message: z.string(), param: z.string().optional() }) });
type Refused = z.output<typeof refused>;

let shop: Shop;
const ids: Record<string, string> = {};

beforeAll(async () => {
  shop = await openShop();
  const { stripe } = shop;
  const { customer } = await payingCustomer(stripe);
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: shop.monthly.id }],
  });
  const item = await stripe.invoiceItems.create({ customer: customer.id, amount: 2000, currency: 'usd' });
  const draft = await stripe.invoices.create({ customer: customer.id });
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: 1_800_000_000 });
  const features = { invoice_history: { enabled: true } };
  const configuration = await stripe.billingPortal.configurations.create({ features });
  const endpoint = await stripe.webhookEndpoints.create({
    enabled_events: ['invoice.paid'],
    url: 'http://127.0.0.1:9/hook',
  });
  Object.assign(ids, {
    SUB: subscription.id,
    SI: subscription.items.data[0]?.id,
    II: item.id,
    IN: draft.id,
    CLOCK: clock.id,
    BPC: configuration.id,
    WE: endpoint.id,
  });
});
afterAll(() => shop.close());

const METHODS = [
  ['Subscriptions', 'SubscriptionCreateParams', 'POST /v1/subscriptions'],
  ['Subscriptions', 'SubscriptionUpdateParams', 'POST /v1/subscriptions/SUB'],
  ['Subscriptions', 'SubscriptionListParams', 'GET /v1/subscriptions'],
  ['Subscriptions', 'SubscriptionCancelParams', 'DELETE /v1/subscriptions/SUB'],
  ['Subscriptions', 'SubscriptionPauseParams', 'POST /v1/subscriptions/SUB/pause'],
  ['Subscriptions', 'SubscriptionResumeParams', 'POST /v1/subscriptions/SUB/resume'],
  ['SubscriptionItems', 'SubscriptionItemCreateParams', 'POST /v1/subscription_items'],
  ['SubscriptionItems', 'SubscriptionItemUpdateParams', 'POST /v1/subscription_items/SI'],
  ['SubscriptionItems', 'SubscriptionItemDeleteParams', 'DELETE /v1/subscription_items/SI'],
  ['Invoices', 'InvoiceCreateParams', 'POST /v1/invoices'],
  ['Invoices', 'InvoiceUpdateParams', 'POST /v1/invoices/IN'],
  ['Invoices', 'InvoiceListParams', 'GET /v1/invoices'],
  ['Invoices', 'InvoiceAddLinesParams', 'POST /v1/invoices/IN/add_lines'],
  ['Invoices', 'InvoiceCreatePreviewParams', 'POST /v1/invoices/create_preview'],
  ['Invoices', 'InvoiceFinalizeInvoiceParams', 'POST /v1/invoices/IN/finalize'],
  ['Invoices', 'InvoicePayParams', 'POST /v1/invoices/IN/pay'],
  ['InvoiceItems', 'InvoiceItemCreateParams', 'POST /v1/invoiceitems'],
  ['InvoiceItems', 'InvoiceItemUpdateParams', 'POST /v1/invoiceitems/II'],
  ['InvoiceItems', 'InvoiceItemListParams', 'GET /v1/invoiceitems'],
  ['InvoicePayments', 'InvoicePaymentListParams', 'GET /v1/invoice_payments'],
  ['BillingPortal/Configurations', 'ConfigurationCreateParams', 'POST /v1/billing_portal/configurations'],
  ['BillingPortal/Configurations', 'ConfigurationUpdateParams', 'POST /v1/billing_portal/configurations/BPC'],
  ['BillingPortal/Configurations', 'ConfigurationListParams', 'GET /v1/billing_portal/configurations'],
  ['BillingPortal/Sessions', 'SessionCreateParams', 'POST /v1/billing_portal/sessions'],
  ['TestHelpers/TestClocks', 'TestClockCreateParams', 'POST /v1/test_helpers/test_clocks'],
  ['TestHelpers/TestClocks', 'TestClockAdvanceParams', 'POST /v1/test_helpers/test_clocks/CLOCK/advance'],
  ['Events', 'EventListParams', 'GET /v1/events'],
  ['WebhookEndpoints', 'WebhookEndpointCreateParams', 'POST /v1/webhook_endpoints'],
  ['WebhookEndpoints', 'WebhookEndpointUpdateParams', 'POST /v1/webhook_endpoints/WE'],
] as const;

describe('a parameter that Stripe knows', () => {
  it.each(METHODS)('is known here too: %s %s', async (file, root, request) => {
    const names = paramsOf(file, root);
    expect(names.length).toBeGreaterThan(0);
    const [method = '', pattern = ''] = request.split(' ');
    const address = pattern.replace(/\b[A-Z]+\b/, (name) => ids[name] ?? name);
    const ask = async (sent: string[]): Promise<Refused> => {
      // A parameter that nobody knows keeps the request from doing anything.
      const form = [...sent, 'nobody_knows'].map((name) => `${encodeURIComponent(name)}=1`).join('&');
      const answer = await fetch(`${shop.under.url}${address}${method === 'POST' ? '' : `?${form}`}`, {
        method,
        headers: {
          Authorization: 'Bearer sk_test_1234567890abcdef',
          'Content-Type': 'application/x-www-form-urlencoded',
          'Stripe-Version': '2026-10-28.endive',
        },
        ...(method === 'POST' && { body: form }),
      });
      return refused.parse(await answer.json());
    };
    let left = names;
    let { error } = await ask(left);
    while (/does not play/.test(error.message)) {
      const before = left.length;
      left = left.filter((name) => name !== error.param && !name.startsWith(`${error.param}[`));
      expect(left.length, error.message).toBeLessThan(before);
      ({ error } = await ask(left));
    }
    expect(error.message).toBe('Received unknown parameter: nobody_knows');
  });
});
