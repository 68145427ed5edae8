import { describe, expect, it } from 'vitest';

import { EnvError, loadEnv } from './env.server';

const GOOD = {
  CREDENCE_MODE: 'production',
  DATABASE_URL: 'postgresql://u:p@localhost:5432/credence',
  APP_URL: 'https://credits.acme.test/',
  STRIPE_SECRET_KEY: 'sk_test_4eC39HqLyjWDarjtT1zdp7dc',
  STRIPE_WEBHOOK_SECRETS: 'whsec_abcdefgh1234, whsec_ijklmnop5678',
  SMTP_URL: 'smtps://mail.acme.test',
  ENCRYPTION_KEYS: 'k7Jq2vX9mB4tR8wZ1nC5yH3pL6sD0fGa',
};

function faultsOf(change: Record<string, string | undefined>): readonly string[] {
  try {
    loadEnv({ ...GOOD, ...change });
    return [];
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    return error.faults;
  }
}

describe('the environment', () => {
  it('is parsed once into what rooms need', () => {
    const env = loadEnv(GOOD);
    expect(env.APP_URL).toBe('https://credits.acme.test');
    expect(env.STRIPE_WEBHOOK_SECRETS).toEqual(['whsec_abcdefgh1234', 'whsec_ijklmnop5678']);
    expect(env.OUTBOX_ALLOW).toEqual([]);
    expect(Object.isFrozen(env)).toBe(true);
  });

  it.each([
    ['DATABASE_URL', 'mysql://x'],
    ['DATABASE_URL', '  '],
    ['APP_URL', 'credits.acme.test'],
    ['STRIPE_SECRET_KEY', 'sk_test_example0123456789'],
    ['STRIPE_SECRET_KEY', 'pk_test_4eC39HqLyjWDarjtT1zdp7dc'],
    ['STRIPE_WEBHOOK_SECRETS', 'nonsense'],
    ['STRIPE_WEBHOOK_SECRETS', ' , '],
    ['DATABASE_POOL', 'many'],
    ['DATABASE_POOL', '3'],
    ['CREDENCE_MODE', 'staging'],
    ['OUTBOX_ALLOW', 'https://product.internal'],
    ['OUTBOX_ALLOW', 'product.internal:4000'],
    ['LOG_LEVEL', 'loud'],
    ['SMTP_URL', undefined],
    ['STAFF_TOTP', 'sometimes'],
    ['ENCRYPTION_KEYS', 'too short'],
    ['ENCRYPTION_KEYS', undefined],
  ])('%s = %s is named with an example', (name, value) => {
    const faults = faultsOf({ [name]: value });
    expect(faults.length).toBeGreaterThan(0);
    expect(faults[0]).toMatch(new RegExp(`^${name}.*(for example|must be|must hold|is a published example)`));
  });

  it('asks staff for a code in production, and elsewhere where it is told to', () => {
    expect(loadEnv(GOOD).STAFF_TOTP).toBe('required');
    expect(loadEnv({ ...GOOD, CREDENCE_MODE: 'demo', ENCRYPTION_KEYS: undefined }).STAFF_TOTP).toBe(
      'optional',
    );
    const waived = loadEnv({ ...GOOD, STAFF_TOTP: 'optional', ENCRYPTION_KEYS: undefined });
    expect(waived.ENCRYPTION_KEYS).toEqual([]);
    expect(
      faultsOf({ CREDENCE_MODE: 'test', STAFF_TOTP: 'required', ENCRYPTION_KEYS: undefined }),
    ).toHaveLength(1);
  });

  it('reads hosts separated by commas, names and addresses', () => {
    const { OUTBOX_ALLOW } = loadEnv({ ...GOOD, OUTBOX_ALLOW: ' Product.internal,10.0.0.5, fd00::5 ,' });
    expect(OUTBOX_ALLOW).toEqual(['product.internal', '10.0.0.5', 'fd00::5']);
  });

  it('names every fault at once and never a value', () => {
    const faults = faultsOf({
      DATABASE_URL: 'mysql://user:hunter2@x',
      STRIPE_SECRET_KEY: 'pk_test_hunter2hunter2',
    });
    expect(faults).toHaveLength(2);
    expect(faults.join()).not.toContain('hunter2');
  });

  it('refuses live keys in demo mode and against another API', () => {
    const live = 'sk_live_4eC39HqLyjWDarjtT1zdp7dc';
    expect(faultsOf({ STRIPE_SECRET_KEY: live, CREDENCE_MODE: 'demo' })[0]).toContain('CREDENCE_MODE');
    const elsewhere = { STRIPE_API_BASE: 'http://10.0.0.7:4700', CREDENCE_MODE: 'test' };
    expect(faultsOf({ STRIPE_SECRET_KEY: live, ...elsewhere })[0]).toContain('STRIPE_API_BASE');
    expect(faultsOf({ STRIPE_FORMER_REALMS: live, ...elsewhere })[0]).toContain('STRIPE_API_BASE');
    const here = { STRIPE_API_BASE: 'http://127.0.0.1:4700', CREDENCE_MODE: 'test' };
    expect(faultsOf({ STRIPE_SECRET_KEY: live, ...here })).toEqual([]);
  });

  it('reads former realms, each key with its secrets, and refuses what belongs to two realms', () => {
    const [former, other] = ['sk_live_4eC39HqLyjWDarjtT1zdp7dc', 'sk_test_26PHem9AhJZvU623DfE1x4sd'];
    const loaded = loadEnv({
      ...GOOD,
      STRIPE_FORMER_REALMS: `${former}:whsec_aaaa1111:whsec_bb+b/2222, ${other}`,
    });
    expect(loaded.STRIPE_FORMER_REALMS).toEqual([
      { secretKey: former, webhookSecrets: ['whsec_aaaa1111', 'whsec_bb+b/2222'] },
      { secretKey: other, webhookSecrets: [] },
    ]);
    const faulty = (value: string) => faultsOf({ STRIPE_FORMER_REALMS: value });
    expect(faulty('pk_live_hunter2hunter2')[0]).toMatch(
      /^STRIPE_FORMER_REALMS must begin each realm with its/,
    );
    expect(faulty(`${former}:hunter2`)[0]).toMatch(
      /^STRIPE_FORMER_REALMS must have the realm's signing secrets/,
    );
    expect(faulty(`${former},${former}`)[0]).toContain('must hold each key once');
    expect(faulty(`${former}:whsec_aaaa1111,${other}:whsec_aaaa1111`)[0]).toContain('of another realm');
    expect(faulty(`${former}:whsec_ijklmnop5678`)[0]).toContain('of another realm');
    expect(faulty(GOOD.STRIPE_SECRET_KEY)[0]).toContain('must not hold STRIPE_SECRET_KEY');
    expect(faulty(`${former}:hunter2`).join()).not.toMatch(/hunter2|4eC39/);
  });

  it('refuses in production a server that only speaks like Stripe, whatever the key', () => {
    const STRIPE_API_BASE = 'http://127.0.0.1:4700';
    expect(faultsOf({ STRIPE_API_BASE })).toEqual([
      'STRIPE_API_BASE must not be set in production, where anyone could pay with play money; remove it, or use CREDENCE_MODE=demo',
    ]);
    expect(faultsOf({ STRIPE_API_BASE, CREDENCE_MODE: 'test' })).toEqual([]);
  });
});
