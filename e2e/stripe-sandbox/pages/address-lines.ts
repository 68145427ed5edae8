import type Stripe from 'stripe';

const regions = new Intl.DisplayNames(['en'], { type: 'region' });

/** A country by its name; one that is no code stays as it is. */
export function countryLine(code: string | null): string[] {
  if (code === null) return [];
  return [/^[A-Z]{2}$/.test(code) ? (regions.of(code) ?? code) : code];
}

/** As on an envelope; parts that are unknown may be empty lines. */
export function addressLines(address: Stripe.Address): string[] {
  const { line1, line2, city, state, postal_code: zip, country } = address;
  const region = [state, zip].filter(Boolean).join(' ');
  const town = [city, region].filter(Boolean).join(', ');
  return [line1 ?? '', line2 ?? '', town, ...countryLine(country)];
}
