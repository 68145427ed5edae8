import { createCookie } from '@remix-run/node';
import * as z from 'zod';

import { env } from '~/platform/env.server';
import { days, seconds } from '~/platform/time';

const tokenSchema = z.string().regex(/^[\w-]{43}$/);

/**
 * The cookie holds a token and outlives the session, whose end is in the database alone: so a session may slide
 * without a new cookie. `__Host-` is refused by browsers without https.
 */
function sessionCookie() {
  const isHttps = env().APP_URL.startsWith('https:');
  return createCookie(isHttps ? '__Host-session' : 'session', {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: isHttps,
  });
}

export async function readSessionToken(request: Request): Promise<string | undefined> {
  const value: unknown = await sessionCookie().parse(request.headers.get('cookie'));
  const token = tokenSchema.safeParse(value);
  return token.success ? token.data : undefined;
}

/** The Set-Cookie header that hands a session to the browser. */
export const writeSessionToken = (token: string): Promise<string> =>
  sessionCookie().serialize(token, { maxAge: days(400) / seconds(1) });

export const clearSessionToken = (): Promise<string> => sessionCookie().serialize('', { maxAge: 0 });
