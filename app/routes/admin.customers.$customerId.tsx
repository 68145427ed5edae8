import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { AsOfNotice, AsOfPicker } from '~/components/console/as-of';
import { CheckWithStripe } from '~/components/console/check-with-stripe';
import { useConsole } from '~/components/console/console-context';
import { CustomerBalance } from '~/components/console/customer-balance';
import { DeleteCustomer } from '~/components/console/delete-customer';
import { DeletionBanner } from '~/components/console/deletion-banner';
import { CustomerLedger } from '~/components/console/customer-ledger';
import { TimelineRow } from '~/components/console/payment-timeline';
import { realmWords } from '~/components/console/realm-mark';
import { StripeId } from '~/components/console/stripe-id';
import { customerName, PaymentTable } from '~/components/console/payment-table';
import { LotTable } from '~/components/console/statement-table';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { Badge } from '~/components/ui/badge';
import { Card } from '~/components/ui/card';
import { CopyId } from '~/components/ui/copy-id';
import { Fact, FactList } from '~/components/ui/fact-list';
import { PageHeader } from '~/components/ui/page-header';
import { EmptyState } from '~/components/ui/states';
import { Timeline } from '~/components/ui/timeline';
import { Timestamp } from '~/components/ui/time';
import { consoleRealm, readCustomer, statementQuery } from '~/modules/admin/index.server';
import { type CustomerView } from '~/modules/admin/shared';
import { requireStaff } from '~/modules/auth/index.server';
import { hasRole } from '~/modules/auth/shared';
import { previewDeletion, readDeletion } from '~/modules/customers/index.server';
import { BURN_ORDER_SENTENCE } from '~/modules/ledger/shared';
import { db } from '~/platform/db.server';

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { role } = await requireStaff(request, 'viewer');
  const { mode } = await consoleRealm();
  const query = statementQuery(new URL(request.url).searchParams, mode);
  const customer = await readCustomer(db(), params['customerId'] ?? '', query);
  if (customer === undefined) throw new Response(null, { status: 404 });
  const [deletion, preview] = await Promise.all([
    readDeletion(db(), customer.id),
    hasRole(role, 'admin') ? previewDeletion(db(), customer.id) : undefined,
  ]);
  return {
    ...customer,
    ...{ deletion, preview, mayAct: hasRole(role, 'support'), mayDelete: hasRole(role, 'admin') },
  };
}

export default function CustomerPage() {
  const customer = useLoaderData<typeof loader>();
  const title = customerName(customer);
  const { book } = customer.statement;
  const isNow = customer.asOf === undefined;
  return (
    <>
      <PageHeader
        back={{ to: '/admin/customers', label: 'Customers' }}
        title={title}
        description={
          <>
            {customer.name === null || customer.name === title ? null : (
              <span className="mr-3">{customer.name}</span>
            )}
            <CopyId id={customer.id} label="customer id" full className="!px-0" />
          </>
        }
        actions={
          <>
            {customer.mayAct ? <CheckWithStripe about={customer.id} label="Check with Stripe" /> : null}
            {customer.preview === undefined ? null : (
              <DeleteCustomer customerId={customer.id} preview={customer.preview} />
            )}
            <AsOfPicker book={book} asOf={customer.asOf} noInstant={customer.noInstant} />
          </>
        }
      />
      {customer.deletion === undefined ? null : (
        <DeletionBanner
          customerId={customer.id}
          deletion={customer.deletion}
          mayCallOff={customer.mayDelete}
        />
      )}
      {customer.asOf === undefined ? null : (
        <div className="pb-6">
          <AsOfNotice asOf={customer.asOf} now={`/admin/customers/${customer.id}?book=${book}`} />
        </div>
      )}
      <div className="grid items-start gap-6 sm:grid-cols-[repeat(auto-fit,minmax(18rem,1fr))]">
        {customer.balances.map((balance) => (
          <CustomerBalance key={balance.book} balance={balance} isNow={isNow} />
        ))}
        <Identity customer={customer} />
      </div>
      <div className="mt-6 grid gap-6">
        <CustomerLedger customer={customer} />
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
        {isNow ? (
          <>
            <LatestPayments customer={customer} />
            <Lately customer={customer} />
          </>
        ) : null}
      </div>
    </>
  );
}

function LatestPayments({ customer }: { customer: CustomerView }) {
  return (
    <Card
      title="Latest payments"
      flush
      actions={
        <Link to={`/admin/payments?q=${customer.id}`} prefetch="intent" className="prose-link text-sm">
          All payments
        </Link>
      }
    >
      {customer.payments.length === 0 ? (
        <EmptyState title="No payments yet">They appear when this customer picks a pack.</EmptyState>
      ) : (
        <PaymentTable label="Latest payments" payments={customer.payments} withCustomer={false} />
      )}
    </Card>
  );
}

function Lately({ customer }: { customer: CustomerView }) {
  const { realm } = useConsole();
  return (
    <Card title="Lately" description="Payments, credits, mails and calls to Stripe, newest first.">
      {customer.timeline.length === 0 ? (
        <EmptyState title="Nothing happened yet" />
      ) : (
        <Timeline label="What happened lately, newest first">
          {customer.timeline.map((entry) => (
            <TimelineRow key={entry.key} entry={entry} realm={realm} withPayment />
          ))}
        </Timeline>
      )}
    </Card>
  );
}

function Identity({ customer }: { customer: CustomerView }) {
  const { login } = customer;
  return (
    <Card title="Identity">
      <FactList>
        <Fact label="E-mail">{customer.email ?? <span className="text-text-muted">Unknown</span>}</Fact>
        <Fact label="Log-in">
          {login === null ? (
            <span className="text-text-muted">None</span>
          ) : (
            <CopyId id={login.id} label="user id" />
          )}
        </Fact>
        {login === null ? null : (
          <Fact label="E-mail verified">
            {login.emailVerifiedAt === null ? (
              <Badge tone="warn">Not yet</Badge>
            ) : (
              <Timestamp at={login.emailVerifiedAt} />
            )}
          </Fact>
        )}
        {customer.externalId === null ? null : (
          <Fact label="External id">
            <CopyId id={customer.externalId} label="external id" />
          </Fact>
        )}
        {customer.stripeCustomers.map(({ stripeId, realm }) => (
          <Fact key={stripeId} label={`Stripe: ${realmWords(realm)}`}>
            <StripeId id={stripeId} label="Stripe customer" realm={realm} />
          </Fact>
        ))}
        <Fact label="Since">
          <Timestamp at={customer.createdAt} />
        </Fact>
      </FactList>
    </Card>
  );
}

export const meta: MetaFunction<typeof loader> = ({ data: customer }) => [
  { title: `${customer === undefined ? 'Customer' : customerName(customer)} · Credence console` },
];

export function ErrorBoundary() {
  return (
    <RouteErrorBoundary
      home={{ to: '/admin/customers', label: 'Show all customers' }}
      texts={{ 404: { title: 'No such customer', happened: 'No customer has this id.' } }}
    />
  );
}
