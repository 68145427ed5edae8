import { randomUUID } from 'node:crypto';

import { findPackForSale, putCatalogItem } from '../../../app/modules/catalog/index.server';
import { startCheckout, syncCatalog } from '../../../app/modules/payments/index.server';
import { HERE } from '../../../app/modules/outbox/testing/product';
import { type HeldRealm, readerWith } from '../../../app/modules/stripe/index.server';
import { findFormerRealm, findRealm } from '../../../app/modules/stripe/realm.server';
import { type RealmEndpoint, receive } from '../../../app/modules/webhooks/receive.server';
import { type Db, inTransaction, poolOf } from '../../../app/platform/db.server';
import { newId } from '../../../app/platform/ids.server';
import { hours } from '../../../app/platform/time';
import { startWorker } from '../../../app/worker/start-worker.server';
import { DEMO_PACKS, DEMO_PLANS } from '../../../prisma/demo';
import { serve } from '../../support/serve';
import { startSandbox } from '../../stripe-sandbox/index';
import { type PayInput, type Sandbox } from '../../stripe-sandbox/sandbox';
import { until } from '../../stripe-sandbox/testing/under-test';
import { asStarted, CARD } from './sandbox-shop';

/** A card that the live mode takes. */
export const LIVE_CARD: PayInput = { ...CARD, cardNumber: '4539578763621486' };
export const DEBIT: PayInput = { ...LIVE_CARD, method: 'sepa_debit', iban: 'AT611904300234573201' };

/** One account in one mode as an operator holds it: its key and the secret of its endpoint. */
export interface Place {
  secretKey: string;
  secret: string;
  at: Sandbox;
}

const APP = 'http://127.0.0.1:3999';

/**
 * Two accounts of Stripe at one address and an installation that holds keys of some of them: its endpoint and its worker
 * are the app's own, and what it holds is changed as an operator changes settings, by starting it anew.
 */
