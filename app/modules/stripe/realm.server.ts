import { createHash } from 'node:crypto';

import { type Db, inTransaction, type Tx } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';
import { log } from '~/platform/log.server';
import { seconds } from '~/platform/time';

import { stripeClient, type StripeSettings } from './client.server';
import { type RealmView } from './shared';

export type RealmOutcome =
  | { outcome: 'known'; realm: RealmView }
  /** The key was never seen here and Stripe did not say whose it is: nothing can be received or sold yet. */
  | { outcome: 'unknown'; reason: string };

const VIEW = { id: true, account: true, mode: true, name: true } as const;

/** Names a key without holding it. */
export const fingerprintOf = (secretKey: string): string =>
  createHash('sha256').update(secretKey).digest('hex');

/** How an endpoint remembers the secret that it was made with, without telling it. */
export const secretMarkOf = (secret: string): string => fingerprintOf(secret).slice(0, 16);

export const modeOf = (secretKey: string): 'live' | 'test' =>
  /^(sk|rk)_live_/.test(secretKey) ? 'live' : 'test';

/**
 * The realm that a key belongs to: by fingerprint when the key is known, so that the process starts and receives while
 * Stripe is down; else Stripe is asked whose key it is. The key's realm is the one that sells in its book.
 */
export async function findRealm(db: Db, settings: StripeSettings): Promise<RealmOutcome> {
  const fingerprint = fingerprintOf(settings.secretKey);
  const known = await db.realmKey.findUnique({
    where: { fingerprint },
    select: { realm: { select: { ...VIEW, sells: true } } },
  });
  if (known !== null) {
    const { sells, ...realm } = known.realm;
    if (!sells) await inTransaction(db, 'realm sells again', (tx) => makeSeller(tx, realm));
    return { outcome: 'known', realm };
  }
  return findNewKey(db, settings, true);
}

/** The realm of a key that sells no more, or not yet, in the same way. Which realm sells stays as it is. */
export async function findFormerRealm(db: Db, settings: StripeSettings): Promise<RealmOutcome> {
  const known = await db.realmKey.findUnique({
    where: { fingerprint: fingerprintOf(settings.secretKey) },
    select: { realm: { select: VIEW } },
  });
  return known === null ? findNewKey(db, settings, false) : { outcome: 'known', realm: known.realm };
}

async function findNewKey(db: Db, settings: StripeSettings, sells: boolean): Promise<RealmOutcome> {
  const fingerprint = fingerprintOf(settings.secretKey);
  const account = await readAccount(settings);
  if (account.outcome === 'unknown') return account;
  const realm = await inTransaction(db, 'realm of a new key', (tx) =>
    saveRealm(tx, { fingerprint, mode: modeOf(settings.secretKey), sells, ...account }),
  );
  log.info('realm found for a new key', { realm: realm.id, account: realm.account, mode: realm.mode });
  return { outcome: 'known', realm };
}

type AccountOutcome =
  { outcome: 'read'; account: string; name: string } | { outcome: 'unknown'; reason: string };

async function readAccount(settings: StripeSettings): Promise<AccountOutcome> {
  try {
    const account = await stripeClient(settings).accounts.retrieveCurrent({}, { timeout: seconds(5) });
    const name = account.settings?.dashboard.display_name ?? account.business_profile?.name ?? account.id;
    return { outcome: 'read', account: account.id, name };
  } catch (error) {
    return { outcome: 'unknown', reason: error instanceof Error ? error.message : String(error) };
  }
}

async function saveRealm(
  tx: Tx,
  input: { fingerprint: string; account: string; mode: 'test' | 'live'; name: string; sells: boolean },
): Promise<RealmView> {
  await lockBook(tx, input.mode);
  const where = { account_mode: { account: input.account, mode: input.mode } };
  const existing = await tx.realm.findUnique({ where, select: VIEW });
  const realm =
    existing ??
    (await tx.realm.create({
      data: {
        id: newId('rlm'),
        account: input.account,
        mode: input.mode,
        name: input.name,
        sells: false,
      },
      select: VIEW,
    }));
  await tx.realmKey.createMany({
    data: [{ fingerprint: input.fingerprint, realmId: realm.id }],
    skipDuplicates: true,
  });
  if (input.sells) await makeSeller(tx, realm);
  return realm;
}

/** One realm per book sells. The former one keeps what it has and sells nothing more. */
async function makeSeller(tx: Tx, realm: RealmView): Promise<void> {
  await lockBook(tx, realm.mode);
  await tx.realm.updateMany({
    where: { mode: realm.mode, sells: true, id: { not: realm.id } },
    data: { sells: false },
  });
  await tx.realm.update({ where: { id: realm.id }, data: { sells: true }, select: { id: true } });
}

/** Realms of one book are made and switched one at a time. */
async function lockBook(tx: Tx, mode: 'test' | 'live'): Promise<void> {
  await tx.$queryRaw`SELECT id FROM book WHERE id = ${mode}::mode FOR NO KEY UPDATE`;
}

/**
 * The realm of a key as the database knows it, by its fingerprint or by its account, without writing anything: a key
 * that is only looked at sells nothing. Undefined for an account that was never seen here.
 */
export async function findRealmQuietly(
  db: Db,
  settings: StripeSettings,
  account: string | undefined,
): Promise<RealmView | undefined> {
  const known = await db.realmKey.findUnique({
    where: { fingerprint: fingerprintOf(settings.secretKey) },
    select: { realm: { select: VIEW } },
  });
  if (known !== null) return known.realm;
  if (account === undefined) return undefined;
  const where = { account_mode: { account, mode: modeOf(settings.secretKey) } };
  return (await db.realm.findUnique({ where, select: VIEW })) ?? undefined;
}
