import { classes } from '~/components/ui/classes';
import { Banner } from '~/components/ui/notice';

export interface ShownRealm {
  name: string;
  mode: 'test' | 'live';
}

/** Which Stripe account and mode everything on the screen belongs to. */
export function RealmBadge({ realm }: { realm: ShownRealm }) {
  const isTest = realm.mode === 'test';
  return (
    <span
      title={`Realm: ${realm.name}, ${realm.mode} mode`}
      className={classes(
        'inline-flex h-6 min-w-0 max-w-full items-center gap-2 rounded border px-2 text-xs font-medium',
        isTest ? 'border-warn-line bg-warn-soft text-warn' : 'border-idle-line bg-idle-soft text-idle',
      )}
    >
      <span className="uppercase tracking-wide">{realm.mode}</span>
      <span className="truncate font-normal">{realm.name}</span>
    </span>
  );
}

/** Tells customers that nothing here costs anything; absent in live mode. */
export function TestModeBanner({ realm }: { realm: ShownRealm }) {
  if (realm.mode === 'live') return null;
  return (
    <Banner tone="warn" label="Test mode">
      Test mode: no real money moves. Pay with the card{' '}
      <span className="figures whitespace-nowrap">4242 4242 4242 4242</span>.
    </Banner>
  );
}
