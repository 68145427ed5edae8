import { type Tx } from '~/platform/db.server';

import { type LockedPayment } from './lock-payment.server';

type LinkName = 'stripeSession' | 'stripeIntent' | 'stripeCharge' | 'stripeInvoice';

/** Stripe ids of a payment that are known now. */
export type Links = Partial<Record<LinkName, string>>;

/**
 * Keeps Stripe ids for a locked payment as soon as they are known. The first of each kind stays: it is what others link
 * to. They are written with the payment's next change, or by `writeLinks`.
 * @returns whether any is new
 */
export function linkPayment(
  payment: LockedPayment,
  links: Partial<Record<LinkName, string | undefined>>,
): boolean {
  const news: Links = {
    ...(payment.stripeSession === null && links.stripeSession !== undefined
      ? { stripeSession: links.stripeSession }
      : {}),
    ...(payment.stripeIntent === null && links.stripeIntent !== undefined
      ? { stripeIntent: links.stripeIntent }
      : {}),
    ...(payment.stripeCharge === null && links.stripeCharge !== undefined
      ? { stripeCharge: links.stripeCharge }
      : {}),
    ...(payment.stripeInvoice === null && links.stripeInvoice !== undefined
      ? { stripeInvoice: links.stripeInvoice }
      : {}),
  };
  if (Object.keys(news).length === 0) return false;
  Object.assign(payment, news);
  payment.unwritten = { ...payment.unwritten, ...news };
  return true;
}

/** The links that the payment's next change takes along; they are the caller's to write. */
export function takeLinks(payment: LockedPayment): Links {
  const links = payment.unwritten;
  payment.unwritten = {};
  return links;
}

/** Writes what no change of the payment took along. */
export async function writeLinks(tx: Tx, payment: LockedPayment): Promise<void> {
  const data = takeLinks(payment);
  if (Object.keys(data).length === 0) return;
  await tx.payment.update({ where: { id: payment.id }, data, select: { id: true } });
}
