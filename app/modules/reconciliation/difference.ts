import { type EvidenceLine, type FindingKind } from '~/modules/findings/shared';
import { type ObjectRef } from '~/modules/stripe/shared';

/** What a comparison saw: Stripe's object beside our rows. */
export interface Difference {
  kind: FindingKind;
  /** A payment of ours where one is behind it, else the object: however many objects tell of one sale, it is one finding. */
  subject: string;
  detail: string;
  /** The object to read again; absent where Stripe cannot tell. */
  ref: ObjectRef | undefined;
  /** Ids whose events tell of the same: while one of them is on its way, this is none. */
  about: string[];
  paymentId: string | undefined;
  customerId: string | undefined;
  evidence: EvidenceLine[];
  /** How many credits its repair moves at most. */
  credits: bigint;
  /** Settled money, or a refund or a dispute that is past. */
  isProven: boolean;
}

export interface Judged {
  /** False for objects of other products and of other realms. */
  isOurs: boolean;
  /** Payments of ours that the object shows to be paid. */
  shown: string[];
  difference: Difference | undefined;
}

export const FOREIGN: Judged = { isOurs: false, shown: [], difference: undefined };
export const AGREED: Judged = { isOurs: true, shown: [], difference: undefined };
export const differing = (difference: Difference): Judged => ({ isOurs: true, shown: [], difference });

/** A line of evidence in words. */
export const inWords = (label: string, stripe: string | null, ours: string | null): EvidenceLine => ({
  ...{ label, stripe, ours, unit: null },
});

/** A line of evidence in a currency's smallest unit, or in credits. */
export const inUnits = (
  label: string,
  unit: string,
  stripe: bigint | null,
  ours: bigint | null,
): EvidenceLine => ({
  ...{ label, unit, stripe: stripe?.toString() ?? null, ours: ours?.toString() ?? null },
});
