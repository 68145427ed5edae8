import * as z from 'zod';

import { syncCatalog } from '../../../app/modules/payments/index.server';
import { findPackForSale, putCatalogItem } from '../../../app/modules/catalog/index.server';
import {
  type CheckoutOutcome,
  type CheckoutRequest,
  startCheckout,
} from '../../../app/modules/payments/index.server';
import { type SentEvent } from '../../../app/modules/payments/testing/driven-inbox';
import { readObject, type StripeSettings } from '../../../app/modules/stripe/index.server';
import { type RealmView } from '../../../app/modules/stripe/shared';
import { type RealmReader } from '../../../app/modules/stripe/index.server';
import { type Db, inTransaction } from '../../../app/platform/db.server';
import { newId } from '../../../app/platform/ids.server';
import { hours } from '../../../app/platform/time';
import { DEMO_PACKS } from '../../../prisma/demo';
import { startSandbox } from '../../stripe-sandbox/index';
import { type PayInput } from '../../stripe-sandbox/sandbox';
import { PINNED_VERSION } from '../../stripe-sandbox/versions/versions';
import { until } from '../../stripe-sandbox/testing/under-test';

/** How often a fault must strike: the SDK asks a second time by itself, under the same key, when a connection is cut. */
export const ONE_SENDING = 2;

export const CARD: PayInput = {
  email: 'nora@example.test',
  cardNumber: '4242424242424242',
  expMonth: '12',
  expYear: '34',
  cvc: '123',
  name: 'Nora',
  country: 'US',
  postalCode: '94107',
};

const ofPayment = z
  .object({ data: z.object({ object: z.object({ metadata: z.object({ credence_payment: z.string() }) }) }) })
  .transform((event) => event.data.object.metadata.credence_payment);

/** A checkout that was not refused by a pause. @throws when it was */
export function asStarted(outcome: CheckoutOutcome) {
  if (outcome.outcome === 'selling_paused') throw new Error('Selling is paused.');
  return outcome;
}

/** The body as an endpoint of that API version is sent it. */
export const bodyIn = (event: unknown, apiVersion: string): string =>
  JSON.stringify({ ...z.looseObject({}).parse(event), api_version: apiVersion }, null, 2);

/** A shop with one realm at a sandbox of its own, over HTTP, whose events nobody delivers unless a test does. */
export async function openShop(db: Db) {
  const sandbox = await startSandbox({
    port: 0,
    // Banks answer at once, but for what is later by its nature: that is done by hand.
    settings: {
      ...{ eventSpacingMs: 0, settleDelayMs: 0, debitSettleMs: 0 },
      ...{ refundReferenceMs: 0, refundDelayMs: hours(1) },
    },
  });
  const realm: RealmView = {
    id: newId('rlm'),
    account: sandbox.sandbox.account.id,
    mode: 'test',
    name: 'Shop',
  };
  const settings: StripeSettings = { secretKey: 'sk_test_credencemoney', apiBase: sandbox.url };
  await db.realm.create({ data: { ...realm, sells: true } });
  await inTransaction(db, 'packs', async (tx) => {
    for (const pack of DEMO_PACKS) await putCatalogItem(tx, pack);
  });
  await syncCatalog(db, settings, realm.id);
  const reader: RealmReader = { realmId: realm.id, readObject: (ref) => readObject(settings, ref) };

  const newCustomer = async () => {
    const id = newId('cst');
    const email = `${id}@example.test`;
    await db.customer.create({ data: { id, email } });
    return { id, email, name: 'Nora Newcomer' };
  };
  const checkout = async (
    customer: CheckoutRequest['customer'],
    {
      at = db,
      currency = 'usd',
      automaticTax = false,
    }: { at?: Db; currency?: string; automaticTax?: boolean } = {},
  ) => {
    const pack = await findPackForSale(db, { realmId: realm.id, code: 'team', currency });
    if (!pack) throw new Error(`The team pack is not for sale in ${currency}.`);
    const started = await startCheckout(
      at,
      { ...settings, automaticTax },
      {
        realm,
        customer,
        pack,
        quantity: 1,
        appUrl: 'http://127.0.0.1:3999',
      },
    );
    return asStarted(started);
  };
  const sessionOf = async (paymentId: string): Promise<string> => {
    const { stripeSession } = await db.payment.findUniqueOrThrow({ where: { id: paymentId } });
    if (stripeSession === null) throw new Error('The payment has no session.');
    return stripeSession;
  };
  const pay = async (paymentId: string, card: PayInput = CARD) =>
    sandbox.sandbox.checkout.pay(await sessionOf(paymentId), card);

  /** One sale of a new customer, paid at Stripe; nothing of it is known here yet. */
  const sell = async (card: PayInput = CARD): Promise<string> => {
    const { paymentId } = await checkout(await newCustomer());
    const paid = await pay(paymentId, card);
    if (paid.outcome !== 'paid') throw new Error(`The sandbox says ${paid.outcome}.`);
    return paymentId;
  };

  const all = (): { id: string; type: string }[] => {
    const { events } = sandbox.sandbox;
    const rows: { id: string; type: string }[] = [];
    for (let cursor: string | null = null; ;) {
      const page = events.list({ limit: 100, ...(cursor === null ? {} : { cursor }) });
      rows.push(...page.rows);
      cursor = page.nextCursor;
      if (cursor === null) return rows.reverse();
    }
  };

  /** What Stripe has said of each sale so far, in its order. */
  const saidBySale = (sales: readonly string[], apiVersion = PINNED_VERSION): Map<string, SentEvent[]> => {
    const bySale = new Map(sales.map((sale): [string, SentEvent[]] => [sale, []]));
    for (const { id, type } of all()) {
      const event: unknown = JSON.parse(sandbox.sandbox.events.find(id)?.body ?? '');
      const sale = ofPayment.safeParse(event);
      if (sale.success) bySale.get(sale.data)?.push({ id, type, body: bodyIn(event, apiVersion) });
    }
    return bySale;
  };

  /** What Stripe says of each card purchase; its late events are waited for. */
  const eventsBySale = async (
    sales: readonly string[],
    apiVersion = PINNED_VERSION,
  ): Promise<Map<string, SentEvent[]>> => {
    const counted = (type: string) => all().filter((row) => row.type === type).length;
    await until(() => counted('invoice_payment.paid') >= counted('checkout.session.completed'));
    return saidBySale(sales, apiVersion);
  };

  /** What Stripe says of a paid sale's PaymentIntent by now and of all that hangs on it, in its order. */
  const eventsOf = async (paymentId: string): Promise<SentEvent[]> => {
    const { events } = sandbox.sandbox;
    const intent = await intentOf(paymentId);
    const { rows } = events.list({ limit: 1000 });
    return rows.reverse().flatMap(({ id, type }): SentEvent[] => {
      const body = events.find(id)?.body ?? '';
      return body.includes(intent) ? [{ id, type, body: bodyIn(JSON.parse(body), PINNED_VERSION) }] : [];
    });
  };
  const intentOf = async (paymentId: string): Promise<string> => {
    const session = sandbox.sandbox.sessions.find(await sessionOf(paymentId));
    const intent = session?.paymentIntentId ?? null;
    if (intent === null) throw new Error('Nobody paid it.');
    return intent;
  };

  return {
    ...{ sandbox, realm, settings, reader, newCustomer, checkout, sessionOf, pay, sell },
    ...{ saidBySale, eventsBySale, eventsOf, intentOf },
  };
}
export type Shop = Awaited<ReturnType<typeof openShop>>;
