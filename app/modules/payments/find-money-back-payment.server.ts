import { customerOfStripeCustomer } from '~/modules/stripe/index.server';
import {
  decided,
  type DoorOutcome,
  type FactContext,
  type Ours,
  type StripeFact,
} from '~/modules/stripe/shared';
import { type Tx } from '~/platform/db.server';

import { applyFact } from './apply-fact.server';
import { type LockedPayment, lockPayment } from './lock-payment.server';

/** What a refund, a dispute or a charge says of the payment behind it. */
export interface MoneyBackParent {
  ours: Ours;
  intentId: string | undefined;
  chargeId: string | undefined;
}

export type MoneyBackPayment =
  | { found: 'payment'; payment: LockedPayment; effects: string[] }
  /** It is not known which, or is none of ours: what the door answers. */
  | { found: 'none'; answer: DoorOutcome };

/**
 * The payment whose money goes back, under its lock: by the row of ours that was fulfilled, else by the PaymentIntent or
 * the charge that a payment of this realm is linked to. One that is not linked yet is waited for by name; once the parent
 * was read, it goes to its own door first, or shows that it is another product's.
 */
export async function lockMoneyBackPayment(
  tx: Tx,
  parent: MoneyBackParent,
  context: FactContext,
): Promise<MoneyBackPayment> {
  const { realmId } = context;
  if (parent.ours.realm !== undefined && parent.ours.realm !== realmId)
    return none(decided('ignored', 'other_realm'));
  const known = (await findByRow(tx, parent, realmId)) ?? (await findLinked(tx, parent, realmId));
  if (known !== undefined) return lockFound(tx, known, realmId, []);
  const waitsFor = parent.intentId ?? parent.chargeId;
  if (waitsFor === undefined) return none(decided('ignored', 'foreign'));
  const read = context.evidence.find((fact) => fact.id === waitsFor && isParent(fact));
  if (!read) return none({ outcome: 'waits', waitsFor });
  if (read.ours.realm !== undefined && read.ours.realm !== realmId)
    return none(decided('ignored', 'other_realm'));
  if (read.kind === 'intent' && read.ours.payment !== undefined)
    return settleFirst(tx, { parent, read, waitsFor }, context);
  const customer = 'stripeCustomer' in read ? read.stripeCustomer : undefined;
  const isOurs =
    customer !== undefined && (await customerOfStripeCustomer(tx, realmId, customer)) !== undefined;
  // What a plan's invoice was paid with is linked when that invoice becomes a payment.
  return none(isOurs ? { outcome: 'waits', waitsFor } : decided('ignored', 'foreign'));
}

const isParent = (fact: StripeFact): boolean => fact.kind === 'intent' || fact.kind === 'charge';

/** Nobody told of the payment itself: what was read of it now does. */
async function settleFirst(
  tx: Tx,
  {
    parent,
    read,
    waitsFor,
  }: { parent: MoneyBackParent; read: StripeFact & { kind: 'intent' }; waitsFor: string },
  context: FactContext,
): Promise<MoneyBackPayment> {
  const answer = await applyFact(tx, read, { ...context, isLook: true });
  if (answer.outcome === 'need') return none(answer);
  const linked = await findLinked(tx, parent, context.realmId);
  if (linked !== undefined)
    return lockFound(tx, linked, context.realmId, 'effects' in answer ? answer.effects : []);
  return none(answer.outcome === 'quarantined' ? answer : { outcome: 'waits', waitsFor });
}

async function lockFound(tx: Tx, id: string, realmId: string, effects: string[]): Promise<MoneyBackPayment> {
  const payment = await lockPayment(tx, id, realmId);
  if (!payment) throw new Error(`Payment ${id} vanished.`);
  return { found: 'payment', payment, effects };
}

async function findByRow(tx: Tx, { ours }: MoneyBackParent, realmId: string): Promise<string | undefined> {
  if (ours.row === undefined) return undefined;
  const row = await tx.moneyBack.findFirst({
    where: { id: ours.row, realmId },
    select: { paymentId: true },
  });
  return row?.paymentId;
}

/** The payment that this money settled stands before one that it is only linked to. */
async function findLinked(
  tx: Tx,
  { intentId, chargeId }: MoneyBackParent,
  realmId: string,
): Promise<string | undefined> {
  const links = [
    ...(intentId === undefined ? [] : [{ moneyObject: intentId }, { stripeIntent: intentId }]),
    ...(chargeId === undefined ? [] : [{ stripeCharge: chargeId }]),
  ];
  for (const link of links) {
    const row = await tx.payment.findFirst({
      where: { realmId, ...link },
      select: { id: true },
      orderBy: { createdAt: 'asc' },
    });
    if (row) return row.id;
  }
  return undefined;
}

const none = (answer: DoorOutcome): MoneyBackPayment => ({ found: 'none', answer });
