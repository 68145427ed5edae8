import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';

import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { CustomerPayments } from '~/components/money/customer-payments';
import { type StoreHandle } from '~/components/shell/store-handle';
import { Card } from '~/components/ui/card';
import { PageHeader } from '~/components/ui/page-header';
import { Pagination } from '~/components/ui/pagination';
import { EmptyState } from '~/components/ui/states';
import { requireCustomer } from '~/modules/auth/index.server';
import { readBalance } from '~/modules/ledger/index.server';
import { listCustomerPayments, type PaymentPlace } from '~/modules/payments/index.server';
import { currentRealm } from '~/modules/stripe/index.server';
import { db } from '~/platform/db.server';

const PAYMENTS = 25;

export async function loader({ request }: LoaderFunctionArgs) {
  const { customerId } = await requireCustomer(request);
  const { mode: book } = await currentRealm();
  const place = placeOf(new URL(request.url).searchParams);
  const [page, balance] = await Promise.all([
    listCustomerPayments(db(), { book, customerId, place, take: PAYMENTS }),
    readBalance(db(), { book, customerId }),
  ]);
  return { ...page, balance: balance.available };
}

/** A cursor is the id of a payment; anything else is the first page. */
function placeOf(search: URLSearchParams): PaymentPlace {
  for (const [name, from] of [['after', 'older'] as const, ['before', 'newer'] as const]) {
    const id = search.get(name);
    if (id !== null && /^pay_[0-9a-f]{32}$/.test(id)) return { from, id };
  }
  return { from: 'newest' };
}

export default function PaymentsPage() {
  const { payments, older, newer } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader title="Payments" back={{ to: '/history', label: 'History' }} />
      <Card flush>
        {payments.length === 0 ? (
          <EmptyState title="No payments here">Each pack you buy appears here with its receipt.</EmptyState>
        ) : (
          <CustomerPayments payments={payments} />
        )}
        {older === undefined && newer === undefined ? null : <Pagination next={older} previous={newer} />}
      </Card>
    </>
  );
}

export const meta: MetaFunction = () => [{ title: 'Payments · Credence' }];

export const handle: StoreHandle<{ balance: bigint }> = { balance: ({ balance }) => balance };

export function ErrorBoundary() {
  return <RouteErrorBoundary />;
}
