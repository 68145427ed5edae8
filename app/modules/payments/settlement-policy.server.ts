import * as z from 'zod';

import { type Db, type Tx } from '~/platform/db.server';

import { SETTLEMENT_RULES, type SettlementPolicy } from './shared';

const rule = z.enum(SETTLEMENT_RULES);
/** As the database has it. */
export const settlementPolicyRow = z.object({
  current: rule,
  candidate: rule.nullable(),
  percentage: z.int(),
  former: rule.nullable(),
});

/** Of a realm without a row. */
export const DEFAULT_SETTLEMENT: SettlementPolicy = {
  current: 'settled-fact',
  candidate: null,
  percentage: 0,
  former: null,
};
const VIEW = { current: true, candidate: true, percentage: true, former: true } as const;

/** For who shows or changes it; a settlement reads it with the payment's lock (`lockPayment`). */
export async function readSettlementPolicy(tx: Db | Tx, realmId: string): Promise<SettlementPolicy> {
  const found = await tx.settlementPolicy.findUnique({ where: { realmId }, select: VIEW });
  return found === null ? DEFAULT_SETTLEMENT : settlementPolicyRow.parse(found);
}
