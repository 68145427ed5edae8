import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { FilterBar } from '~/components/console/filter-bar';
import { ListCard } from '~/components/console/list-card';
import { LIST_TEXTS } from '~/components/console/list-texts';
import { customerName } from '~/components/console/payment-table';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { Credits } from '~/components/money/credits';
import { Badge } from '~/components/ui/badge';
import { classes } from '~/components/ui/classes';
import { CopyId } from '~/components/ui/copy-id';
import { DataTable, RowLink, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { PageHeader } from '~/components/ui/page-header';
import { TimeAgo } from '~/components/ui/time';
import { consoleRealm, customerFilters, listCustomers, pageOf } from '~/modules/admin/index.server';
import { CUSTOMER_DELETION_STATE, type CustomerRow } from '~/modules/admin/shared';
import { requireStaff } from '~/modules/auth/index.server';
import { db } from '~/platform/db.server';

export async function loader({ request }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  const { mode } = await consoleRealm();
  const { searchParams } = new URL(request.url);
  const filters = customerFilters(searchParams);
  return {
    list: await listCustomers(db(), filters, mode, pageOf(searchParams)),
    isFiltered: filters.text !== undefined || filters.states.length > 0,
  };
}

export { unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export default function CustomersPage() {
  const { list, isFiltered } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader title="Customers" />
      <FilterBar
        text={{
          name: 'q',
          label: 'E-mail, name or id',
          placeholder: 'E-mail, name or any id',
          chip: 'Search',
        }}
        choices={[
          {
            name: 'state',
            label: 'Deletion',
            options: [
              { value: CUSTOMER_DELETION_STATE.being_deleted, label: 'Under way' },
              { value: CUSTOMER_DELETION_STATE.deleted, label: 'Done' },
            ],
          },
        ]}
      />
      <ListCard
        list={list}
        noun={['customer', 'customers']}
        isFiltered={isFiltered}
        empty="A customer appears here when they sign up."
      >
        <CustomerTable customers={list.rows} />
      </ListCard>
    </>
  );
}

function CustomerTable({ customers }: { customers: readonly CustomerRow[] }) {
  return (
    <DataTable label="Customers" minWidth="none">
      <THead>
        <Th>Customer</Th>
        <Th className="hidden sm:table-cell">Name</Th>
        <Th numeric>Available</Th>
        <Th numeric className="hidden sm:table-cell">
          Debt
        </Th>
        <Th numeric className="hidden sm:table-cell">
          Payments
        </Th>
        <Th className="hidden sm:table-cell">Id</Th>
        <Th numeric>Since</Th>
      </THead>
      <TBody>
        {customers.map((customer) => (
          <Tr key={customer.id}>
            <Td className="w-full max-w-0 truncate sm:w-auto sm:max-w-[20rem]">
              <RowLink to={`/admin/customers/${customer.id}`}>{customerName(customer)}</RowLink>
            </Td>
            <Td className="hidden max-w-[14rem] truncate text-text-muted sm:table-cell">
              {customer.name ?? '–'}
              {customer.hasLogin ? null : ' (no log-in)'}
            </Td>
            <Td numeric>
              <span className="inline-flex items-center gap-2">
                {customer.isFrozen ? <Badge tone="bad">Frozen</Badge> : null}
                <Credits value={customer.available} />
              </span>
            </Td>
            <Td
              numeric
              className={classes('hidden sm:table-cell', customer.debt > 0n ? 'text-bad' : 'text-text-muted')}
            >
              <Credits value={customer.debt} />
            </Td>
            <Td numeric className="hidden sm:table-cell">
              {customer.payments}
            </Td>
            <Td className="hidden sm:table-cell">
              <CopyId id={customer.id} label="customer id" />
            </Td>
            <Td numeric className="text-text-muted">
              <TimeAgo at={customer.createdAt} className="relative whitespace-nowrap" />
            </Td>
          </Tr>
        ))}
      </TBody>
    </DataTable>
  );
}

export const meta: MetaFunction = () => [{ title: 'Customers · Credence console' }];

export function ErrorBoundary() {
  return (
    <RouteErrorBoundary home={{ to: '/admin/customers', label: 'Show all customers' }} texts={LIST_TEXTS} />
  );
}
