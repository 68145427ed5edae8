import { customerOfStripeCustomer } from '~/modules/stripe/index.server';
import { type FactContext, type SaleFact } from '~/modules/stripe/shared';
import { assertNever } from '~/platform/assert-never';
import { type Tx } from '~/platform/db.server';

export type FoundPayment =
  | { found: 'payment'; id: string }
  /** Our metadata names it; whether this realm has it shows its lock. */
  | { found: 'named'; id: string }
  /** Made for another realm by its metadata: never applied here. */
  | { found: 'other_realm'; realmId: string }
  /** Ours by metadata or by customer, and no row of ours fits: a person must look. */
  | { found: 'lost'; code: string; detail: string }
  /** Another product of the same Stripe account. */
  | { found: 'foreign' };

/** Which payment a fact belongs to: by our metadata first, then by a Stripe id that a payment of this realm is linked to. */
export async function findPayment(tx: Tx, fact: SaleFact, context: FactContext): Promise<FoundPayment> {
  const { ours } = fact;
  if (ours.realm !== undefined && ours.realm !== context.realmId)
    return { found: 'other_realm', realmId: ours.realm };
  if (ours.payment !== undefined) return { found: 'named', id: ours.payment };
  const linked = await findLinked(tx, fact, context.realmId);
  if (linked !== undefined) return { found: 'payment', id: linked };
  if (fact.kind === 'charge' || fact.stripeCustomer === undefined) return { found: 'foreign' };
  const customer = await customerOfStripeCustomer(tx, context.realmId, fact.stripeCustomer);
  if (customer === undefined) return { found: 'foreign' };
  return { found: 'lost', code: 'no_payment', detail: `belongs to ${customer} and to no payment of theirs` };
}

/** The payment that is linked to this object, whatever its metadata says. */
export async function findLinked(tx: Tx, fact: SaleFact, realmId: string): Promise<string | undefined> {
  const row = await tx.payment.findFirst({
    where: { realmId, ...linkOf(fact) },
    select: { id: true },
    orderBy: { createdAt: 'asc' },
  });
  return row?.id;
}

function linkOf(fact: SaleFact) {
  switch (fact.kind) {
    case 'session':
      return fact.intentId === undefined
        ? { stripeSession: fact.id }
        : { OR: [{ stripeSession: fact.id }, { stripeIntent: fact.intentId }] };
    case 'intent':
      return { stripeIntent: fact.id };
    case 'charge':
      return fact.intentId === undefined ? { stripeCharge: fact.id } : { stripeIntent: fact.intentId };
    case 'invoice':
      return { stripeInvoice: fact.id };
    default:
      return assertNever(fact);
  }
}
