import { type Db, inTransaction } from '~/platform/db.server';

import { cancelPending, lockEndpoint } from './disable-endpoint.server';

const PAGE = 100;

/**
 * Tidies up once a minute: what was written to an endpoint while it was being switched off is canceled, and secrets that
 * sign no more are forgotten.
 */
export async function sweepOutbox(db: Db, now: Date): Promise<void> {
  await db.endpointSecret.deleteMany({ where: { expiresAt: { lt: now } } });
  const silent = await db.endpoint.findMany({
    where: { state: { not: 'on' }, sendings: { some: { state: 'pending' } } },
    select: { id: true },
    take: PAGE,
  });
  for (const { id } of silent)
    await inTransaction(db, 'cancel what nobody hears', async (tx) => {
      await lockEndpoint(tx, id);
      const isSilent = (await tx.endpoint.count({ where: { id, state: { not: 'on' } } })) === 1;
      if (isSilent) await cancelPending(tx, id, now);
    });
}
