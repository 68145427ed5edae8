import { type Db } from '../../../../app/platform/db.server';
import { type Copy } from './copied-stripe';

/** Writes down here what stood before anything was said: customers with their images at Stripe, open sales and orders. */
export async function beget(db: Db, copies: readonly Copy[], realmId: string): Promise<void> {
  const lives = [...new Set(copies.map(({ life }) => life))];
  const sales = await db.payment.findMany({
    where: { id: { in: lives.flatMap((life) => life.sales) } },
  });
  const changes = await db.paymentChange.findMany({
    where: { paymentId: { in: sales.map(({ id }) => id) } },
  });
  const orders = await db.subscriptionOrder.findMany({
    where: { id: { in: lives.flatMap((life) => life.orders) } },
  });
  await db.customer.createMany({
    data: copies.map(({ customerId }) => ({ id: customerId, email: `${customerId}@example.test` })),
  });
  await db.stripeCustomer.createMany({
    data: copies.map((copy) => ({
      ...{ realmId, customerId: copy.customerId, stripeId: copy.as(copy.life.customer.stripeCustomer) },
    })),
  });
  const copied = <T extends { id: string }>(rows: readonly T[], ids: (copy: Copy) => readonly string[]) =>
    copies.flatMap((copy) =>
      rows.filter(({ id }) => ids(copy).includes(id)).map((row) => ({ copy, row, id: copy.as(row.id) })),
    );
  const ofSales = copied(sales, ({ life }) => life.sales);
  await db.payment.createMany({
    data: ofSales.map(({ copy, row, id }) => ({
      ...{ ...row, id, customerId: copy.customerId, stripeSession: copy.as(row.stripeSession ?? '') },
    })),
  });
  await db.paymentChange.createMany({
    data: ofSales.flatMap(({ row, id }) =>
      changes.filter(({ paymentId }) => paymentId === row.id).map((change) => ({ ...change, paymentId: id })),
    ),
  });
  await db.subscriptionOrder.createMany({
    data: copied(orders, ({ life }) => life.orders).map(({ copy, row, id }) => ({
      ...{ ...row, id, customerId: copy.customerId, stripeSession: copy.as(row.stripeSession ?? '') },
    })),
  });
}
