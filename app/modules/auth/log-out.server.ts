import { log } from '~/platform/log.server';

import { type AuthContext } from './auth-context.server';
import { endSessionOfToken } from './sessions.server';

/** Ends the session behind this token, if there is one. */
export async function logOut({ db }: AuthContext, token: string | undefined): Promise<void> {
  if (token === undefined) return;
  await endSessionOfToken(db, token);
  log.info('user logged out');
}
