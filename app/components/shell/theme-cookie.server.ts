import { createCookie } from '@remix-run/node';
import { days } from '~/platform/time';
import { isTheme, type Theme } from './theme';

const cookie = createCookie('theme', {
  path: '/',
  sameSite: 'lax',
  httpOnly: true,
  maxAge: days(365) / 1000,
});

/** The theme a browser chose; the system's without a readable choice. */
export async function readTheme(request: Request): Promise<Theme> {
  const stored: unknown = await cookie.parse(request.headers.get('cookie'));
  return isTheme(stored) ? stored : 'system';
}

export function writeTheme(theme: Theme, isHttps: boolean): Promise<string> {
  return cookie.serialize(theme, { secure: isHttps });
}
