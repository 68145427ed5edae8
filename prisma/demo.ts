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

/** What becomes of a purchase on Stripe's page. */
export type DemoFate =
  | 'paid'
  | 'declined_then_paid'
  | 'paid_with_3ds'
  | 'abandoned'
  | 'expired'
  /** Paid while no webhook gets through; the customer's return settles it. */
  | 'paid_unheard';

interface DemoPurchase {
  email: string;
  pack: (typeof DEMO_PACKS)[number]['code'];
  quantity: number;
  fate: DemoFate;
}

/** Customers beside the demo's own one, with the same password. */
export const DEMO_SHOPPERS = [
  { email: 'maya.lindqvist@demo.test', name: 'Maya Lindqvist' },
  { email: 'tomas.okafor@demo.test', name: 'Tomás Okafor' },
  { email: 'elif.demir@demo.test', name: 'Elif Demir' },
  { email: 'jonas.weber@demo.test', name: 'Jonas Weber' },
] as const;

/** The purchases that a fresh demo lives through, in this order. */
export const DEMO_PURCHASES: readonly DemoPurchase[] = [
  { email: 'customer@demo.test', pack: 'starter', quantity: 1, fate: 'paid_unheard' },
  { email: 'maya.lindqvist@demo.test', pack: 'studio', quantity: 1, fate: 'paid' },
  { email: 'tomas.okafor@demo.test', pack: 'team', quantity: 1, fate: 'declined_then_paid' },
  { email: 'customer@demo.test', pack: 'team', quantity: 2, fate: 'paid' },
  { email: 'elif.demir@demo.test', pack: 'studio', quantity: 2, fate: 'paid_with_3ds' },
  { email: 'jonas.weber@demo.test', pack: 'team', quantity: 1, fate: 'abandoned' },
  { email: 'jonas.weber@demo.test', pack: 'starter', quantity: 3, fate: 'paid' },
  { email: 'tomas.okafor@demo.test', pack: 'starter', quantity: 1, fate: 'expired' },
  { email: 'maya.lindqvist@demo.test', pack: 'team', quantity: 1, fate: 'paid' },
];
