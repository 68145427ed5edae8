import { currentRealm, heldKeys, maskedKey, realmOfKey } from '~/modules/stripe/index.server';
import { type Db } from '~/platform/db.server';

import { type RealmState } from './shared';
import { whatIsOpen } from './what-is-open.server';

/** More realms than any installation has had. */
const MANY = 100;

export interface RealmStates {
  /** The selling one first, then those with a key, then by age. */
  realms: RealmState[];
  /** Keys, hidden but for their ends, of which Stripe has not said yet whose they are. */
  unknownKeys: string[];
}

/**
 * Every realm that this installation knows: whether its key is held, what is under way in it, and whether the key is
 * still needed.
 * @throws RealmUnknownError while the selling key's realm cannot be read
 */
export async function listRealmStates(db: Db, now: Date): Promise<RealmStates> {
  const here = await currentRealm();
  const keys = await Promise.all(
    heldKeys().map(async (key) => ({
      ...key,
      realm: await realmOfKey(key),
      masked: maskedKey(key.settings),
    })),
  );
  const rows = await db.realm.findMany({
    select: { id: true, account: true, mode: true, name: true, sells: true, createdAt: true },
    orderBy: { createdAt: 'desc' },
    take: MANY,
  });
  const realms = await Promise.all(
    rows.map(async ({ sells, createdAt, ...realm }): Promise<RealmState> => {
      const held = keys.filter((key) => key.realm?.id === realm.id);
      return {
        ...(await whatIsOpen(db, realm, now)),
        ...{ realm, sells, createdAt, isHere: realm.id === here.id },
        heldKey: held[0]?.masked ?? null,
        secrets: held.reduce((sum, key) => sum + key.webhookSecrets.length, 0),
      };
    }),
  );
  const rankOf = ({ isHere, heldKey }: RealmState) => (isHere ? 0 : heldKey === null ? 2 : 1);
  return {
    realms: realms.sort((a, b) => rankOf(a) - rankOf(b)),
    unknownKeys: keys.flatMap((key) => (key.realm === undefined ? [key.masked] : [])),
  };
}
