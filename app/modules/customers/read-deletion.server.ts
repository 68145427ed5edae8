import * as z from 'zod';

import { type Db } from '~/platform/db.server';

import { findOpen } from './find-open.server';
import { type DeletionView } from './shared';

const counts = z.record(z.string(), z.number());

/** The deletion of a customer that stands or was carried out; undefined when there is none. */
export async function readDeletion(db: Db, customerId: string): Promise<DeletionView | undefined> {
  const deletion = await db.customerDeletion.findFirst({
    where: { customerId, state: { not: 'canceled' } },
    select: {
      ...{ id: true, state: true, actor: true, reason: true },
      ...{ createdAt: true, beginsAt: true, endedAt: true, erased: true },
    },
  });
  if (deletion === null) return undefined;
  const isOpen = deletion.state === 'under_way' || deletion.state === 'waiting';
  return {
    ...deletion,
    erased: Object.entries(counts.parse(deletion.erased)).map(([what, rows]) => ({ what, rows })),
    waitsFor: isOpen ? await findOpen(db, customerId) : [],
  };
}
