import * as z from 'zod';

import { type Db, type Tx } from '~/platform/db.server';

import { SETTLEMENT_RULES, type SettlementPolicy } from './shared';

const rule = z.enum(SETTLEMENT_RULES);
const row = z.object({
  current: rule,
  candidate: rule.nullable(),
  percentage: z.int(),
  former: rule.nullable(),
});

const DEFAULT: SettlementPolicy = { current: 'settled-fact', candidate: null, percentage: 0, former: null };
const VIEW = { current: true, candidate: true, percentage: true, former: true } as const;

/** Read anew for each payment that is to settle: a change holds from the next fact on, in every process. */
export async function readSettlementPolicy(tx: Db | Tx, realmId: string): Promise<SettlementPolicy> {
  const found = await tx.settlementPolicy.findUnique({ where: { realmId }, select: VIEW });
  return found === null ? DEFAULT : row.parse(found);
}
