import { Refusal } from './refusal';

const SHORTEST_KEY = 12;

/** Which mode a key is for, whether or not it opens anything. */
export function modeOfKey(header: string | undefined): 'live' | 'test' {
  return /^(?:sk|rk)_live_/.test(keyIn(header) ?? '') ? 'live' : 'test';
}

/**
 * Whether a key names this account, as keys of Stripe do: `sk_test_51ABC…` is of `acct_1ABC`. A key that names none is of
 * the sandbox's first account.
 */
export function isKeyOf(header: string | undefined, account: string): boolean {
  const named = /^(?:sk|rk)_(?:test|live)_5(\w+)$/.exec(keyIn(header) ?? '')?.[1];
  return named?.startsWith(account.slice('acct_'.length)) ?? false;
}

/** Any well-formed key of the mode opens its account; everything else is refused as Stripe refuses it. */
export function authenticate(header: string | undefined, livemode: boolean): string {
  const key = keyIn(header);
  if (key === undefined || key === '') {
    const message =
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/.";
    throw unauthorized(message);
  }
  if (key.startsWith('pk_')) {
    const message =
      'This API call cannot be made with a publishable API key. Please use a secret API key. You can find a list of your API keys at https://dashboard.stripe.com/account/apikeys.';
    throw unauthorized(message, 'secret_key_required');
  }
  const form = livemode ? /^(?:sk|rk)_live_\w+$/ : /^(?:sk|rk)_test_\w+$/;
  if (!form.test(key) || key.length < SHORTEST_KEY) {
    throw unauthorized(`Invalid API Key provided: ${masked(key)}`);
  }
  return key;
}

/** A restricted key does only what it was given: what it lacks is refused before anything else is read. */
export function refuseUnpermitted(
  key: string,
  lacks: readonly string[],
  request: { method: string; path: string },
  account: string,
): void {
  if (!key.startsWith('rk_')) return;
  const isLacking = lacks.some((one) => `${request.method} ${request.path}`.startsWith(one));
  if (!isLacking) return;
  const message = `The provided key '${masked(key)}' does not have the required permissions for this endpoint on account '${account}'.`;
  throw new Refusal(403, { type: 'invalid_request_error', message });
}

function keyIn(header: string | undefined): string | undefined {
  const [, scheme = '', value = ''] = /^(Bearer|Basic)\s+(.*)$/i.exec(header ?? '') ?? [];
  if (scheme.toLowerCase() === 'bearer') return value.trim();
  if (scheme.toLowerCase() === 'basic') return Buffer.from(value, 'base64').toString('utf8').split(':')[0];
  return undefined;
}

function unauthorized(message: string, code?: string): Refusal {
  const body = { type: 'invalid_request_error' as const, message, ...(code !== undefined && { code }) };
  return new Refusal(401, body, { headers: { 'WWW-Authenticate': 'Bearer realm="Stripe"' } });
}

/** `sk_test_1234567890abcdef` → `sk_test_************cdef`. */
function masked(key: string): string {
  const prefix = /^(?:[a-z]{2}_(?:test|live)_)?/.exec(key)?.[0] ?? '';
  const secret = key.slice(prefix.length);
  return prefix + '*'.repeat(Math.max(0, secret.length - 4)) + secret.slice(-4);
}
