import * as z from 'zod';

import { agree, type AgreeInput, reviewTopUp, sweepTopUps } from '../../../app/modules/credits/index.server';
import { grant, readBalance, spend } from '../../../app/modules/ledger/index.server';
import { drivenInbox, type SentEvent } from '../../../app/modules/payments/testing/driven-inbox';
import {
  isHandledEventType,
  type StripeSettings,
  sweepCalls,
} from '../../../app/modules/stripe/index.server';
import { type Db, inTransaction } from '../../../app/platform/db.server';
import { newId } from '../../../app/platform/ids.server';
import { minutes } from '../../../app/platform/time';
import { CALL_SETTLERS } from '../../../app/worker/settlers.server';
import { clientFor } from '../../stripe-sandbox/testing/under-test';
import { PINNED_VERSION } from '../../stripe-sandbox/versions/versions';
import { bodyIn, CARD, type Shop } from './sandbox-shop';

/** Attaches, and every later charge is declined. */
export const FAILS_LATER = 'pm_card_chargeCustomerFail';
/** Its bank always asks. */
export const ASKS_ALWAYS = 'pm_card_authenticationRequired';

export type Shopper = Awaited<ReturnType<Shop['newCustomer']>>;

const jobs = z.array(z.object({ task: z.string(), key: z.string() }));

