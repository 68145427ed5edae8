import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData, useLocation } from '@remix-run/react';
import { useConsole } from '~/components/console/console-context';
import { ExportLink } from '~/components/console/export-link';
import { FilterBar } from '~/components/console/filter-bar';
import { ListCard } from '~/components/console/list-card';
import { LIST_TEXTS } from '~/components/console/list-texts';
import { DisputeTable } from '~/components/console/money-back-table';
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
import {
  DISPUTE_ANSWERABLE,
  DISPUTE_OPEN,
  DISPUTE_STATUS,
  DISPUTE_STATUSES,
} from '~/modules/disputes/shared';
import { db } from '~/platform/db.server';

export async function loader({ request }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  const realm = await consoleRealm();
  const { searchParams } = new URL(request.url);
  const filters = moneyBackFilters(searchParams, 'dispute', await readRealms(db()), realm.id);
  return { list: await listMoneyBacks(db(), filters, pageOf(searchParams)) };
}

/** Named lists; the first is all. */
const VIEWS: readonly { label: string; values: readonly string[] }[] = [
  { label: 'All', values: [] },
  { label: 'Needs answer', values: DISPUTE_ANSWERABLE },
  { label: 'Open', values: DISPUTE_OPEN },
  { label: 'Won', values: ['won', 'prevented', 'warning_closed'] },
  { label: 'Lost', values: ['lost'] },
];

const REASONS = [
  ...['fraudulent', 'product_not_received', 'product_unacceptable', 'subscription_canceled'],
  ...['duplicate', 'credit_not_processed', 'unrecognized', 'general'],
];

export { unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export default function DisputesPage() {
  const { list } = useLoaderData<typeof loader>();
  useLive();
  const { realms } = useConsole();
  const { search } = useLocation();
  return (
    <>
      <PageHeader
        title="Disputes"
        description="Money that banks ask about, hold or have taken back. They are answered at Stripe."
        actions={<ExportLink path="/admin/disputes.csv" />}
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
            options: DISPUTE_STATUSES.map((value) => ({ value, label: DISPUTE_STATUS[value].label })),
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
        noun={['dispute', 'disputes']}
        isFiltered={search !== ''}
        empty="A dispute appears here as soon as a bank asks about a payment."
      >
        <DisputeTable label="Disputes" rows={list.rows} />
      </ListCard>
    </>
  );
}

export const meta: MetaFunction = () => [{ title: 'Disputes · Credence console' }];

export function ErrorBoundary() {
  return (
    <RouteErrorBoundary home={{ to: '/admin/disputes', label: 'Show all disputes' }} texts={LIST_TEXTS} />
  );
}
