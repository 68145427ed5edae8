import { type Db } from '~/platform/db.server';

import { namesakes } from './check-roots.server';

/** More realms than any installation has had. */
const MANY = 100;

/**
 * The realms in which something of that name stands here: a payment's, those of a customer's images and payments, or those whose
 * objects bear this id of Stripe's. None when nothing here has heard of it.
 */
export async function realmsAbout(db: Db, about: string): Promise<string[]> {
  const found = about.startsWith('pay_')
    ? await db.payment.findMany({ where: { id: about }, select: { realmId: true }, take: 1 })
    : about.startsWith('cst_') || about.includes('@')
      ? await ofCustomer(db, about)
      : await ofStripeId(db, about);
  return [...new Set(found.map(({ realmId }) => realmId))];
}

type Found = { realmId: string }[];

async function ofCustomer(db: Db, about: string): Promise<Found> {
  const customers = await db.customer.findMany({
    ...namesakes(about),
    select: {
      stripeCustomers: { select: { realmId: true } },
      payments: { select: { realmId: true }, distinct: ['realmId'], take: MANY },
    },
  });
  return customers.flatMap(({ stripeCustomers, payments }) => [...stripeCustomers, ...payments]);
}

/** Ids of Stripe's are unique over all accounts in practice; here each is kept with the realm that it came from. */
async function ofStripeId(db: Db, id: string): Promise<Found> {
  const realms = await db.realm.findMany({ select: { id: true }, take: MANY });
  const of = { realmId: { in: realms.map((realm) => realm.id) } };
  const asked = { select: { realmId: true }, take: MANY, distinct: ['realmId' as const] };
  const found = await Promise.all([
    db.event.findMany({ where: { objectId: id }, ...asked }),
    db.stripeCall.findMany({ where: { objectId: id }, ...asked }),
    db.payment.findMany({ where: { ...of, stripeSession: id }, ...asked }),
    db.payment.findMany({ where: { ...of, stripeIntent: id }, ...asked }),
    db.payment.findMany({ where: { ...of, stripeCharge: id }, ...asked }),
    db.payment.findMany({ where: { ...of, stripeInvoice: id }, ...asked }),
    db.subscription.findMany({ where: { ...of, stripeId: id }, ...asked }),
    db.moneyBack.findMany({ where: { ...of, stripeId: id }, ...asked }),
    db.stripeCustomer.findMany({ where: { ...of, stripeId: id }, ...asked }),
  ]);
  return found.flat();
}
