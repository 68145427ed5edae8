import { type IncidentFile } from '../../../../app/modules/incidents/index.server';
import { createPayment } from '../../../../app/modules/payments/create-payment.server';
import { grant } from '../../../../app/modules/ledger/index.server';
import { type RealmView } from '../../../../app/modules/stripe/shared';
import { type Db, inTransaction, type Tx } from '../../../../app/platform/db.server';

type Before = IncidentFile['incident']['before'];
export type LotBefore = Before['customers'][number]['lots'][number];

/** Puts into an empty database what stood here before an incident, in one realm of the test book. */
export async function setBefore(db: Db, { account, incident }: IncidentFile): Promise<RealmView> {
  const realm: RealmView = { id: incident.realm, account, mode: 'test', name: 'Incident' };
  const { versions, customers, payments, orders } = incident.before;
  await inTransaction(db, 'set before', async (tx) => {
    await tx.realm.create({ data: { ...realm, sells: true } });
    for (const [position, version] of versions.entries()) await putVersion(tx, realm.id, version, position);
    for (const { id, stripeIds, lots } of customers) {
      await tx.customer.create({ data: { id, email: `${id}@redacted.invalid` } });
      for (const stripeId of stripeIds)
        await tx.stripeCustomer.create({ data: { customerId: id, realmId: realm.id, stripeId } });
      for (const [n, lot] of lots.entries())
        await giveLot(tx, { customerId: id, key: `before:${id}:${n}`, lot });
    }
    for (const one of orders)
      await tx.subscriptionOrder.create({
        data: {
          ...{
            id: one.id,
            customerId: one.customer,
            realmId: realm.id,
            versionId: one.version,
            state: 'open',
          },
          ...{ currency: one.currency, trialDays: one.trialDays, stripeSession: one.session },
        },
      });
    for (const one of payments)
      await createPayment(
        tx,
        {
          ...{
            id: one.id,
            customerId: one.customer,
            realmId: realm.id,
            kind: one.kind,
            versionId: one.version,
          },
          ...{ quantity: one.quantity, credits: one.credits, currency: one.currency },
          ...{ amountSubtotal: one.amountSubtotal, stripeSession: one.session, stripeIntent: one.intent },
          state: one.session === null && one.intent === null ? 'created' : 'open',
        },
        { reason: 'stood before', cause: 'incident' },
      );
  });
  return realm;
}

async function putVersion(tx: Tx, realmId: string, one: Before['versions'][number], position: number) {
  const { id, item, kind, code, prices, ...terms } = one;
  const { credits, expiresDays, interval, trialDays, trialCredits, rolloverPeriods } = terms;
  const n = await tx.catalogVersion.count({ where: { itemId: item } });
  if (n === 0) await tx.catalogItem.create({ data: { id: item, code, kind, position } });
  await tx.catalogVersion.create({
    data: {
      ...{ id, itemId: item, n: n + 1, name: code, description: '' },
      ...{ credits, expiresDays, interval, trialDays, trialCredits, rolloverPeriods },
    },
  });
  for (const { currency, amount, stripeId } of prices) {
    await tx.catalogPrice.create({ data: { versionId: id, currency, amount } });
    if (stripeId !== null)
      await tx.stripePrice.create({ data: { realmId, versionId: id, currency, stripeId } });
  }
}

/** Credits that came of something which the file does not tell. */
export async function giveLot(
  tx: Tx,
  { customerId, key, lot }: { customerId: string; key: string; lot: LotBefore },
): Promise<void> {
  const expiresAt = lot.expiresMs === null ? null : new Date(lot.expiresMs);
  await grant(tx, {
    ...{ book: 'test', key, actor: 'incident', customerId, amount: BigInt(lot.amount), expiresAt },
    // A pack's lot is of a payment, and a plan's too: theirs burn alike as external ones.
    ...{
      lotKind: lot.kind === 'pack' || lot.kind === 'plan' ? 'external' : lot.kind,
      priority: lot.priority,
    },
    occurredAt: new Date(),
  });
}
