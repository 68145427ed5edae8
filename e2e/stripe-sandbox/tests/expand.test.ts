import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isJsonObject, type Json } from '../json';
import { HURRIED, liveEverything } from '../testing/rich-world';
import { startUnderTest, type UnderTest } from '../testing/under-test';

/** What the SDK's types say can be expanded; a file of the makers of this sandbox, not needed to use it. */
const LIST = path.resolve(import.meta.dirname, '../../../../shared/stripe/expandable.txt');

/** Where an object of the resource is read. Nothing of the ids exists: what is accepted ends as a 404. */
const ADDRESSES: Record<string, string> = {
  'Accounts.Account': '/v1/accounts/x',
  'BalanceTransactions.BalanceTransaction': '/v1/balance_transactions/x',
  'BillingPortal_Configurations.Configuration': '/v1/billing_portal/configurations/x',
  'Charges.Charge': '/v1/charges/x',
  'Checkout_Sessions.Session': '/v1/checkout/sessions/x',
  'Coupons.Coupon': '/v1/coupons/x',
  'Customers.Customer': '/v1/customers/x',
  'Disputes.Dispute': '/v1/disputes/x',
  'InvoiceItems.InvoiceItem': '/v1/invoiceitems/x',
  'InvoicePayments.InvoicePayment': '/v1/invoice_payments/x',
  'Invoices.Invoice': '/v1/invoices/x',
  'PaymentIntents.PaymentIntent': '/v1/payment_intents/x',
  'PaymentMethods.PaymentMethod': '/v1/payment_methods/x',
  'Prices.Price': '/v1/prices/x',
  'Products.Product': '/v1/products/x',
  'PromotionCodes.PromotionCode': '/v1/promotion_codes/x',
  'Refunds.Refund': '/v1/refunds/x',
  'SetupIntents.SetupIntent': '/v1/setup_intents/x',
  'SubscriptionItems.SubscriptionItem': '/v1/subscription_items/x',
  'Subscriptions.Subscription': '/v1/subscriptions/x',
  'TestHelpers_TestClocks.TestClock': '/v1/test_helpers/test_clocks/x',
  'WebhookEndpoints.WebhookEndpoint': '/v1/webhook_endpoints/x',
};

/** Each resource with the paths that the file names for it. */
function readPaths(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  let paths: string[] = [];
  for (const line of text.split('\n')) {
    const [, list] = /^ {2}(?:expandable|includable): (.*)$/.exec(line) ?? [];
    if (list === undefined) {
      paths = [];
      found.set(line, paths);
    } else {
      const names = list.split(', ').map((entry) => entry.replace(/→.*$/, '').replaceAll('[]', ''));
      paths.push(...names.filter((name) => name !== ''));
    }
  }
  return found;
}

let test: UnderTest;
beforeAll(async () => {
  test = await startUnderTest({ settings: HURRIED });
});
afterAll(() => test.stop());

async function answerTo(address: string, expand: string): Promise<{ status: number; message: string }> {
  const response = await fetch(`${test.url}${address}?expand[]=${expand}`, {
    headers: { Authorization: 'Bearer sk_test_1234567890abcdef', 'Stripe-Version': '2026-10-28.endive' },
  });
  const body = await response.json();
  return { status: response.status, message: body.error?.message ?? '' };
}

const MOST_LEVELS = 4;

/** What stands at a path, in every element of every list on the way. */
function at(value: Json | undefined, names: string[]): Json[] {
  if (Array.isArray(value)) return value.flatMap((element) => at(element, names));
  const [name, ...rest] = names;
  if (name === undefined) return value === undefined ? [] : [value];
  return isJsonObject(value) ? at(value[name], rest) : [];
}

async function list(address: string, expand: string | null): Promise<Json> {
  const query = `?limit=100${address.includes('subscriptions') ? '&status=all' : ''}`;
  const response = await fetch(
    `${test.url}${address}${query}${expand === null ? '' : `&expand[]=data.${expand}`}`,
    { headers: { Authorization: 'Bearer sk_test_1234567890abcdef', 'Stripe-Version': '2026-10-28.endive' } },
  );
  const body: Json = await response.json();
  return body;
}

describe.skipIf(!existsSync(LIST))(
  'every path that the SDK’s types call expandable (the list is there)',
  () => {
    const paths = existsSync(LIST) ? readPaths(readFileSync(LIST, 'utf8')) : new Map<string, string[]>();
    it.each(Object.entries(ADDRESSES))('%s', async (resource, address) => {
      expect((await answerTo(address, 'nothing')).message).toBe(
        'This property cannot be expanded (nothing).',
      );
      for (const name of paths.get(resource) ?? []) {
        const { status, message } = await answerTo(address, name);
        expect([name, status, message]).toEqual([name, 404, expect.stringMatching(/^No such /)]);
      }
    });

    it('puts the object where its id stood, wherever the sandbox has it', async () => {
      await liveEverything(test);
      let expanded = 0;
      for (const [resource, address] of Object.entries(ADDRESSES)) {
        const folder = address.slice(0, -'/x'.length);
        const plain = await list(folder, null);
        if (!isJsonObject(plain) || plain['object'] !== 'list') continue;
        for (const name of paths.get(resource) ?? []) {
          if (name.split('.').length >= MOST_LEVELS) continue;
          const ids = at(plain['data'], name.split('.')).filter((id) => typeof id === 'string');
          if (ids.length === 0) continue;
          const filled = await list(folder, name);
          const objects = at(isJsonObject(filled) ? filled['data'] : null, name.split('.'));
          const found = objects.flatMap((object) => (isJsonObject(object) ? [object['id']] : []));
          expect([resource, name, found]).toEqual([resource, name, ids]);
          expanded += 1;
        }
      }
      expect(expanded).toBeGreaterThan(30);
    });
  },
);
