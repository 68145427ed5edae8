const SHOWN = 4;

/** `sk_live_51Habc…wxyz` → `sk_live_…wxyz`; of anything shorter than 16 characters not even the end is shown. */
export function mask(secret: string): string {
  const prefix = /^(?:(?:sk|rk)_(?:test|live)_|whsec_)?/.exec(secret)?.[0] ?? '';
  const rest = secret.slice(prefix.length);
  return `${prefix}…${rest.length >= 16 ? rest.slice(-SHOWN) : ''}`;
}

/** A text without secrets: what looks like one of Stripe's, passwords in addresses, and each of those that are named. */
export function maskAll(text: string, secrets: readonly string[]): string {
  const named = [...secrets].filter((secret) => secret.length >= 8).sort((a, b) => b.length - a.length);
  return named
    .reduce((left, secret) => left.replaceAll(secret, mask(secret)), text)
    .replace(/\b(?:sk|rk)_(?:test|live)_[A-Za-z0-9]{8,}|\bwhsec_[A-Za-z0-9+/=_-]{8,}/g, mask)
    .replace(/(:\/\/[^\s:/@]*):[^\s@]+@/g, '$1:…@');
}
