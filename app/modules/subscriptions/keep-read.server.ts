import { findPlanOfPrice } from '~/modules/catalog/index.server';
import { decided, type DoorOutcome, type FactContext } from '~/modules/stripe/shared';
import { type Tx } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

import { type ReadSubscription } from './apply-subscription.server';
import { endSecond } from './end-second.server';
import { queueEndMail } from './queue-plan-mail.server';

/**
 * Keeps what was read of a subscription, unless a read that began later was kept already. The caller holds the lock of
 * the customer's plans.
 */
export async function keepRead(
  tx: Tx,
  customerId: string,
  read: ReadSubscription,
  context: FactContext,
): Promise<DoorOutcome> {
  const { realmId } = context;
  const row = await tx.subscription.findUnique({
    where: { realmId_stripeId: { realmId, stripeId: read.id } },
    select: { id: true, status: true, readAt: true },
  });
  if (row && row.readAt > read.readAt) return decided('stale', 'read_again_since');
  const plan = await findPlanOfPrice(tx, realmId, read.stripePrice);
  const data = { ...standing(read), versionId: plan?.versionId ?? null };
  const id = row?.id ?? newId('sbs');
  if (row) await tx.subscription.update({ where: { id }, data, select: { id: true } });
  else
    await tx.subscription.create({
      data: { id, realmId, customerId, stripeId: read.id, startedAt: read.startedAt, ...data },
      select: { id: true },
    });
  await tx.subscriptionOrder.updateMany({
    where: { realmId, stripeSubscription: read.id, subscriptionId: null },
    data: { subscriptionId: id },
  });
  if (read.status === 'canceled' && row?.status !== 'canceled')
    await queueEndMail(tx, { subscriptionId: id, mail: 'ended' });
  await endSecond(tx, customerId, context);
  return decided('applied', read.status, [id]);
}

function standing(read: ReadSubscription) {
  const { latestInvoice } = read;
  const owed = latestInvoice?.status === 'open' ? latestInvoice.plan : undefined;
  const isOwed = owed !== undefined && owed.attempts > 0;
  return {
    status: read.status,
    stripePrice: read.stripePrice,
    stripeItem: read.stripeItem,
    currency: read.currency,
    periodStart: read.periodStart,
    periodEnd: read.periodEnd,
    trialEnd: read.trialEnd ?? null,
    endsAt: read.endsAt ?? null,
    endedAt: read.endedAt ?? null,
    endReason: read.endReason ?? null,
    readAt: read.readAt,
    owedInvoice: isOwed ? (latestInvoice?.id ?? null) : null,
    owedAmount: isOwed ? owed.amountDue : null,
    owedUrl: isOwed ? (latestInvoice?.invoiceUrl ?? null) : null,
    nextTryAt: isOwed ? (owed.nextAttemptAt ?? null) : null,
  };
}
