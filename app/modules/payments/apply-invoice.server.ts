import {
  decided,
  type DoorOutcome,
  type FactContext,
  type InvoiceFact,
  type SessionFact,
} from '~/modules/stripe/shared';
import { type Tx } from '~/platform/db.server';

import { applySession } from './apply-session.server';
import { linkPayment, takeLinks } from './link-payment.server';
import { type LockedPayment } from './lock-payment.server';

/** A pack's invoice brings its link. It never settles alone: while the payment is not paid, its session is read. */
export async function applyInvoice(
  tx: Tx,
  payment: LockedPayment,
  invoice: InvoiceFact,
  context: FactContext,
): Promise<DoorOutcome> {
  if (invoice.status !== 'paid') return decided('noop', `invoice_${invoice.status ?? 'none'}`);
  const linked = linkPayment(payment, { stripeInvoice: invoice.id });
  const url = invoice.invoiceUrl ?? invoice.pdfUrl;
  if (url !== undefined && payment.invoiceUrl === null)
    await tx.payment.update({
      where: { id: payment.id },
      data: { ...takeLinks(payment), invoiceUrl: url },
      select: { id: true },
    });
  if (payment.state === 'paid' || payment.state === 'review' || payment.stripeSession === null) {
    return decided('applied', 'invoice', linked ? [payment.id] : []);
  }
  const session = context.evidence.find(
    (fact): fact is SessionFact => fact.kind === 'session' && fact.id === payment.stripeSession,
  );
  if (!session) return { outcome: 'need', refs: [{ object: 'checkout.session', id: payment.stripeSession }] };
  return applySession(tx, payment, session, context);
}
