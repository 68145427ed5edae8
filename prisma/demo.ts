/** What the demo holds on a fresh folder. Nothing here exists outside demo mode. */
export const DEMO_PASSWORD = 'credence-demo';

export const DEMO_ACCOUNTS = [
  { email: 'customer@demo.test', name: 'Casey Customer', role: 'customer' },
  { email: 'viewer@demo.test', name: 'Vera Viewer', role: 'viewer' },
  { email: 'support@demo.test', name: 'Sam Support', role: 'support' },
  { email: 'finance@demo.test', name: 'Fay Finance', role: 'finance' },
  { email: 'admin@demo.test', name: 'Ada Admin', role: 'admin' },
] as const;

export const DEMO_PACKS = [
  {
    code: 'starter',
    kind: 'pack',
    position: 1,
    name: 'Starter',
    description: 'Try things out.',
    credits: 500n,
    expiresDays: 365,
    prices: { usd: 500n },
  },
  {
    code: 'team',
    kind: 'pack',
    position: 2,
    name: 'Team',
    description: 'A month of steady work.',
    credits: 2_500n,
    expiresDays: 365,
    prices: { usd: 2_000n },
  },
  {
    code: 'studio',
    kind: 'pack',
    position: 3,
    name: 'Studio',
    description: 'For launches and long nights.',
    credits: 10_000n,
    expiresDays: 365,
    prices: { usd: 6_900n },
  },
] as const;
