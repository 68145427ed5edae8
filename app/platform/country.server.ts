/** What proxies and hosts in front of the web process say of where a visitor is, as ISO 3166 codes. */
const COUNTRY_HEADERS = [
  'cf-ipcountry',
  'x-vercel-ip-country',
  'cloudfront-viewer-country',
  'x-country-code',
] as const;

const COUNTRY = /^[A-Z]{2}$/;

/**
 * The country that a visitor seems to be in, such as `DE`: what a proxy says, else the region of the language that the
 * browser likes best. A guess that anyone can forge: good for a default, never for a decision.
 */
export function guessCountry(headers: Headers): string | undefined {
  for (const name of COUNTRY_HEADERS) {
    const said = headers.get(name)?.toUpperCase();
    // XX and T1 are Cloudflare's words for unknown and for Tor.
    if (said !== undefined && COUNTRY.test(said) && said !== 'XX') return said;
  }
  for (const range of headers.get('accept-language')?.split(',') ?? []) {
    const region = regionOf(range.split(';')[0]?.trim() ?? '');
    if (region !== undefined) return region;
  }
  return undefined;
}

function regionOf(tag: string): string | undefined {
  try {
    const { region } = new Intl.Locale(tag);
    return region !== undefined && COUNTRY.test(region) ? region : undefined;
  } catch {
    // Not a language tag: `*`, or nonsense.
    return undefined;
  }
}
