import { redirect } from '@remix-run/node';

import { db } from '~/platform/db.server';
import { env } from '~/platform/env.server';

import { readEndedHandOff } from './hand-offs.server';
import { readSessionToken } from './session-cookie.server';
import { type HandedOff } from './shared';

/** To the page that says that a hand-off is over, and leads back to the product. */
const toItsEnd = (): Response => redirect('/hand-off', 303);

/** The book that this process sells in: a hand-off of the other one opens nothing here. */
export const storeBook = (): HandedOff['book'] =>
  /^(sk|rk)_live_/.test(env().STRIPE_SECRET_KEY) ? 'live' : 'test';

/** Where the hand-off that this browser had leads back to; undefined when it had none, or has a session. */
export async function endedHandOff(request: Request): Promise<string | undefined> {
  const token = await readSessionToken(request);
  return token === undefined ? undefined : readEndedHandOff(db(), token, new Date());
}

/**
 * For a page that a browser without a session may see: whose hand-off is over has no password to log in with.
 * @throws 303 to the page that leads back to the product
 */
export async function leadBack(request: Request): Promise<void> {
  if ((await endedHandOff(request)) !== undefined) throw toItsEnd();
}
