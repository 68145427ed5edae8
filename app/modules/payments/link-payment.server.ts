import { type Tx } from '~/platform/db.server';

import { type LockedPayment } from './lock-payment.server';

export interface Links {
  stripeSession?: string | undefined;
  stripeIntent?: string | undefined;
  stripeCharge?: string | undefined;
  stripeInvoice?: string | undefined;
}

/** Records Stripe ids on a payment as soon as they are known. The first of each kind stays: it is what others link to. */
export async function linkPayment(tx: Tx, payment: LockedPayment, links: Links): Promise<boolean> {
  const news = {
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
  await tx.payment.update({ where: { id: payment.id }, data: news, select: { id: true } });
  Object.assign(payment, news);
  return true;
}
