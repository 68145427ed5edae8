import { createHash } from 'node:crypto';

import { type PaymentKind } from '../../../prisma/generated/enums';
import { type SettlementPolicy, type SettlementRule } from './shared';

/** What says that a payment is settled. A session is a proof only when it is complete and paid; `unpaid` is none. */
export type Proof = 'intent' | 'session' | 'free_session' | 'invoice' | 'record';

/** Kinds with one proof each: a top-up has no session, a plan settles by its invoice, offline money by who recorded it. */
const ONE_PROOF = { topup: ['intent'], plan: ['invoice'], offline: ['record'] } as const;

/** The proofs at which a sale of each kind settles at once, under each rule. What was free has no PaymentIntent. */
export const SETTLED_BY: Record<SettlementRule, Record<PaymentKind, readonly Proof[]>> = {
  'settled-fact': { pack: ['intent', 'session', 'free_session'], ...ONE_PROOF },
  'payment-intent': { pack: ['intent', 'free_session'], ...ONE_PROOF },
  'session-completed': { pack: ['session', 'free_session'], ...ONE_PROOF },
};

/** Whether the rules differ about a kind: only then is one asked for. */
export const isSwitched = (kind: PaymentKind): boolean => SETTLED_BY['settled-fact'][kind].length > 1;

export const firesBy = (rule: SettlementRule, kind: PaymentKind, proofs: readonly Proof[]): boolean =>
  proofs.some((proof) => SETTLED_BY[rule][kind].includes(proof));

/** A payment's place from 0 to 99: the same for good, so that it keeps its rule while a percentage grows. */
export const placeOf = (paymentId: string): number =>
  createHash('sha256').update(`settlement:${paymentId}`).digest().readUInt32BE(0) % 100;

export const ruleOf = ({ current, candidate, percentage }: SettlementPolicy, paymentId: string) =>
  candidate !== null && placeOf(paymentId) < percentage ? candidate : current;
