import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData, useLocation } from '@remix-run/react';
import { useConsole } from '~/components/console/console-context';
import { ExportLink } from '~/components/console/export-link';
import { type FilterChoice, FilterBar } from '~/components/console/filter-bar';
import { ListCard } from '~/components/console/list-card';
import { LIST_TEXTS } from '~/components/console/list-texts';
import { PaymentTable } from '~/components/console/payment-table';
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
import { PAYMENT_STATE_LABEL, PAYMENT_STATES, type PaymentState } from '~/modules/payments/shared';
import { db } from '~/platform/db.server';

export async function loader({ request }: LoaderFunctionArgs) {
  const { role } = await requireStaff(request, 'viewer');
  const realm = await consoleRealm();
  const { searchParams } = new URL(request.url);
  const filters = paymentFilters(searchParams, await readRealms(db()), realm.id);
  const [list, currencies] = await Promise.all([
    listPayments(db(), filters, pageOf(searchParams)),
    readCurrencies(db(), filters.realmIds),
  ]);
  return { list, currencies, mayRecord: hasRole(role, 'finance') };
}

/** Named lists; the first is all. */
const VIEWS: readonly { label: string; states: readonly PaymentState[] }[] = [
  { label: 'All', states: [] },
  { label: 'Paid', states: ['paid'] },
  { label: 'Open', states: ['open', 'processing'] },
  { label: 'In review', states: ['review'] },
  { label: 'Failed', states: ['failed'] },
];

const KINDS = [
  { value: 'pack', label: 'Pack' },
  { value: 'plan', label: 'Plan' },
  { value: 'topup', label: 'Top-up' },
  { value: 'offline', label: 'Offline' },
];

const REASONS = ['amount_differs', 'no_money_object', 'paid_twice', 'no_payment', 'unknown_payment'];

export { unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export default function PaymentsPage() {
  const { list, currencies, mayRecord } = useHeldData(useLoaderData<typeof loader>());
  useLive();
  const { realms } = useConsole();
  const { search } = useLocation();
  const choices: FilterChoice[] = [
    {
      name: 'state',
      label: 'State',
      options: PAYMENT_STATES.map((value) => ({ value, label: PAYMENT_STATE_LABEL[value] })),
    },
    { name: 'kind', label: 'Kind', options: KINDS },
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
      />
      <ListCard
        list={list}
        noun={['payment', 'payments']}
        isFiltered={search !== ''}
        empty="A payment appears here as soon as a customer picks a pack."
      >
        <PaymentTable label="Payments" payments={list.rows} />
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
