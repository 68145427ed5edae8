import { raiseFinding } from '~/modules/findings/index.server';
import { settlePlanInvoice } from '~/modules/payments/index.server';
import {
  decided,
  type DoorOutcome,
  type FactContext,
  type InvoiceFact,
  type PlanInvoice,
} from '~/modules/stripe/shared';
import { type Tx } from '~/platform/db.server';

import { type OfPlan } from './apply-plan-invoice.server';
import { soldBy } from './sold-by.server';
import { type Judged, lotExpiry, type Sold } from './sold-by-invoice';

/**
 * Turns a paid invoice into a payment of its own. Its lines and what paid it are read where the event does not carry
 * them, so that refunds and disputes find the payment later.
 */
export async function settleInvoice(tx: Tx, ofPlan: OfPlan, context: FactContext): Promise<DoorOutcome> {
  const whole = wholeOf(ofPlan, context);
  if (!whole) return { outcome: 'need', refs: [{ object: 'invoice', id: ofPlan.invoice.id }] };
  const judged = await soldBy(tx, context.realmId, whole.plan);
  await raiseFindings(tx, ofPlan.invoice.id, judged, context);
  const { sold } = judged;
  if (sold.sold === 'nothing') return decided('noop', sold.reason);
  const settled = await settlePlanInvoice(
    tx,
    ...worthOf(ofPlan, whole.plan, sold),
    context,
    doubtOf(whole, judged),
  );
  if (settled.outcome === 'decided' && sold.sold === 'plan' && !sold.isTrial)
    await keepPaid(tx, ofPlan, sold, context.realmId);
  return settled;
}

interface Whole {
  invoice: InvoiceFact;
  plan: PlanInvoice;
}

/** The invoice with everything that settling needs; undefined while it was not read. */
function wholeOf({ invoice, plan }: OfPlan, { evidence }: FactContext): Whole | undefined {
  const read = evidence.find((fact) => fact.kind === 'invoice' && fact.id === invoice.id);
  if (read?.kind === 'invoice' && read.plan !== undefined) return { invoice: read, plan: read.plan };
  const isWhole = !plan.hasMoreLines && (plan.payments !== undefined || plan.amountPaid === 0n);
  return isWhole ? { invoice, plan } : undefined;
}

function worthOf(
  { invoice, subscriptionId, customerId }: OfPlan,
  plan: PlanInvoice,
  sold: Exclude<Sold, { sold: 'nothing' }>,
) {
  const [paidBy] = plan.payments ?? [];
  const isPlan = sold.sold === 'plan';
  const settled = {
    invoiceId: invoice.id,
    subscriptionId,
    customerId,
    versionId: isPlan ? sold.plan.versionId : null,
    quantity: isPlan ? sold.quantity : 1,
    credits: isPlan ? sold.credits : 0n,
    currency: plan.currency,
    amountSubtotal: plan.subtotal > 0n ? plan.subtotal : 0n,
    amountDiscount: plan.discount,
    amountTax: plan.tax,
    amountPaid: plan.amountPaid,
    intentId: paidBy?.intentId,
    chargeId: paidBy?.chargeId,
    invoiceUrl: invoice.invoiceUrl ?? invoice.pdfUrl,
  };
  const lot = { kind: 'plan', expiresAt: isPlan ? lotExpiry(sold.plan, sold.periodEnd) : null } as const;
  return [settled, lot] as const;
}

function doubtOf({ plan }: Whole, { sold, fault }: Judged) {
  if (sold.sold === 'unknown') return { code: sold.code, detail: sold.detail };
  if (plan.hasMoreLines) return { code: 'too_many_lines', detail: 'it has more lines than were read' };
  return fault === undefined ? undefined : { code: 'amount_differs', detail: fault };
}

/** Invoices come in any order: the one whose period ends last says what is paid for now. */
async function keepPaid(
  tx: Tx,
  { subscriptionId }: OfPlan,
  { plan, periodEnd }: Extract<Sold, { sold: 'plan' }>,
  realmId: string,
): Promise<void> {
  await tx.subscription.updateMany({
    where: { realmId, stripeId: subscriptionId, OR: [{ paidUntil: null }, { paidUntil: { lt: periodEnd } }] },
    data: { paidVersionId: plan.versionId, paidUntil: periodEnd },
  });
}

async function raiseFindings(
  tx: Tx,
  invoiceId: string,
  { prorations, others, sold }: Judged,
  { realmId, cause }: FactContext,
): Promise<void> {
  const base = { realmId, subject: invoiceId, cause };
  const sum = (lines: readonly { amount: bigint }[]) =>
    lines.reduce((total, line) => total + line.amount, 0n);
  if (prorations.length > 0) {
    const detail = `${invoiceId} has ${prorations.length} prorated lines of ${sum(prorations)} in all; nothing is granted for them`;
    await raiseFinding(tx, { ...base, kind: 'proration', detail });
  }
  if (others.length > 0 && sold.sold === 'plan') {
    const detail = `${invoiceId} asks ${sum(others)} beside its plan; nothing is granted for that`;
    await raiseFinding(tx, { ...base, kind: 'unknown_line', detail });
  }
}
