import { classes } from '~/components/ui/classes';
import { type RealmRef } from '~/modules/admin/shared';
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
  const { realm: here, realms } = useConsole();
  if (realmId === null || realmId === here.id) return null;
  const realm = realms.find(({ id }) => id === realmId);
  return (
    <span title="A row of another realm" className={classes(MARK, className)}>
      {realm === undefined ? 'Other realm' : realmWords(realm)}
    </span>
  );
}

export const realmWords = ({ name, mode }: Pick<RealmRef, 'name' | 'mode'>): string => `${name}, ${mode}`;
