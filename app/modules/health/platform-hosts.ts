import { parseUrl } from '~/platform/parse-url';

interface PlatformHints {
  VERCEL_URL?: string | undefined;
  VERCEL_PROJECT_PRODUCTION_URL?: string | undefined;
  RENDER_EXTERNAL_URL?: string | undefined;
}

/** The host of an address that may come without its scheme. */
export function hostOf(address: string): string | undefined {
  const url = address.includes('://') ? address : `https://${address}`;
  return parseUrl(url)?.host;
}

/** The hosts under which the platform says that it serves this. */
export const platformHosts = (env: PlatformHints): string[] =>
  [env.VERCEL_URL, env.VERCEL_PROJECT_PRODUCTION_URL, env.RENDER_EXTERNAL_URL].flatMap((address) => {
    const host = address === undefined ? undefined : hostOf(address);
    return host === undefined ? [] : [host];
  });
