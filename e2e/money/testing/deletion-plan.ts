import { findPlanForSale, putCatalogItem } from '../../../app/modules/catalog/index.server';
import { syncCatalog } from '../../../app/modules/payments/index.server';
import { startPlan } from '../../../app/modules/subscriptions/index.server';
import { inTransaction } from '../../../app/platform/db.server';
import { type DeletionDesk, type Known } from './deletion-desk';
import { CARD } from './sandbox-shop';
import { type useTestStore } from './store';

type Store = ReturnType<typeof useTestStore>;

/** A plan of 1,000 credits a month for $10. */
export async function sellPlan({ db, shop: { realm, settings } }: Store): Promise<void> {
  const terms = {
    code: 'monthly',
    kind: 'plan',
    position: 9,
    name: 'Monthly',
    description: '',
    credits: 1_000n,
  } as const;
  await inTransaction(db, 'plan', (tx) =>
    putCatalogItem(tx, { ...terms, expiresDays: null, plan: { interval: 'month' }, prices: { usd: 1_000n } }),
  );
  await syncCatalog(db, settings, realm.id);
}

/** Has it bought, paid and heard of. */
export async function subscribeTo({ db, shop }: Store, desk: DeletionDesk, person: Known): Promise<void> {
  const { realm, settings, sandbox } = shop;
  const found = await findPlanForSale(db, { realmId: realm.id, code: 'monthly', currency: 'usd' });
  if (!found) throw new Error('The plan is not for sale.');
  const request = { realm, customer: person, plan: found, appUrl: 'http://127.0.0.1:3999' };
  const started = await startPlan(db, settings, request);
  if (started.outcome !== 'redirect') throw new Error(started.outcome);
  const order = await db.subscriptionOrder.findUniqueOrThrow({ where: { id: started.orderId } });
  const { email, name } = person;
  await sandbox.sandbox.checkout.pay(order.stripeSession ?? '', { ...CARD, email, name });
  await desk.hear();
}
