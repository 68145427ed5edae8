import { type EventDecision, type EventSource, type EventStatus } from '../../../prisma/generated/enums';
import { type CustomerRef, type EventRow, type RealmRef } from './list-views';

export interface EventFilters {
  realmIds: string[];
  statuses: EventStatus[];
  decisions: EventDecision[];
  sources: EventSource[];
  /** A whole type, its beginning when it ends in a dot (`invoice.`), or a whole event id. */
  type: string | undefined;
  /** The decision's reason, or the code of the fault. */
  reasons: string[];
  /** What the newest try names, beside a reason: a Stripe price, or the object that is missing. */
  names: string | undefined;
  /** The Stripe object that the events speak of. */
  objectId: string | undefined;
  /** Received on these UTC days, both included. */
  since: string | undefined;
  until: string | undefined;
}

/** What holds an event that waits for a person, and whose money it tells of. */
export interface StuckView {
  /** The code of the fault. */
  code: string | null;
  detail: string | null;
  /** What would mend it, by its id at Stripe: the price that nobody knows, the object that is missing. */
  names: string | null;
  /** Settled money, in the currency's smallest unit; null where the event tells of none. */
  money: { amount: bigint; currency: string } | null;
  stripeCustomer: string | null;
  customer: CustomerRef | null;
}

export interface DeadLetterRow extends EventRow {
  stuck: StuckView;
}

/** Events that wait for the same thing. */
export interface DeadLetterGroup {
  realmId: string;
  status: EventStatus;
  code: string | null;
  names: string | null;
  count: number;
  oldestAt: Date;
  /** One of them, in the run that is seen here: mended, it mends what the others lack too. */
  sample: { id: string; run: number } & Pick<StuckView, 'money' | 'stripeCustomer' | 'customer'>;
}

/** A version of the catalogue with what it costs in one currency. */
export interface CatalogChoice {
  versionId: string;
  kind: 'pack' | 'plan';
  name: string;
  n: number;
  credits: bigint;
  amount: bigint;
  currency: string;
}

/** Who acted, as a page names them: a person, `cli`, or the id of what is none. */
export interface ActorRef {
  id: string;
  name: string;
}

export interface ReplayRow {
  cursor: string;
  id: string;
  realmId: string;
  actor: ActorRef;
  reason: string;
  dryRun: boolean;
  state: 'running' | 'done' | 'canceled';
  /** Which events, as it was asked. */
  selection: unknown;
  total: number;
  done: number;
  skipped: number;
  createdAt: Date;
}

/** A replay beside what is kept of its way. */
export interface ReplayPageView extends Omit<ReplayRow, 'cursor' | 'realmId'> {
  realm: RealmRef;
  endedAt: Date | null;
  /** The replay for real that was made of this dry run; null while there is none. */
  followedBy: string | null;
}

/** One event of a replay: what was predicted, and what came of the run that it started. */
export interface ReplayItemRow {
  eventId: string;
  type: string;
  predicted: string | null;
  predictedCode: string | null;
  predictedDetail: string | null;
  result: string | null;
  code: string | null;
  detail: string | null;
}
