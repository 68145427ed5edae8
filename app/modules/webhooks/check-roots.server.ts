import { listAboutCustomer, refOfId, type StripeSettings } from '~/modules/stripe/index.server';
import { type ObjectRef } from '~/modules/stripe/shared';
import { type Db } from '~/platform/db.server';

/** What a check begins with, and the row that it is about. */
export type Roots = {
  subject: string;
  refs: ObjectRef[];
  /** There is more of it, older than what is named here. */
  isCut: boolean;
};

const MAX_NAMESAKES = 5;

/** Customers by id or e-mail address, the newest first. */
export const namesakes = (about: string) => ({
  where: { OR: [{ id: about }, { email: about }, { user: { email: about.toLowerCase() } }] },
  orderBy: [{ createdAt: 'desc' as const }, { id: 'desc' as const }],
  take: MAX_NAMESAKES + 1,
});

/** The customer whose image at Stripe bears this id. */
const imageOf = (realmId: string, stripeId: string) => ({
  where: { stripeCustomers: { some: { realmId, stripeId } } },
  take: 1,
});

/**
 * What Stripe may know of a payment (`pay_…`), of a customer (id or e-mail address) or under an id of its own. Undefined
 * when neither we nor Stripe's ids have such a name.
 * @throws StripeError when Stripe does not answer
 */
export async function findRoots(
  db: Db,
  settings: StripeSettings,
  { realmId, about, most }: { realmId: string; about: string; most: number },
): Promise<Roots | undefined> {
  if (about.startsWith('pay_')) return ofPayment(db, realmId, about);
  const ref = refOfId(about);
  if (ref !== undefined) return { subject: about, refs: [ref], isCut: false };
  const select = { id: true, stripeCustomers: { where: { realmId }, select: { stripeId: true } } } as const;
  const customers = about.startsWith('cus_')
    ? await db.customer.findMany({ ...imageOf(realmId, about), select })
    : await db.customer.findMany({ ...namesakes(about), select });
  const [first] = customers;
  if (first === undefined) return undefined;
  const refs: ObjectRef[] = [];
  let isCut = customers.length > MAX_NAMESAKES;
  const images = customers.slice(0, MAX_NAMESAKES).flatMap(({ stripeCustomers }) => stripeCustomers);
  for (const { stripeId } of images) {
    const listed = await listAboutCustomer(settings, stripeId, most);
    refs.push(...listed.refs);
    isCut ||= listed.isCut;
  }
  return { subject: first.id, refs, isCut };
}

async function ofPayment(db: Db, realmId: string, id: string): Promise<Roots | undefined> {
  const payment = await db.payment.findFirst({
    where: { id, realmId },
    select: { stripeSession: true, stripeIntent: true, stripeCharge: true, stripeInvoice: true },
  });
  if (!payment) return undefined;
  const ids = Object.values(payment).filter((link) => link !== null);
  return { subject: id, refs: ids.flatMap((link) => refOfId(link) ?? []), isCut: false };
}
