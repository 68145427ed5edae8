import { type Tx } from '~/platform/db.server';

/**
 * Takes the person out of the calls that told Stripe who they are; none of them is open by then, so none is sent again.
 * @returns how many
 */
export async function eraseCalls(tx: Tx, { customerId }: { customerId: string }): Promise<number> {
  const { count } = await tx.stripeCall.updateMany({
    where: { purpose: customerId, kind: 'customer.create', state: { not: 'open' } },
    data: { body: { redacted: true }, errorMessage: null },
  });
  return count;
}
