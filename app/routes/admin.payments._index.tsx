import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData, useLocation } from '@remix-run/react';
import { ColumnMenu } from '~/components/console/column-menu';
import { leavesRowsOut, useChosenColumns } from '~/components/console/columns';
import { useConsole } from '~/components/console/console-context';
import { ExportLink } from '~/components/console/export-link';
import { type FilterChoice, FilterBar } from '~/components/console/filter-bar';
import { ListCard } from '~/components/console/list-card';
import { LIST_TEXTS } from '~/components/console/list-texts';
import { PAYMENT_COLUMNS, PaymentTable } from '~/components/console/payment-table';
import { realmChoice } from '~/components/console/realm-choice';
import { RecordOffline } from '~/components/console/record-offline';
import { SavedViews } from '~/components/console/saved-views';
import { inWords, startingLarge } from '~/components/console/state-badges';
import { useHeldData, useLive } from '~/components/console/use-live';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { PageHeader } from '~/components/ui/page-header';
import {
  consoleRealm,
  listPayments,
  pageOf,
  paymentFilters,
  readCurrencies,
  readRealms,
} from '~/modules/admin/index.server';
import { requireStaff } from '~/modules/auth/index.server';
import { hasRole } from '~/modules/auth/shared';
import {
  PAYMENT_KIND_LABEL,
  PAYMENT_KINDS,
  PAYMENT_STATE_LABEL,
  PAYMENT_STATES,
  type PaymentState,
} from '~/modules/payments/shared';
import { listViews } from '~/modules/views/index.server';
import { db } from '~/platform/db.server';

export async function loader({ request }: LoaderFunctionArgs) {
  const { id, role } = await requireStaff(request, 'viewer');
  const realm = await consoleRealm();
  const { searchParams } = new URL(request.url);
  const filters = paymentFilters(searchParams, await readRealms(db()), realm.id);
  const [list, currencies, ownViews] = await Promise.all([
    listPayments(db(), filters, pageOf(searchParams)),
    readCurrencies(db(), filters.realmIds),
    listViews(db(), id, 'payments'),
  ]);
  return { list, currencies, ownViews, mayRecord: hasRole(role, 'finance') };
}

/** Named lists; the first is all. */
const VIEWS: readonly { label: string; states: readonly PaymentState[] }[] = [
  { label: 'All', states: [] },
  { label: 'Paid', states: ['paid'] },
  { label: 'Open', states: ['open', 'processing'] },
  { label: 'In review', states: ['review'] },
  { label: 'Failed', states: ['failed'] },
];

const REASONS = ['amount_differs', 'no_money_object', 'paid_twice', 'no_payment', 'unknown_payment'];

export { unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export default function PaymentsPage() {
  const { list, currencies, ownViews, mayRecord } = useHeldData(useLoaderData<typeof loader>());
  useLive();
  const { realms } = useConsole();
  const { search } = useLocation();
  const columns = useChosenColumns(PAYMENT_COLUMNS);
  const choices: FilterChoice[] = [
    {
      name: 'state',
      label: 'State',
      options: PAYMENT_STATES.map((value) => ({ value, label: PAYMENT_STATE_LABEL[value] })),
    },
    {
      name: 'kind',
      label: 'Kind',
      options: PAYMENT_KINDS.map((value) => ({ value, label: PAYMENT_KIND_LABEL[value] })),
    },
    {
      name: 'currency',
      label: 'Currency',
      options: currencies.map((value) => ({ value, label: value.toUpperCase() })),
    },
    {
      name: 'reason',
      label: 'Review reason',
      options: REASONS.map((value) => ({ value, label: startingLarge(inWords(value)) })),
    },
    realmChoice(realms),
  ];
  return (
    <>
      <PageHeader
        title="Payments"
        actions={
          <>
            {mayRecord ? <RecordOffline /> : null}
            <ExportLink path="/admin/payments.csv" />
          </>
        }
      />
      <SavedViews
        label="Saved views"
        name="state"
        views={VIEWS.map(({ label, states }) => ({ label, values: states }))}
        own={{ list: 'payments', views: ownViews }}
      />
      <FilterBar
        text={{
          name: 'q',
          label: 'E-mail, name, amount, card digits or any id',
          placeholder: 'E-mail, name, amount, last 4, any id',
          chip: 'Search',
        }}
        choices={choices}
        ranges={[
          { label: 'Created', kind: 'days', from: 'since', to: 'until' },
          { label: 'Settled', kind: 'days', from: 'settled', to: 'settledUntil' },
          { label: 'Amount', kind: 'amount', from: 'min', to: 'max' },
        ]}
        aside={<ColumnMenu choices={PAYMENT_COLUMNS} />}
      />
      <ListCard
        list={list}
        noun={['payment', 'payments']}
        isFiltered={leavesRowsOut(search)}
        empty="A payment appears here as soon as a customer picks a pack."
      >
        <PaymentTable label="Payments" payments={list.rows} columns={columns} />
      </ListCard>
    </>
  );
}

export const meta: MetaFunction = () => [{ title: 'Payments · Credence console' }];

export function ErrorBoundary() {
  return (
    <RouteErrorBoundary home={{ to: '/admin/payments', label: 'Show all payments' }} texts={LIST_TEXTS} />
  );
}
