import { createCookie } from '@remix-run/node';
import { days } from '~/platform/time';

const cookie = createCookie('currency', {
  path: '/',
  sameSite: 'lax',
  httpOnly: true,
  maxAge: days(365) / 1000,
});

/** The currency a browser chose, as it wrote it: whether anything is sold in it is for the caller to see. */
export async function readChosenCurrency(request: Request): Promise<string | undefined> {
  const stored: unknown = await cookie.parse(request.headers.get('cookie'));
  return typeof stored === 'string' ? stored : undefined;
}

export function writeChosenCurrency(currency: string, isHttps: boolean): Promise<string> {
  return cookie.serialize(currency, { secure: isHttps });
}
