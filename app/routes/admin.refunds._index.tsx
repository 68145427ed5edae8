import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData, useLocation } from '@remix-run/react';
import { useConsole } from '~/components/console/console-context';
import { ExportLink } from '~/components/console/export-link';
import { FilterBar } from '~/components/console/filter-bar';
import { ListCard } from '~/components/console/list-card';
import { LIST_TEXTS } from '~/components/console/list-texts';
import { RefundTable } from '~/components/console/money-back-table';
import { realmChoice } from '~/components/console/realm-choice';
import { SavedViews } from '~/components/console/saved-views';
import { inWords, startingLarge } from '~/components/console/state-badges';
import { useLive } from '~/components/console/use-live';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { PageHeader } from '~/components/ui/page-header';
import {
  consoleRealm,
  listMoneyBacks,
  moneyBackFilters,
  pageOf,
  readRealms,
} from '~/modules/admin/index.server';
import { requireStaff } from '~/modules/auth/index.server';
import { REFUND_REASONS, REFUND_STATUS_LABEL, REFUND_STATUSES } from '~/modules/refunds/shared';
import { db } from '~/platform/db.server';

export async function loader({ request }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  const realm = await consoleRealm();
  const { searchParams } = new URL(request.url);
  const filters = moneyBackFilters(searchParams, 'refund', await readRealms(db()), realm.id);
  return { list: await listMoneyBacks(db(), filters, pageOf(searchParams)) };
}

/** Named lists; the first is all. */
const VIEWS: readonly { label: string; values: readonly string[] }[] = [
  { label: 'All', values: [] },
  { label: 'Waiting for approval', values: ['awaiting_approval'] },
  { label: 'Under way', values: ['requested', 'sending', 'pending'] },
  { label: 'Failed', values: ['failed', 'canceled', 'rejected'] },
  { label: 'Done', values: ['succeeded'] },
];

const REASONS = [...REFUND_REASONS, 'expired_uncaptured_charge'];

export { unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export default function RefundsPage() {
  const { list } = useLoaderData<typeof loader>();
  useLive();
  const { realms } = useConsole();
  const { search } = useLocation();
  return (
    <>
      <PageHeader
        title="Refunds"
        description="What went back, or is asked for, by staff here or at Stripe."
        actions={<ExportLink path="/admin/refunds.csv" />}
      />
      <SavedViews label="Saved views" name="status" views={VIEWS} />
      <FilterBar
        text={{
          name: 'q',
          label: 'E-mail, name, payment or any id',
          placeholder: 'E-mail, name, payment, any id',
          chip: 'Search',
        }}
        choices={[
          {
            name: 'status',
            label: 'State',
            options: REFUND_STATUSES.map((value) => ({ value, label: REFUND_STATUS_LABEL[value] })),
          },
          {
            name: 'reason',
            label: 'Reason',
            options: REASONS.map((value) => ({ value, label: startingLarge(inWords(value)) })),
          },
          realmChoice(realms),
        ]}
        ranges={[{ label: 'Made', kind: 'days', from: 'since', to: 'until' }]}
      />
      <ListCard
        list={list}
        noun={['refund', 'refunds']}
        isFiltered={search !== ''}
        empty="A refund appears here when staff ask for one, or when one is made at Stripe."
      >
        <RefundTable label="Refunds" rows={list.rows} />
      </ListCard>
    </>
  );
}

export const meta: MetaFunction = () => [{ title: 'Refunds · Credence console' }];

export function ErrorBoundary() {
  return <RouteErrorBoundary home={{ to: '/admin/refunds', label: 'Show all refunds' }} texts={LIST_TEXTS} />;
}
