import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isJsonObject, type Json, type JsonObject } from '../json';
import { differences, readTree, type TreesByTag } from '../testing/field-tree';
import { HURRIED, liveEverything } from '../testing/rich-world';
import { SECRET, startReceiver, startUnderTest, type Receiver, type UnderTest } from '../testing/under-test';

/** The SDK's types as trees; files of the makers of this sandbox, not needed to use it. */
const FOLDER = path.resolve(import.meta.dirname, '../../../../shared/stripe/fields');
const isHere = existsSync(FOLDER);

const LISTS = [
  'balance_transactions',
  'billing_portal/configurations',
  'charges',
  'checkout/sessions',
  'coupons',
  'customers',
  'disputes',
  'invoice_payments',
  'invoiceitems',
  'invoices',
  'payment_intents',
  'prices',
  'products',
  'promotion_codes',
  'refunds',
  'setup_intents',
  'subscriptions?status=all',
  'test_helpers/test_clocks',
  'webhook_endpoints',
];
/** What is made but has no list of its own. */
const EXPANSIONS: Record<string, string[]> = {
  'checkout/sessions': ['line_items', 'total_details.breakdown', 'discounts.promotion_code'],
  charges: ['refunds'],
  customers: ['subscriptions', 'invoice_settings.default_payment_method'],
  invoices: ['discounts', 'payments', 'lines.data.discounts'],
  subscriptions: ['discounts', 'latest_invoice'],
};

let test: UnderTest;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
  test = await startUnderTest({ webhook: receiver.url, webhookSecret: SECRET, settings: HURRIED });
  if (isHere) await liveEverything(test);
});
afterAll(async () => {
  await test.stop();
  await receiver.close();
});

function readTrees(): TreesByTag {
  const texts = readdirSync(FOLDER).map((name) => readFileSync(path.join(FOLDER, name), 'utf8'));
  return new Map(texts.map(readTree).map(({ tag, tree }) => [tag, tree]));
}

async function read(address: string): Promise<JsonObject> {
  const response = await fetch(`${test.url}/v1/${address}`, {
    headers: { Authorization: 'Bearer sk_test_1234567890abcdef', 'Stripe-Version': '2026-10-28.endive' },
  });
  const body: Json = await response.json();
  if (!isJsonObject(body) || response.status !== 200) throw new Error(JSON.stringify(body));
  return body;
}

async function rowsOf(list: string): Promise<Json[]> {
  const rows: Json[] = [];
  const expand = (EXPANSIONS[list.replace(/\?.*$/, '')] ?? []).map((name) => `&expand[]=data.${name}`);
  for (let cursor = ''; ;) {
    const join = list.includes('?') ? '&' : '?';
    const page = await read(`${list}${join}limit=100${expand.join('')}${cursor}`);
    if (!Array.isArray(page['data'])) throw new Error(`${list} is no list.`);
    rows.push(...page['data']);
    const last = rows[rows.length - 1];
    if (page['has_more'] !== true || !isJsonObject(last)) return rows;
    cursor = `&starting_after=${String(last['id'])}`;
  }
}

/** Each difference once, however many objects show it. */
function judge(objects: Json[], trees: TreesByTag): string[] {
  const found = objects.flatMap((object) => {
    if (!isJsonObject(object)) return ['no object'];
    const tag = String(object['object']);
    const tree = trees.get(tag);
    return tree ? differences(object, tree, trees, tag) : [];
  });
  return [...new Set(found)].sort();
}

describe.skipIf(!isHere)('every field, as the SDK’s types have it (the trees are there)', () => {
  const trees = isHere ? readTrees() : new Map();

  it.each(LISTS)('of %s', async (list) => {
    const rows = await rowsOf(list);
    expect(rows.length).toBeGreaterThan(0);
    expect(judge(rows, trees)).toEqual([]);
  });

  it('of the account and its balance', async () => {
    expect(judge([await read('account'), await read('balance')], trees)).toEqual([]);
  });

  it('of payment methods', async () => {
    const intents = await rowsOf('payment_intents');
    const ids = intents.flatMap((intent) => (isJsonObject(intent) ? (intent['payment_method'] ?? []) : []));
    const methods = await Promise.all(ids.map((id) => read(`payment_methods/${String(id)}`)));
    expect(new Set(methods.map(({ type }) => type))).toEqual(
      new Set(['card', 'sepa_debit', 'us_bank_account']),
    );
    expect(judge(methods, trees)).toEqual([]);
  });

  it('of what events carry', () => {
    const objects = receiver.received.map(({ body }): Json => JSON.parse(body).data.object);
    expect(objects.length).toBeGreaterThan(100);
    expect(judge(objects, trees)).toEqual([]);
  });
});
