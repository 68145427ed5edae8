import { type Db, type Tx } from '~/platform/db.server';
import { days } from '~/platform/time';

/** Who is to be forgotten, and by what rows name them. */
export interface Person {
  customerId: string;
  userId: string | null;
  emails: string[];
  /** Addresses, name and the product's id of them. */
  words: string[];
  /** What an event that tells of them says: addresses and ids at Stripe. */
  marks: string[];
  /** Nothing that is older is about them. */
  since: Date;
}

const MOST = 1000;

export async function readPerson(db: Db | Tx, customerId: string): Promise<Person> {
  const { userId, email, name, externalId, createdAt, user, stripeCustomers } =
    await db.customer.findUniqueOrThrow({
      where: { id: customerId },
      select: {
        ...{ userId: true, email: true, name: true, externalId: true, createdAt: true },
        user: { select: { email: true, name: true } },
        stripeCustomers: { select: { stripeId: true }, take: MOST },
      },
    });
  // Stripe customers that were lost since are known by the calls that made them.
  const made = await db.stripeCall.findMany({
    where: { purpose: customerId, kind: 'customer.create', objectId: { not: null } },
    select: { objectId: true },
    take: MOST,
  });
  const disputes = await db.moneyBack.findMany({
    where: { kind: 'dispute', stripeId: { not: null }, payment: { customerId } },
    select: { stripeId: true },
    take: MOST,
  });
  const emails = distinct([email, user?.email]);
  return {
    customerId,
    userId,
    emails,
    words: distinct([...emails, name, user?.name, externalId]),
    marks: distinct([
      ...emails,
      ...stripeCustomers.map(({ stripeId }) => stripeId),
      ...made.map(({ objectId }) => objectId),
      // A dispute names its evidence's customer and none of our ids.
      ...disputes.map(({ stripeId }) => stripeId),
    ]),
    since: new Date(createdAt.getTime() - days(1)),
  };
}

/** A single letter is no word that names anyone. */
const distinct = (words: readonly (string | null | undefined)[]): string[] => [
  ...new Set(words.filter((word): word is string => typeof word === 'string' && word.trim().length > 1)),
];
