import { type Tx } from '~/platform/db.server';

import { type Prisma } from '../../../prisma/generated/client';

const RULE = {
  id: true,
  realmId: true,
  customerId: true,
  state: true,
  consent: true,
  card: true,
  realm: { select: { mode: true } },
} as const satisfies Prisma.TopUpRuleSelect;

/** A rule under its row lock, for the rest of the transaction: all that is decided about one customer's top-ups comes one after the other. */
export type LockedRule = Prisma.TopUpRuleGetPayload<{ select: typeof RULE }>;

/** Taken after a payment's lock and before a wallet's. Undefined where the customer never agreed to anything. */
export async function lockRule(
  tx: Tx,
  key: { realmId: string; customerId: string },
): Promise<LockedRule | undefined> {
  await tx.$queryRaw`SELECT id FROM top_up_rule WHERE realm = ${key.realmId} AND customer = ${key.customerId} FOR UPDATE`;
  const rule = await tx.topUpRule.findUnique({ where: { realmId_customerId: key }, select: RULE });
  return rule ?? undefined;
}

/** A rule that a customer agreed to and that has a card. */
export type AgreedRule = LockedRule & {
  consent: NonNullable<LockedRule['consent']>;
  card: NonNullable<LockedRule['card']>;
};

export const isAgreed = (rule: LockedRule): rule is AgreedRule => rule.consent !== null && rule.card !== null;
