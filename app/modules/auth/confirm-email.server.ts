import { inTransaction } from '~/platform/db.server';
import { log } from '~/platform/log.server';

import { type AuthContext } from './auth-context.server';
import { type Client } from './client.server';
import { consumeEmailToken, peekEmailToken, retireEmailTokens } from './email-tokens.server';
import { startSession } from './sessions.server';

/** Whose address a link confirms, for the page that asks to press the button. Mail scanners open links, so this uses nothing up. */
export async function readConfirmation(
  { db, now }: AuthContext,
  token: string,
): Promise<{ email: string } | undefined> {
  const owner = await peekEmailToken(db, token, 'verify', now);
  return owner === undefined ? undefined : { email: owner.email };
}

export interface ConfirmEmailOptions {
  token: string;
  client: Client;
  former: string | undefined;
}

export type ConfirmEmailOutcome =
  | { outcome: 'confirmed'; token: string }
  /** Unknown, used or too old. */
  | { outcome: 'link_over' };

/** Confirms the address and logs in. */
export async function confirmEmail(
  { db, now }: AuthContext,
  { token, client, former }: ConfirmEmailOptions,
): Promise<ConfirmEmailOutcome> {
  return inTransaction(db, 'confirm e-mail', async (tx) => {
    const owner = await consumeEmailToken(tx, token, 'verify', now);
    if (owner === undefined) return { outcome: 'link_over' };
    const { userId } = owner;
    await tx.user.updateMany({
      where: { id: userId, emailVerifiedAt: null },
      data: { emailVerifiedAt: now },
    });
    await retireEmailTokens(tx, userId, ['verify'], now);
    const session = await startSession(tx, { userId, client, now, former });
    log.info('e-mail confirmed', { userId });
    return { outcome: 'confirmed', token: session };
  });
}
