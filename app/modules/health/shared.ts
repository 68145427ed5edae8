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

/** What the doctor says: of the page, the command and the start. */
export const SEVERITIES = ['fault', 'warning', 'ok', 'skipped'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const SEVERITY_LABEL: Record<Severity, string> = {
  fault: 'Fault',
  warning: 'Warning',
  ok: 'Fine',
  skipped: 'Not checked',
};

/** What the checks are about, in the order in which they are told. */
export const FAMILIES = [
  'database',
  'stripe',
  'endpoint',
  'address',
  'secrets',
  'prices',
  'realms',
  'work',
] as const;
export type Family = (typeof FAMILIES)[number];

export const FAMILY_LABEL: Record<Family, string> = {
  database: 'Database',
  stripe: 'Key and account at Stripe',
  endpoint: 'Webhook endpoint',
  address: 'Public address and clock',
  secrets: 'Signing secrets and deliveries',
  prices: 'Catalogue and prices',
  realms: 'Switch of accounts',
  work: 'Worker, mail and pauses',
};

/** One check's answer about one thing. Nothing in it is secret. */
export interface Finding {
  code: string;
  family: Family;
  severity: Severity;
  /** What it is about: an endpoint, a price, an address; empty where there is one such thing only. */
  subject: string;
  /** What is wrong; for what is fine, what holds; for what was not checked, why. */
  said: string;
  /** One step that puts it right; empty where nothing is to be done. */
  fix: string;
  /** Whether a production start refuses because of it. */
  stopsStart: boolean;
}

export interface DoctorReport {
  /** When the examination began, ISO 8601. */
  at: string;
  /** How long it took, in milliseconds. */
  ms: number;
  /** The realm of the key, where it is known. */
  realm: { id: string; account: string; mode: 'test' | 'live'; name: string } | null;
  counts: Record<Severity, number>;
  findings: Finding[];
}
