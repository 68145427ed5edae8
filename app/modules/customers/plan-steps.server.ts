import { type Tx } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

import { findEndable } from './find-open.server';

export interface Ending {
  deletionId: string;
  customerId: string;
  realmId: string;
}

/** Writes a step for all that Stripe is to end in this realm; what has its step already gets no second one. */
export async function planSteps(tx: Tx, { deletionId, customerId, realmId }: Ending): Promise<void> {
  const { plans, payments, orders, setups, cards } = await findEndable(tx, { customerId, realmId });
  const step = <Kind extends string>(kind: Kind, subject: string, target: string) => ({
    ...{ id: newId('dls'), deletionId, realmId, kind, subject, target },
  });
  await tx.deletionStep.createMany({
    data: [
      ...plans.map(({ id, stripeId }) => step('end_plan' as const, id, stripeId)),
      ...[...payments, ...orders, ...setups].flatMap(({ id, stripeSession }) =>
        stripeSession === null ? [] : [step('expire_page' as const, id, stripeSession)],
      ),
      ...cards.map(({ id, stripeMethod }) => step('detach_card' as const, id, stripeMethod)),
    ],
    skipDuplicates: true,
  });
}
