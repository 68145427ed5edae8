import { type Cookie, createCookie } from '@remix-run/node';
import * as z from 'zod';

import { env } from '~/platform/env.server';
import { days, seconds } from '~/platform/time';

const tokenSchema = z.string().regex(/^[\w-]{43}$/);

/**
 * The cookie holds a token and outlives the session, whose end is in the database alone: so a session may slide
 * without a new cookie. `__Host-` is refused by browsers without https.
 */
const sessionCookie = () => tokenCookie('session');

/** Of a log-in that waits for its code. No guard reads it. */
const stepCookie = () => tokenCookie('log-in-step');

function tokenCookie(name: string): Cookie {
  const isHttps = env().APP_URL.startsWith('https:');
  return createCookie(isHttps ? `__Host-${name}` : name, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: isHttps,
  });
}

async function readToken(request: Request, cookie: Cookie): Promise<string | undefined> {
  const value: unknown = await cookie.parse(request.headers.get('cookie'));
  const token = tokenSchema.safeParse(value);
  return token.success ? token.data : undefined;
}

export const readSessionToken = (request: Request) => readToken(request, sessionCookie());
export const readStepToken = (request: Request) => readToken(request, stepCookie());

/** The Set-Cookie header that hands a session to the browser. */
export const writeSessionToken = (token: string): Promise<string> =>
  sessionCookie().serialize(token, { maxAge: days(400) / seconds(1) });

export const clearSessionToken = (): Promise<string> => sessionCookie().serialize('', { maxAge: 0 });

/** It goes with the browser: what it names is over within minutes. */
export const writeStepToken = (token: string): Promise<string> => stepCookie().serialize(token);

export const clearStepToken = (): Promise<string> => stepCookie().serialize('', { maxAge: 0 });
