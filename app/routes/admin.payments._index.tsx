import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { FilterBar } from '~/components/console/filter-bar';
import { ListCard } from '~/components/console/list-card';
import { PaymentTable } from '~/components/console/payment-table';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { PageHeader } from '~/components/ui/page-header';
import { consoleRealm, listPayments, pageOf, paymentFilters } from '~/modules/admin/index.server';
import { requireStaff } from '~/modules/auth/index.server';
import { PAYMENT_STATE_LABEL, PAYMENT_STATES } from '~/modules/payments/shared';
import { db } from '~/platform/db.server';

export async function loader({ request }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  const realm = await consoleRealm();
  const { searchParams } = new URL(request.url);
  const filters = paymentFilters(searchParams, realm.id);
  return {
    list: await listPayments(db(), filters, pageOf(searchParams)),
    isFiltered: filters.states.length > 0 || filters.text !== undefined || filters.settledSince !== undefined,
  };
}

export default function PaymentsPage() {
  const { list, isFiltered } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader title="Payments" />
      <FilterBar
        text={{ name: 'q', label: 'Customer or id', placeholder: 'E-mail, name, pay_, cs_, pi_, ch_, in_' }}
        choices={[
          {
            name: 'state',
            label: 'State',
            options: PAYMENT_STATES.map((value) => ({ value, label: PAYMENT_STATE_LABEL[value] })),
          },
        ]}
        given={[{ name: 'settled', label: 'Settled since' }]}
      />
      <ListCard
        list={list}
        noun={['payment', 'payments']}
        isFiltered={isFiltered}
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
    <RouteErrorBoundary
      home={{ to: '/admin/payments', label: 'Show all payments' }}
      texts={{ 400: { happened: 'The address asks for a page that this list did not make.' } }}
    />
  );
}
