import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData, useSearchParams } from '@remix-run/react';
import { BulkBar } from '~/components/console/bulk-bar';
import { useConsole } from '~/components/console/console-context';
import { DeadLetterGroups } from '~/components/console/dead-letter-groups';
import { DeadLetterTable } from '~/components/console/dead-letter-table';
import { DismissDialog } from '~/components/console/dismiss-dialog';
import { FilterBar } from '~/components/console/filter-bar';
import { ListCard } from '~/components/console/list-card';
import { LIST_TEXTS } from '~/components/console/list-texts';
import { realmChoice } from '~/components/console/realm-choice';
import { ReplayMany } from '~/components/console/replay-dialog';
import { wishOfFilters } from '~/components/console/replay-wish';
import { SavedViews } from '~/components/console/saved-views';
import { useHeldData, useLive } from '~/components/console/use-live';
import { useSelection } from '~/components/console/use-selection';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { PageHeader } from '~/components/ui/page-header';
import {
  consoleRealm,
  deadLetterFilters,
  groupDeadLetters,
  listDeadLetters,
  pageOf,
  readCatalogChoices,
  readRealms,
} from '~/modules/admin/index.server';
import { type DeadLetterRow } from '~/modules/admin/shared';
import { requireStaff } from '~/modules/auth/index.server';
import { hasRole } from '~/modules/auth/shared';
import { db } from '~/platform/db.server';

export async function loader({ request }: LoaderFunctionArgs) {
  const { role } = await requireStaff(request, 'viewer');
  const realm = await consoleRealm();
  const { searchParams } = new URL(request.url);
  const filters = deadLetterFilters(searchParams, await readRealms(db()), realm.id);
  const [list, groups, choices] = await Promise.all([
    listDeadLetters(db(), filters, pageOf(searchParams)),
    groupDeadLetters(db(), filters),
    hasRole(role, 'finance') ? readCatalogChoices(db()) : [],
  ]);
  return { role, list, groups, choices, wish: wishOfFilters(filters) };
}

const VIEWS = [
  { label: 'All', values: [] },
  { label: 'Quarantined', values: ['quarantined'] },
  { label: 'Dead', values: ['dead'] },
];
const FILTERS = ['type', 'reason', 'names', 'since', 'until', 'object'];
const idOf = (row: DeadLetterRow) => row.id;
const seenOf = (row: DeadLetterRow) => ({ realmId: row.realmId, eventId: row.id, run: row.run });

export { unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export default function DeadLettersPage() {
  const { role, list, groups, choices, wish } = useHeldData(useLoaderData<typeof loader>());
  const { realms } = useConsole();
  const [search] = useSearchParams();
  const selection = useSelection(list.rows, idOf);
  const mayAct = hasRole(role, 'support');
  const isFiltered = FILTERS.some((name) => search.has(name));
  useLive({ isHeld: selection.rows.length > 0 });
  return (
    <>
      <PageHeader
        title="Dead letters"
        description="Events that wait for a person. Nothing of them is lost; each is decided once what it lacks is there."
        actions={
          mayAct && wish.can && list.rows.length > 0 ? (
            <ReplayMany
              opener={{ label: isFiltered ? 'Replay all that fit…' : 'Replay all…' }}
              realmId={wish.realmId}
              selection={wish.selection}
              count={list.count.isExact ? list.count.n : undefined}
            />
          ) : undefined
        }
      />
      <SavedViews label="Kinds of dead letters" name="status" views={VIEWS} />
      <FilterBar
        text={{ name: 'type', label: 'Type or id', placeholder: 'invoice.paid, invoice. for all, evt_…' }}
        choices={[realmChoice(realms)]}
        ranges={[{ label: 'Received', kind: 'days', from: 'since', to: 'until' }]}
        given={[
          { name: 'reason', label: 'Reason' },
          { name: 'names', label: 'About' },
          { name: 'object', label: 'Object' },
        ]}
      />
      <DeadLetterGroups groups={groups} role={role} choices={choices} />
      <ListCard
        list={list}
        noun={['event', 'events']}
        isFiltered={search.size > 0}
        empty="An event stands here when it cannot be decided without a person. There is none: all is well."
      >
        <DeadLetterTable rows={list.rows} selection={mayAct ? selection : undefined} />
      </ListCard>
      <BulkBar count={selection.rows.length} noun={['event', 'events']} onClear={selection.clear}>
        <PickedActs rows={selection.rows} mayDismissMoney={hasRole(role, 'finance')} />
      </BulkBar>
    </>
  );
}

function PickedActs({ rows, mayDismissMoney }: { rows: DeadLetterRow[]; mayDismissMoney: boolean }) {
  const realmIds = new Set(rows.map(({ realmId }) => realmId));
  const [realmId] = realmIds;
  const isMoney = rows.some(({ stuck }) => stuck.money !== null);
  return (
    <>
      {realmId === undefined || realmIds.size > 1 ? (
        <span className="text-sm text-text-muted">A replay is of one realm.</span>
      ) : (
        <ReplayMany
          opener={{ label: 'Replay…', variant: 'primary', size: 'sm' }}
          realmId={realmId}
          selection={{ ids: rows.map(idOf) }}
          count={rows.length}
        />
      )}
      <DismissDialog
        opener={{ label: 'Dismiss…', size: 'sm' }}
        events={rows.map(seenOf)}
        isMoney={isMoney}
        mayDismissMoney={mayDismissMoney}
      />
    </>
  );
}

export const meta: MetaFunction = () => [{ title: 'Dead letters · Credence console' }];

export function ErrorBoundary() {
  return (
    <RouteErrorBoundary
      home={{ to: '/admin/dead-letters', label: 'Show all dead letters' }}
      texts={LIST_TEXTS}
    />
  );
}
