import { type RealmView } from '~/modules/stripe/shared';
import { type Db } from '~/platform/db.server';

/** More realms than any book has had. */
const MANY = 100;
const VIEW = { id: true, account: true, mode: true, name: true } as const;

/**
 * The realm of this book in which what is named happened. A customer's is the one that sells if they bought there, else
 * where they bought last; `here` for what is unknown.
 */
export async function findIncidentRealm(
  db: Db,
  { about, here }: { about: readonly string[]; here: RealmView },
): Promise<RealmView> {
  const realms = await db.realm.findMany({ where: { mode: here.mode }, select: VIEW, take: MANY });
  const realmId = { in: realms.map(({ id }) => id) };
  const named = { in: [...about] };
  const found =
    (await db.payment.findFirst({
      where: { realmId, OR: [{ id: named }, { customerId: named }] },
      orderBy: [{ realm: { sells: 'desc' } }, { createdAt: 'desc' }],
      select: { realmId: true },
    })) ??
    (await db.event.findFirst({
      where: { realmId, id: named },
      orderBy: { receivedAt: 'desc' },
      select: { realmId: true },
    }));
  return realms.find(({ id }) => id === found?.realmId) ?? here;
}
