import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData, useLocation } from '@remix-run/react';
import Download from 'lucide-react/icons/download';
import { AuditCheckButton, AuditCheckResult } from '~/components/console/audit-check';
import { AuditTable } from '~/components/console/audit-table';
import { actWords } from '~/components/console/audit-words';
import { FilterBar } from '~/components/console/filter-bar';
import { ListCard } from '~/components/console/list-card';
import { LIST_TEXTS } from '~/components/console/list-texts';
import { inWords, startingLarge } from '~/components/console/state-badges';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { PageHeader } from '~/components/ui/page-header';
import { auditFilters, listAudit, pageOf, readAuditWords } from '~/modules/admin/index.server';
import { requireStaff } from '~/modules/auth/index.server';
import { db } from '~/platform/db.server';

// Comments and bodies may hold what a customer wrote: those who only look at figures have no need of it.
export async function loader({ request }: LoaderFunctionArgs) {
  await requireStaff(request, 'support');
  const { searchParams } = new URL(request.url);
  const [list, words] = await Promise.all([
    listAudit(db(), auditFilters(searchParams), pageOf(searchParams)),
    readAuditWords(db()),
  ]);
  return { list, words };
}

export { unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export default function AuditPage() {
  const { list, words } = useLoaderData<typeof loader>();
  const { search } = useLocation();
  return (
    <>
      <PageHeader
        title="Audit"
        description="Who did what and why. Rows are only ever added, each chained to the one before it."
        actions={
          <>
            <AuditCheckButton />
            <a
              href={`/admin/audit.csv${search}`}
              download
              className="inline-flex h-9 items-center gap-2 rounded border border-line-strong bg-surface-raised px-3 text-sm font-medium shadow-card hover:bg-surface-hover"
            >
              <Download aria-hidden size={14} className="text-text-muted" />
              Export CSV
            </a>
          </>
        }
      />
      <AuditCheckResult />
      <FilterBar
        text={{
          name: 'q',
          label: 'Id of a subject, an actor or a request, or an actor’s e-mail',
          placeholder: 'Subject, actor or request',
          chip: 'Search',
        }}
        choices={[
          {
            name: 'act',
            label: 'Act',
            options: words.acts.map((value) => ({ value, label: actWords(value) })),
          },
          {
            name: 'reason',
            label: 'Reason',
            options: words.reasons.map((value) => ({ value, label: startingLarge(inWords(value)) })),
          },
        ]}
        ranges={[{ label: 'Done', kind: 'days', from: 'since', to: 'until' }]}
        given={[{ name: 'actor', label: 'Actor' }]}
      />
      <ListCard
        list={list}
        noun={['act', 'acts']}
        isFiltered={search !== ''}
        empty="A row appears here with the first act of staff, of a client of the API or of the system."
      >
        <AuditTable rows={list.rows} />
      </ListCard>
    </>
  );
}

export const meta: MetaFunction = () => [{ title: 'Audit · Credence console' }];

export function ErrorBoundary() {
  return (
    <RouteErrorBoundary home={{ to: '/admin/audit', label: 'Show the whole audit' }} texts={LIST_TEXTS} />
  );
}
