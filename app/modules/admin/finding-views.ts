import { type EvidenceLine, type FindingState } from '~/modules/findings/shared';

import type { ReconcileRunState } from '../../../prisma/generated/enums';
import { type RealmRef } from './list-views';

export interface FindingListRow {
  cursor: string;
  id: string;
  realmId: string;
  kind: string;
  state: FindingState;
  subject: string;
  detail: string;
  createdAt: Date;
}

export interface FindingView {
  id: string;
  realm: RealmRef;
  kind: string;
  state: FindingState;
  subject: string;
  detail: string;
  cause: string;
  object: string | null;
  objectId: string | null;
  paymentId: string | null;
  customer: { id: string; email: string | null; name: string | null } | null;
  evidence: EvidenceLine[];
  after: EvidenceLine[];
  credits: bigint;
  proven: boolean;
  createdAt: Date;
  seenAt: Date;
  resolvedAt: Date | null;
  /** What people call who repaired or dismissed it. */
  who: string | null;
  reason: string | null;
  comment: string | null;
}

export interface RunRow {
  id: string;
  plan: string;
  state: ReconcileRunState;
  from: Date;
  before: Date;
  createdAt: Date;
  endedAt: Date | null;
  parts: RunPartRow[];
}

export interface RunPartRow {
  kind: string;
  isDone: boolean;
  /** Since when every try to walk it has failed: what it shows is not compared. */
  failingSince: Date | null;
  seen: bigint;
  ours: bigint;
  differing: bigint;
}

export interface ReconciliationView {
  /** The newest runs of the realm. */
  runs: RunRow[];
  /** Findings that stand, by their kind; the most frequent first. */
  standing: { kind: string; n: number }[];
  autoRepair: { isOn: boolean; who: string | null; at: Date | null; comment: string | null };
}
