import { type Db } from '~/platform/db.server';

import { authContext } from './auth-context.server';
import { type Client, clientOf } from './client.server';
import { countTry, type LimitOutcome, networkOf } from './rate-limits.server';

/** Counts one payment page, per customer and per address: stolen cards are tried on shops that open pages without end. */
export async function limitCheckout(request: Request, customerId: string): Promise<LimitOutcome> {
  const { db } = authContext();
  const customer = await countTry(db, 'checkout_customer', customerId);
  if (customer.outcome === 'limited') return customer;
  return countTry(db, 'checkout_address', networkOf(clientOf(request).ip));
}

/** Counts one store link that is opened. */
export const limitStoreLink = (db: Db, { ip }: Client): Promise<LimitOutcome> =>
  countTry(db, 'store_link_address', networkOf(ip));
