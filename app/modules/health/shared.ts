import { type RealmView } from '~/modules/stripe/shared';

/** What may still be under way in a realm. */
export const OPEN_KINDS = [
  'payments',
  'orders',
  'refunds',
  'disputes',
  'subscriptions',
  'events',
  'calls',
] as const;
export type OpenKind = (typeof OPEN_KINDS)[number];

export interface OpenCount {
  kind: OpenKind;
  count: number;
  oldest: Date | null;
}

export interface OpenInRealm {
  open: OpenCount[];
  total: number;
  oldest: Date | null;
  /** Until when banks may take back what was paid last; null when that is over, and in test mode, where no bank is. */
  disputableUntil: Date | null;
  /**
   * `needed`: something is under way. `wanted`: nothing is, and a dispute may still come. `removable`: neither.
   */
  key: 'needed' | 'wanted' | 'removable';
}

export interface RealmState extends OpenInRealm {
  realm: RealmView;
  /** One of its book's realms sells. */
  sells: boolean;
  /** The one that this process sells in. */
  isHere: boolean;
  /** The key that this process holds, all but its last four characters hidden; null: none. */
  heldKey: string | null;
  /** How many signing secrets are held for it. */
  secrets: number;
  createdAt: Date;
}
