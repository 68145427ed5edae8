import { classes } from '~/components/ui/classes';
import { type RealmRef } from '~/modules/admin/shared';
import { Notice } from '~/components/ui/notice';
import { useConsole } from './console-context';

const MARK =
  'striped inline-flex h-5 items-center gap-1 whitespace-nowrap rounded border border-line-strong px-2 text-xs text-text-muted';

/** Beside a row of another realm than the present one; nothing beside rows of the present one. */
export function RealmMark({
  realmId,
  className,
}: {
  realmId: string | null;
  className?: string | undefined;
}) {
  const { realm: here, realms, keyless } = useConsole();
  if (realmId === null || realmId === here.id) return null;
  const isKeyless = keyless.includes(realmId);
  const realm = realms.find(({ id }) => id === realmId);
  return (
    <span
      title={isKeyless ? 'A row of another realm, whose key is not held here' : 'A row of another realm'}
      className={classes(MARK, className)}
    >
      {realm === undefined ? 'Other realm' : realmWords(realm)}
      {isKeyless ? ', no key' : ''}
    </span>
  );
}

/** Above a row of which Stripe cannot be asked; nothing above any other. */
export function KeylessNotice({ realmId }: { realmId: string }) {
  const { keyless } = useConsole();
  if (!keyless.includes(realmId)) return null;
  return (
    <Notice tone="warn" className="mb-4" title="The key of its realm is not held here">
      It can be read, and Stripe cannot be asked about it: what is under way stays as it is, and nothing is
      lost. Put the key back among those of the former realms and it goes on by itself.
    </Notice>
  );
}

export const realmWords = ({ name, mode }: Pick<RealmRef, 'name' | 'mode'>): string => `${name}, ${mode}`;
