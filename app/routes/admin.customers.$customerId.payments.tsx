import { type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData, useParams } from '@remix-run/react';
import { MoneyBackTable, PlanTable, TopUpFacts } from '~/components/console/customer-money';
import { PaymentTable } from '~/components/console/payment-table';
import { Card } from '~/components/ui/card';
import { EmptyState } from '~/components/ui/states';
import { readCustomerMoney } from '~/modules/admin/index.server';
import { requireStaff } from '~/modules/auth/index.server';
import { db } from '~/platform/db.server';

export async function loader({ request, params }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  return readCustomerMoney(db(), params['customerId'] ?? '');
}

export { unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export default function CustomerPayments() {
  const { payments, plans, topUps, moneyBacks } = useLoaderData<typeof loader>();
  const { customerId = '' } = useParams();
  return (
    <div className="grid gap-6">
      <Card
        title="Latest payments"
        flush
        actions={
          <Link to={`/admin/payments?q=${customerId}`} prefetch="intent" className="prose-link text-sm">
            All payments
          </Link>
        }
      >
        {payments.length === 0 ? (
          <EmptyState title="No payments yet">They appear when this customer picks a pack.</EmptyState>
        ) : (
          <PaymentTable label="Latest payments" payments={payments} withCustomer={false} />
        )}
      </Card>
      <Card title="Refunds and disputes" flush>
        {moneyBacks.length === 0 ? (
          <EmptyState title="Nothing went back" />
        ) : (
          <MoneyBackTable rows={moneyBacks} />
        )}
      </Card>
      {plans.length === 0 ? null : (
        <Card title="Plans" flush>
          <PlanTable plans={plans} />
        </Card>
      )}
      {topUps.length === 0 ? null : (
        <Card title="Top-up rule">
          <TopUpFacts rules={topUps} />
        </Card>
      )}
      {plans.length > 0 || topUps.length > 0 ? null : (
        <p className="text-text-muted">No plan, and no agreement to top up.</p>
      )}
    </div>
  );
}
