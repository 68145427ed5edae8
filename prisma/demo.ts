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
    prices: { usd: 500n, eur: 460n, gbp: 400n, jpy: 780n },
  },
  {
    code: 'team',
    kind: 'pack',
    position: 2,
    name: 'Team',
    description: 'A month of steady work.',
    credits: 2_500n,
    expiresDays: 365,
    prices: { usd: 2_000n, eur: 1_850n, gbp: 1_600n, jpy: 3_100n },
  },
  {
    code: 'studio',
    kind: 'pack',
    position: 3,
    name: 'Studio',
    description: 'For launches and long nights.',
    credits: 10_000n,
    expiresDays: 365,
    prices: { usd: 6_900n, eur: 6_400n, gbp: 5_500n, jpy: 10_800n },
  },
] as const;

export const DEMO_PLANS = [
  {
    code: 'solo',
    kind: 'plan',
    position: 1,
    name: 'Solo',
    description: 'A steady hand for one.',
    credits: 1_000n,
    expiresDays: null,
    plan: { interval: 'month', trial: { days: 14, credits: 100n } },
    prices: { usd: 900n, eur: 830n, gbp: 720n, jpy: 1_400n },
  },
  {
    code: 'crew',
    kind: 'plan',
    position: 2,
    name: 'Crew',
    description: 'For a team that ships every week. What is left one month is still there the next.',
    credits: 4_000n,
    expiresDays: null,
    plan: { interval: 'month', rolloverPeriods: 1 },
    prices: { usd: 2_900n, eur: 2_670n, gbp: 2_300n, jpy: 4_500n },
  },
  {
    code: 'crew-year',
    kind: 'plan',
    position: 3,
    name: 'Crew, yearly',
    description: 'Two months on the house.',
    credits: 48_000n,
    expiresDays: null,
    plan: { interval: 'year' },
    prices: { usd: 29_000n, eur: 26_700n, gbp: 23_000n, jpy: 45_000n },
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
  | 'paid_unheard'
  /** Paid, and a part given back in Stripe's Dashboard. */
  | 'paid_then_refunded'
  /** Paid with a card whose holder disputes the charge. */
  | 'paid_then_disputed';

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
  { email: 'ines.costa@demo.test', name: 'Inês Costa' },
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
  { email: 'maya.lindqvist@demo.test', pack: 'team', quantity: 1, fate: 'paid_then_refunded' },
  { email: 'ines.costa@demo.test', pack: 'starter', quantity: 2, fate: 'paid_then_disputed' },
];

interface DemoSubscriber {
  email: string;
  plan: (typeof DEMO_PLANS)[number]['code'];
}

/** Who takes which plan in a fresh demo, once the purchases are lived. */
export const DEMO_SUBSCRIBERS: readonly DemoSubscriber[] = [
  { email: 'elif.demir@demo.test', plan: 'crew' },
  { email: 'jonas.weber@demo.test', plan: 'solo' },
];

interface DemoUse {
  email: string;
  /** Credits. */
  amount: bigint;
  /** What the product did for them, as the customer reads it. */
  reason: string;
  /** Taken back afterwards, in full. */
  isReversed?: true;
  /** Set aside first; so much of it was used, or `open`: the work still runs. */
  hold?: bigint | 'open';
}

/** What the product spends in a fresh demo once the credits stand, in this order. */
export const DEMO_USES: readonly DemoUse[] = [
  { email: 'customer@demo.test', amount: 180n, reason: 'Product photos, batch of 12' },
  { email: 'maya.lindqvist@demo.test', amount: 1_150n, reason: 'Video upscaling, 4 min' },
  { email: 'tomas.okafor@demo.test', amount: 320n, reason: 'Voice-over, 3 min', isReversed: true },
  { email: 'customer@demo.test', amount: 900n, reason: 'Catalogue render', hold: 640n },
  { email: 'maya.lindqvist@demo.test', amount: 75n, reason: 'Background removal' },
  { email: 'elif.demir@demo.test', amount: 4_000n, reason: 'Trailer, first cut', hold: 4_000n },
  { email: 'customer@demo.test', amount: 250n, reason: 'Night scene, still rendering', hold: 'open' },
];