/** Customers with automatic top-ups around one shop. They agree to 500 credits for $5 below 100, and $20 in a month. */
export function openTopUpDesk(
  db: Db,
  shop: Pick<Shop, 'realm' | 'settings' | 'sandbox' | 'reader' | 'newCustomer'>,
) {
  const { realm, settings, sandbox } = shop;
  const stripe = clientFor(sandbox.url, { key: settings.secretKey });
  const inbox = drivenInbox(db, realm, shop.reader);

  const fund = (customerId: string, amount: bigint) =>
    inTransaction(db, 'fund', (tx) =>
      grant(tx, {
        ...{ book: realm.mode, customerId, key: `fund:${newId('req')}`, amount, lotKind: 'promo' as const },
        ...{ expiresAt: null, actor: 'test', occurredAt: new Date() },
      }),
    );

  const agreeTo = (
    customer: Shopper,
    terms: Partial<AgreeInput['terms']> = {},
    change: Partial<AgreeInput> = {},
    over: Partial<StripeSettings> = {},
  ) =>
    agree(
      db,
      { ...settings, ...over },
      {
        ...{ realm, customer, useSavedCard: true, appUrl: 'http://127.0.0.1:3999', now: new Date() },
        terms: {
          ...{ packCode: 'starter', credits: 500n, amount: 500n, currency: 'usd' },
          ...{ threshold: 100n, monthlyCap: 2_000n, ...terms },
        },
        from: { ip: '203.0.113.7', userAgent: 'Test Browser' },
        ...change,
      },
    );

  const openSetup = (customer: Shopper) =>
    db.cardSetup.findFirstOrThrow({
      where: { customerId: customer.id, state: 'open' },
      orderBy: { createdAt: 'desc' },
    });

  /** On Stripe's page, its bank's question answered where it asks one. */
  const saveOnPage = async (customer: Shopper, cardNumber: string = CARD.cardNumber): Promise<string> => {
    const { stripeSession } = await openSetup(customer);
    const payer = { ...CARD, email: customer.email, cardNumber };
    const tried = await sandbox.sandbox.checkout.pay(stripeSession ?? '', payer);
    const paid =
      tried.outcome === 'challenge'
        ? await sandbox.sandbox.checkout.answerChallenge(stripeSession ?? '', 'complete')
        : tried;
    if (paid.outcome !== 'paid') throw new Error(`The sandbox says ${paid.outcome}.`);
    return stripeSession ?? '';
  };

  /** What Stripe has said of a customer and their charges and we handle, in Stripe's order. */
  const eventsOf = async (customer: Shopper): Promise<SentEvent[]> => {
    const { stripeId } = await db.stripeCustomer.findFirstOrThrow({ where: { customerId: customer.id } });
    const { data } = await stripe.paymentIntents.list({ customer: stripeId, limit: 100 });
    const about = [stripeId, ...data.map(({ id }) => id)];
    const { events } = sandbox.sandbox;
    const { rows } = events.list({ limit: 5000 });
    return rows.reverse().flatMap(({ id, type }): SentEvent[] => {
      const body = events.find(id)?.body ?? '';
      const isTheirs = isHandledEventType(type) && about.some((id) => body.includes(id));
      return isTheirs ? [{ id, type, body: bodyIn(JSON.parse(body), PINNED_VERSION) }] : [];
    });
  };

  /** Everything that Stripe has said of a customer until now; what is known is left. */
  const hear = async (customer: Shopper): Promise<void> => {
    await inbox.list(await eventsOf(customer));
    await inbox.drain();
    await inbox.passTime();
    await inbox.drain();
  };

  /** A customer with 500 credits whose top-up is on, with a card that was saved before. */
  const turnedOn = async (
    terms: Partial<AgreeInput['terms']> = {},
    { card = 'pm_card_visa', credits = 500n }: { card?: string; credits?: bigint } = {},
  ): Promise<Shopper> => {
    const customer = await shop.newCustomer();
    const whose = { customerId: customer.id, realmId: realm.id };
    const { id: stripeCustomer } = await stripe.customers.create({ email: customer.email });
    const { id: stripeMethod, card: saved } = await stripe.paymentMethods.attach(card, {
      customer: stripeCustomer,
    });
    if (!saved) throw new Error(`${card} is no card.`);
    await db.stripeCustomer.create({ data: { ...whose, stripeId: stripeCustomer } });
    const { brand, last4, exp_month: expMonth } = saved;
    await db.savedCard.create({
      data: {
        ...{ ...whose, id: newId('crd'), stripeMethod, stripeCustomer, brand, last4, expMonth },
        expYear: 2034,
      },
    });
    if (credits > 0n) await fund(customer.id, credits);
    const agreed = await agreeTo(customer, terms);
    if (agreed.outcome !== 'on') throw new Error(agreed.outcome);
    return customer;
  };

  const review = ({ id: customerId }: Shopper, { now = new Date(), at = db } = {}) =>
    reviewTopUp(at, settings, { realm, customerId, now });
  const sweep = (now = new Date()) => sweepTopUps(db, settings, { realm, now });
  const sweepAnswers = (wait = minutes(2)) =>
    sweepCalls(db, settings, {
      ...{ realmId: realm.id, settlers: CALL_SETTLERS, now: new Date(Date.now() + wait) },
    });

  const spendSome = ({ id: customerId }: Shopper, amount: bigint) =>
    spend(db, { book: realm.mode, customerId, amount, key: newId('req'), actor: 'test' });
  const available = async ({ id: customerId }: Shopper) =>
    (await readBalance(db, { book: realm.mode, customerId })).available;

  const ruleOf = ({ id: customerId }: Shopper) =>
    db.topUpRule.findUniqueOrThrow({
      where: { realmId_customerId: { realmId: realm.id, customerId } },
      include: { consent: true, card: true, changes: { orderBy: { n: 'asc' } } },
    });
  const boughtBy = ({ id: customerId }: Shopper) =>
    db.payment.findMany({ where: { customerId, kind: 'topup' }, orderBy: { createdAt: 'asc' } });
  /** What Stripe has of them. */
  const chargesOf = async ({ id: customerId }: Shopper) => {
    const { stripeId } = await db.stripeCustomer.findFirstOrThrow({ where: { customerId } });
    return (await stripe.paymentIntents.list({ customer: stripeId, limit: 100 })).data;
  };
  /** Looks that are asked for and not done; none of these tests runs a worker. */
  const asked = async ({ id: customerId }: Shopper): Promise<number> => {
    const rows = await db.$queryRaw`
      SELECT task_identifier AS task, key FROM graphile_worker.jobs
      WHERE task_identifier = 'credits.review' AND key = ${`credits.review:${customerId}`}`;
    return jobs.parse(rows).length;
  };
  const forgetJobs = () =>
    db.$executeRaw`SELECT graphile_worker.remove_job(key) FROM graphile_worker.jobs WHERE key IS NOT NULL`;

  return {
    ...{ stripe, inbox, fund, agreeTo, openSetup, saveOnPage, eventsOf, hear, turnedOn, review, sweep },
    ...{ sweepAnswers, spendSome, available, ruleOf, boughtBy, chargesOf, asked, forgetJobs },
  };
}
export type TopUpDesk = ReturnType<typeof openTopUpDesk>;
