import * as z from 'zod';

import { type Db } from '~/platform/db.server';

import { MESSAGES, messageTypeSchema } from '../messages.server';

const rows = z.array(z.object({ type: messageTypeSchema, data: z.string() }));

/** What was told of a customer, oldest first, each read by the schema of its type. @throws when one does not fit */
export async function toldOf(db: Db, customerId: string) {
  const found = await db.$queryRaw`
    SELECT type, data::text AS data FROM message WHERE customer = ${customerId} ORDER BY id`;
  return rows.parse(found).map(({ type, data }) => ({ type, data: MESSAGES[type].parse(JSON.parse(data)) }));
}

/** The same without what every message says, and without the balance. */
export async function typesOf(db: Db, customerId: string): Promise<string[]> {
  return (await toldOf(db, customerId)).map(({ type }) => type);
}
