import { type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData, useOutletContext } from '@remix-run/react';
import { AsOfNotice, AsOfPicker } from '~/components/console/as-of';
import { CustomerBalance } from '~/components/console/customer-balance';
import { CustomerIdentity } from '~/components/console/customer-identity';
import { CustomerLedger } from '~/components/console/customer-ledger';
import { HoldTable } from '~/components/console/hold-table';
import { LotTable } from '~/components/console/lot-table';
import { Card } from '~/components/ui/card';
import { EmptyState } from '~/components/ui/states';
import { consoleRealm, readCustomer, statementQuery } from '~/modules/admin/index.server';
import { type CustomerHead } from '~/modules/admin/shared';
import { requireStaff } from '~/modules/auth/index.server';
import { BURN_ORDER_SENTENCE } from '~/modules/ledger/shared';
import { db } from '~/platform/db.server';

export async function loader({ request, params }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  const { mode } = await consoleRealm();
  const query = statementQuery(new URL(request.url).searchParams, mode);
  const customer = await readCustomer(db(), params['customerId'] ?? '', query);
  if (customer === undefined) throw new Response(null, { status: 404 });
  return customer;
}

export { unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export default function CustomerCredits() {
  const customer = useLoaderData<typeof loader>();
  const head = useOutletContext<CustomerHead>();
  const { book } = customer.statement;
  const isNow = customer.asOf === undefined;
  return (
    <>
      <div className="mb-4 flex flex-wrap items-end justify-end gap-4">
        <AsOfPicker book={book} asOf={customer.asOf} noInstant={customer.noInstant} />
      </div>
      {customer.asOf === undefined ? null : (
        <div className="pb-6">
          <AsOfNotice asOf={customer.asOf} now={`/admin/customers/${customer.id}?book=${book}`} />
        </div>
      )}
      <div className="grid items-start gap-6 sm:grid-cols-[repeat(auto-fit,minmax(18rem,1fr))]">
        {customer.balances.map((balance) => (
          <CustomerBalance key={balance.book} balance={balance} isNow={isNow} />
        ))}
        <CustomerIdentity customer={head} />
      </div>
      <div className="mt-6 grid gap-6">
        <section id="lots" className="min-w-0 scroll-mt-4">
          <Card title={isNow ? 'Lots' : 'Lots as of then'} description={BURN_ORDER_SENTENCE} flush>
            {customer.lots.length === 0 ? (
              <EmptyState title={isNow ? 'No lots yet' : 'No lots by then'}>
                Each grant of credits makes one.
              </EmptyState>
            ) : (
              <LotTable lots={customer.lots} />
            )}
          </Card>
        </section>
        <CustomerLedger customer={customer} />
        {isNow && customer.holds.length > 0 ? (
          <Card title="Holds" description="Credits set aside until they are captured or released." flush>
            <HoldTable holds={customer.holds} />
          </Card>
        ) : null}
      </div>
    </>
  );
}
