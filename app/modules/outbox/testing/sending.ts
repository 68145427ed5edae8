import { Webhook } from 'standardwebhooks';
import * as z from 'zod';

import { type Asked } from '../../../../e2e/support/serve';
import { type Db } from '~/platform/db.server';

import { MESSAGES, messageTypeSchema } from '../messages.server';

const envelope = z.strictObject({ type: messageTypeSchema, timestamp: z.iso.datetime(), data: z.unknown() });

/** What a product does with what it hears: verify, then read by the type's schema. @throws when either fails */
export function readHeard(asked: Asked, secret: string) {
  const body = asked.body.toString('utf8');
  const said = envelope.parse(new Webhook(secret).verify(body, Object.fromEntries(asked.headers)));
  return { ...said, data: MESSAGES[said.type].parse(said.data) };
}

/** A sending with its requests. */
export const sendingOf = (db: Db, where: { id?: string; endpointId?: string }) =>
  db.sending.findFirstOrThrow({
    where,
    orderBy: { id: 'desc' },
    include: { log: { orderBy: { n: 'asc' } } },
  });

/** Lets the wait of everything that is pending be over. */
export const passWaits = (db: Db) =>
  db.sending.updateMany({ where: { state: 'pending', claimedUntil: null }, data: { dueAt: new Date() } });
