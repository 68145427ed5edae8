import { Prisma } from '../../../prisma/generated/client';
import { BURN_ORDER } from './shared';

/** BURN_ORDER as what follows ORDER BY, for lots that the query calls `l`. */
export const inBurnOrder = Prisma.raw(BURN_ORDER.map(({ column, from }) => `l.${column} ${from}`).join(', '));
