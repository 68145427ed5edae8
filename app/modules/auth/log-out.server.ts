import { log } from '~/platform/log.server';

import { type AuthContext } from './auth-context.server';
import { endHandOff } from './hand-offs.server';
import { endSessionOfToken } from './sessions.server';

export type LogOutOutcome =
  /** The cookie goes too. */
  | { outcome: 'logged_out' }
  /** A hand-off is over. The cookie stays: it leads to the page that knows the way back. */
  | { outcome: 'left' };

/** Ends the session behind this token, if there is one. */
export async function logOut({ db, now }: AuthContext, token: string | undefined): Promise<LogOutOutcome> {
  if (token === undefined) return { outcome: 'logged_out' };
  if (await endHandOff(db, token, now)) {
    log.info('hand-off left');
    return { outcome: 'left' };
  }
  await endSessionOfToken(db, token);
  log.info('user logged out');
  return { outcome: 'logged_out' };
}
