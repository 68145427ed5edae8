import { type PlanShop } from '../plan-shop';
import { type RefundDesk } from '../refund-desk';
import { CARD, type Shop } from '../sandbox-shop';
import { until } from '../../../stripe-sandbox/testing/under-test';
import { deliveryOf } from '../../../../app/modules/stripe/testing/deliveries';
import { checkPayment } from '../../../../app/modules/payments/index.server';
import { type Db } from '../../../../app/platform/db.server';
import { toUnix } from '../../../../app/platform/time';

/** What a story has: a shop whose deliveries it carries itself. */
export interface Scene {
  db: Db;
  shop: Shop;
  desk: RefundDesk;
}

/** Lives something through; answers what an export of it is asked for: a payment or a customer. */
type Story = (scene: Scene) => Promise<string>;

const FAILING_REFUND = '4000000000005126';

/** Each event that Stripe has said of a sale by now comes so often, and is processed as it comes. */
async function deliver({ shop, desk }: Scene, paymentId: string, times: number): Promise<void> {
  for (const event of await shop.eventsOf(paymentId)) {
    for (let n = 0; n < times; n += 1) await desk.inbox.receiveOne(event);
    await desk.inbox.drain(1);
  }
}

const isOver = async (scene: Scene, said: (types: string[]) => boolean, paymentId: string): Promise<void> => {
  await until(async () => said((await scene.shop.eventsOf(paymentId)).map(({ type }) => type)));
};
const paidFully = (scene: Scene, paymentId: string) =>
  isOver(
    scene,
    (types) => types.includes('charge.updated') && types.includes('checkout.session.completed'),
    paymentId,
  );

/** Stripe tells time by the second: what is to be known as later happens in a later one. */
const anotherSecond = async (): Promise<void> => {
  const now = toUnix(new Date());
  await until(() => toUnix(new Date()) > now);
};

/** Recorded as files in `e2e/money/incidents`. */
export const RECORDED: Record<string, Story> = {
  'paid-while-webhooks-were-lost': async (scene) => {
    const { db, shop, desk } = scene;
    const paymentId = await shop.sell();
    await paidFully(scene, paymentId);
    // The customer comes back, and we ask; what Stripe sent is lost, and somebody forges a delivery.
    await checkPayment(db, shop.settings, { realm: shop.realm, paymentId, cause: `return:${paymentId}` });
    const [first] = await shop.eventsOf(paymentId);
    await desk.inbox.list((await shop.eventsOf(paymentId)).slice(0, 2));
    await desk.inbox.drain(1);
    const { customerId } = await db.payment.findUniqueOrThrow({ where: { id: paymentId } });
    await desk.spendSome(customerId, 700n);
    await desk.inbox.receiveRequest(deliveryOf(first?.body ?? '', { secret: 'whsec_forged' }));
    await deliver(scene, paymentId, 2);
    return paymentId;
  },
  'refund-failed-after-success': async (scene) => {
    const { db, shop, desk } = scene;
    const paymentId = await shop.sell({ ...CARD, cardNumber: FAILING_REFUND });
    await paidFully(scene, paymentId);
    await deliver(scene, paymentId, 1);
    const { customerId } = await db.payment.findUniqueOrThrow({ where: { id: paymentId } });
    await desk.spendSome(customerId, 1_000n);
    const asked = await desk.request(paymentId, 1_500n);
    if (asked.outcome !== 'sent') throw new Error(asked.outcome);
    await isOver(scene, (types) => types.includes('refund.created'), paymentId);
    await deliver(scene, paymentId, 1);
    const [refund] = await desk.madeAtStripe(await shop.intentOf(paymentId));
    await anotherSecond();
    shop.sandbox.sandbox.moneyBack.failRefund(refund?.id ?? '');
    await isOver(scene, (types) => types.includes('refund.failed'), paymentId);
    await deliver(scene, paymentId, 1);
    return customerId;
  },
  'dispute-won-then-refunded': async (scene) => {
    const { shop, desk } = scene;
    const paymentId = await shop.sell();
    await paidFully(scene, paymentId);
    await deliver(scene, paymentId, 1);
    const { moneyBack } = shop.sandbox.sandbox;
    const made = moneyBack.openDispute(await shop.intentOf(paymentId), 'chargeback', 'fraudulent');
    if (made.outcome !== 'opened') throw new Error(made.outcome);
    await deliver(scene, paymentId, 1);
    await anotherSecond();
    moneyBack.answerDispute(made.disputeId, 'win');
    await deliver(scene, paymentId, 2);
    const asked = await desk.request(paymentId, 800n);
    if (asked.outcome !== 'sent') throw new Error(asked.outcome);
    await isOver(scene, (types) => types.includes('refund.updated'), paymentId);
    await deliver(scene, paymentId, 1);
    return paymentId;
  },
};

/** A plan that is bought and renewed. Recorded as `plan-renewed`. */
export async function planRenewed(shop: PlanShop): Promise<string> {
  const nora = await shop.subscriber(await shop.newClock());
  const begun = await shop.subscribe(nora);
  const hear = async () => {
    for (const event of await shop.eventsOf(nora)) {
      await shop.inbox.receiveOne(event);
      await shop.inbox.drain(1);
    }
    await shop.inbox.settle();
  };
  await hear();
  await shop.renew(begun);
  await hear();
  return nora.id;
}