export async function openAccounts(db: Db) {
  let endpoints: RealmEndpoint[] = [];
  let isDeaf = false;
  const answers: { secret: string; status: number }[] = [];
  const app = await serve(async ({ url, headers, body }) => {
    const request = new Request(url, { method: 'POST', headers, body: new Uint8Array(body) });
    if (isDeaf) return { status: 500 };
    const said = await receive({ db, endpoints, now: new Date() }, request);
    const status = said.outcome === 'received' ? 200 : said.outcome === 'refused' ? said.status : 500;
    answers.push({ secret: url.searchParams.get('of') ?? '', status });
    return { status };
  });
  const hook = (of: string) => ({
    webhook: `${app.url}/webhooks/stripe?of=${of}`,
    webhookSecret: `whsec_${of}_0123456789`,
  });
  const sandbox = await startSandbox({
    port: 0,
    account: 'acct_1AlphaBooks00',
    ...hook('alpha_test'),
    live: hook('alpha_live'),
    accounts: [{ account: 'acct_1BravoBooks00', ...hook('bravo_test'), live: hook('bravo_live') }],
    settings: {
      ...{ eventSpacingMs: 0, settleDelayMs: 0, debitSettleMs: hours(5), retryScheduleMs: [100, 100, 100] },
      ...{ refundReferenceMs: 0, refundDelayMs: hours(1) },
    },
  });
  const [alpha, bravo] = sandbox.accounts;
  if (!alpha?.live || !bravo?.live) throw new Error('The sandbox plays two accounts in both modes.');
  const place = (secretKey: string, of: string, at: Sandbox): Place => ({
    ...{ secretKey, at, secret: hook(of).webhookSecret },
  });
  // A process keeps which realm a key belongs to, and one worker runs many files.
  const own = randomUUID().replaceAll('-', '');
  const places = {
    alphaTest: place(`sk_test_51AlphaBooks00${own}0key`, 'alpha_test', alpha.sandbox),
    alphaLive: place(`sk_live_51AlphaBooks00${own}0key`, 'alpha_live', alpha.live),
    bravoLive: place(`sk_live_51BravoBooks00${own}0key`, 'bravo_live', bravo.live),
  };
  await inTransaction(db, 'packs', async (tx) => {
    for (const item of [...DEMO_PACKS, ...DEMO_PLANS]) await putCatalogItem(tx, item);
  });

  const realmAt = async ({ secretKey }: Place, sells: boolean): Promise<HeldRealm> => {
    const settings = { secretKey, apiBase: sandbox.url };
    const found = await (sells ? findRealm(db, settings) : findFormerRealm(db, settings));
    if (found.outcome !== 'known') throw new Error(found.reason);
    return { realm: found.realm, settings };
  };
  let running: { stop: () => Promise<void> } | undefined;
  const stopWorker = async () => {
    await running?.stop();
    running = undefined;
  };
  /** Starts the installation anew with these keys. */
  const holdKeys = async (selling: Place, ...former: Place[]) => {
    await stopWorker();
    const here = await realmAt(selling, true);
    const held = [here];
    for (const each of former) held.push(await realmAt(each, false));
    endpoints = [selling, ...former].map(({ secret }, n) => ({ realm: held[n]?.realm, secrets: [secret] }));
    await syncCatalog(db, here.settings, here.realm.id);
    running = await startWorker({
      ...{ db, selling: here, heldRealms: () => Promise.resolve(held), appUrl: APP, concurrency: 4 },
      readerOf: (id) => {
        const key = held.find(({ realm }) => realm.id === id);
        return Promise.resolve(key && readerWith(key));
      },
      outbox: HERE,
    });
    return { here, held };
  };

  const newCustomer = async () => {
    const id = newId('cst');
    await db.customer.create({ data: { id, email: `${id}@example.test` } });
    return { id, email: `${id}@example.test`, name: 'Nora Newcomer' };
  };
  type Customer = Awaited<ReturnType<typeof newCustomer>>;

  /** The page where a customer pays, in the realm that sells. */
  const checkout = async ({ realm, settings }: HeldRealm, customer: Customer, currency = 'usd') => {
    const pack = await findPackForSale(db, { realmId: realm.id, code: 'team', currency });
    if (!pack) throw new Error(`The team pack is not for sale in ${currency}.`);
    const asked = { realm, customer, pack, quantity: 1, appUrl: APP };
    const { paymentId } = asStarted(await startCheckout(db, settings, asked));
    return paymentId;
  };
  const rowOf = (paymentId: string) => db.payment.findUniqueOrThrow({ where: { id: paymentId } });
  const pay = async ({ at }: Place, paymentId: string, card = LIVE_CARD) => {
    const { stripeSession } = await rowOf(paymentId);
    const paid = await at.checkout.pay(stripeSession ?? '', card);
    if (paid.outcome !== 'paid') throw new Error(`The sandbox says ${paid.outcome}.`);
  };
  const untilState = (paymentId: string, state: string) =>
    until(async () => {
      const row = await rowOf(paymentId);
      return row.state === state && row;
    });

  /** Does a job of the schedule now. */
  const runJob = async (name: string) => {
    await poolOf(db).query(`SELECT graphile_worker.add_job($1, '{}')`, [name]);
  };

  return {
    runJob,
    /** Deliveries are lost from now on. */
    lose: (isLost: boolean) => {
      isDeaf = isLost;
    },
    ...{ sandbox, places, answers, holdKeys, stopWorker, newCustomer, checkout, pay, rowOf, untilState },
    stop: async () => {
      await stopWorker();
      await sandbox.stop();
      app.close();
    },
  };
}
export type Accounts = Awaited<ReturnType<typeof openAccounts>>;

const ID = /\b(?:cus|cs_test|cs_live|cs|pi|ch|py|in|sub|re|du|dp|evt|price|prod|pm|bpc|si)_[A-Za-z0-9]{8,}/g;

/** What was asked of one account: each id of Stripe's that a request named, and what was refused as unknown. */
export function askedOf({ at }: Place): { ids: Set<string>; missing: string[] } {
  const ids = new Set<string>();
  const missing: string[] = [];
  for (const { id, path, error } of at.requests.list({ limit: 1000 }).rows) {
    const asked = at.requests.find(id);
    const said = `${path} ${asked?.query ?? ''} ${asked?.body ?? ''}`;
    for (const [name] of said.matchAll(ID)) ids.add(name);
    if (error?.startsWith('No such') === true) missing.push(error);
  }
  return { ids, missing };
}
