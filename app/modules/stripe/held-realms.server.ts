import { env } from '~/platform/env.server';
import { log } from '~/platform/log.server';
import { setContextRealm } from '~/platform/request-context.server';

import { type StripeSettings } from './client.server';
import { currentRealm, formerRealm, RealmUnknownError } from './realm-current.server';
import { stripeSettings } from './settings.server';
import { type RealmView } from './shared';

/** A realm and the key that opens it. */
export interface HeldRealm {
  realm: RealmView;
  settings: StripeSettings;
}

export type SettingsOutcome =
  | ({ outcome: 'held' } & HeldRealm)
  /** Its key is in no setting of this process: its rows can be read, and Stripe cannot be asked about them. */
  | { outcome: 'no_key' };

/** Where rooms ask for the key of a row's realm. */
export type SettingsOf = (realmId: string) => Promise<SettingsOutcome>;

/** A key of this process with the secrets of its endpoint. */
export interface KeySettings {
  settings: StripeSettings;
  webhookSecrets: readonly string[];
  /** Whether this process sells with it. */
  sells: boolean;
}

/** Every key that this process holds, the selling one first. */
export function heldKeys(): KeySettings[] {
  const { STRIPE_FORMER_REALMS, STRIPE_WEBHOOK_SECRETS } = env();
  const settings = stripeSettings();
  return [
    { settings, webhookSecrets: STRIPE_WEBHOOK_SECRETS, sells: true },
    ...STRIPE_FORMER_REALMS.map(({ secretKey, webhookSecrets }) => ({
      settings: { ...settings, secretKey },
      ...{ webhookSecrets, sells: false },
    })),
  ];
}

/** A key as it may be shown: `sk_live_…cdef`. */
export const maskedKey = ({ secretKey }: StripeSettings): string =>
  `${/^[a-z]+_[a-z]+_/.exec(secretKey)?.[0] ?? ''}…${secretKey.slice(-4)}`;

/** The realm of a key; undefined while it was never seen and Stripe does not say whose it is. */
export async function realmOfKey({ settings, sells }: KeySettings): Promise<RealmView | undefined> {
  try {
    return await (sells ? currentRealm() : formerRealm(settings));
  } catch (error) {
    if (!(error instanceof RealmUnknownError)) throw error;
    tellUnknown(error);
    return undefined;
  }
}

const toldOf = new Set<string>();

/** Once for each reason: it is asked again for as long as it stays so. */
function tellUnknown(error: RealmUnknownError): void {
  if (toldOf.has(error.message)) return;
  toldOf.add(error.message);
  log.warn('realm of a key not known', { error: error.message });
}

/**
 * Every realm that this process can work for, each once, the selling one first. A former key whose realm is not known
 * yet is left out until it is.
 * @throws RealmUnknownError while the selling key's realm cannot be read
 */
export async function heldRealms(): Promise<HeldRealm[]> {
  const selling = { realm: await currentRealm(), settings: stripeSettings() };
  const held = [selling];
  for (const key of heldKeys()) {
    const realm = key.sells ? undefined : await realmOfKey(key);
    if (realm !== undefined && !held.some((other) => other.realm.id === realm.id))
      held.push({ realm, settings: key.settings });
  }
  return held;
}

/**
 * The key of a row's own realm: no id of one realm is ever asked with the key of another. Names the realm for the log
 * lines of this request or job.
 * @throws RealmUnknownError while the selling key's realm cannot be read
 */
export const settingsOf: SettingsOf = async (realmId) => {
  const realm = await currentRealm();
  if (realm.id === realmId) return { outcome: 'held', realm, settings: stripeSettings() };
  const asked = settingsAmong(await heldRealms());
  setContextRealm(realmId);
  return asked(realmId);
};

/** Among these keys. */
export const settingsAmong =
  (realms: readonly HeldRealm[]): SettingsOf =>
  (realmId) => {
    const held = realms.find(({ realm }) => realm.id === realmId);
    return Promise.resolve(held === undefined ? { outcome: 'no_key' } : { outcome: 'held', ...held });
  };
