/** A Stripe account in test mode that browser specs buy, refund and subscribe at. */
export interface StripeAccount {
  secretKey: string;
  /** Stripe's own address, or that of a server that plays Stripe. */
  url: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

export const STRIPE_ITSELF = 'https://api.stripe.com';

/**
 * The key of STRIPE_TEST_SECRET_KEY; undefined where it is blank.
 * @throws Error for a live key, and for all else that is no secret key of the test mode
 */
export function stripeTestKey(env: Environment = process.env): string | undefined {
  const key = env.STRIPE_TEST_SECRET_KEY?.trim() ?? '';
  if (key === '') return undefined;
  if (/^[a-z]+_live_/.test(key))
    throw new Error(
      'STRIPE_TEST_SECRET_KEY holds a live key, which is refused: these specs buy, refund and subscribe. Set it to a test key, sk_test_….',
    );
  if (!/^sk_test_\w{8,}$/.test(key))
    throw new Error('STRIPE_TEST_SECRET_KEY must be a secret key of the test mode, sk_test_….');
  return key;
}

/** The account that this run of the specs is on (E2E_STRIPE_URL says where); undefined while the product's own sandbox plays Stripe. */
export function accountOfSpecs(env: Environment = process.env): StripeAccount | undefined {
  const url = env.E2E_STRIPE_URL ?? '';
  if (url === '') return undefined;
  const secretKey = stripeTestKey(env);
  if (secretKey === undefined) throw new Error('STRIPE_TEST_SECRET_KEY names the account at E2E_STRIPE_URL.');
  return { secretKey, url };
}

/** Where fixtures ask Stripe, and by which key: any well-formed one opens the sandbox's one account. */
export function stripeDoor(): { url: string; headers: { authorization: string } } {
  const { url, secretKey } = accountOfSpecs() ?? {
    url: process.env.E2E_SANDBOX_URL ?? '',
    secretKey: 'sk_test_browsertests',
  };
  return { url, headers: { authorization: `Bearer ${secretKey}` } };
}
