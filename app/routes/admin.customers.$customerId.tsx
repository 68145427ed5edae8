import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Link, Outlet, useLoaderData, useLocation } from '@remix-run/react';
import { AdjustDialog } from '~/components/console/adjust-dialog';
import { CheckWithStripe } from '~/components/console/check-with-stripe';
import { DeleteCustomer } from '~/components/console/delete-customer';
import { DeletionBanner } from '~/components/console/deletion-banner';
import { FreezeDialog, Freezes } from '~/components/console/freeze-dialogs';
import { customerName } from '~/components/console/payment-table';
import { useHeldData, useLive } from '~/components/console/use-live';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { Badge } from '~/components/ui/badge';
import { CopyId } from '~/components/ui/copy-id';
import { PageHeader } from '~/components/ui/page-header';
import { Tabs } from '~/components/ui/tabs';
import { consoleRealm, readCustomerHead } from '~/modules/admin/index.server';
import { requireStaff } from '~/modules/auth/index.server';
import { hasRole } from '~/modules/auth/shared';
import { previewDeletion, readDeletion } from '~/modules/customers/index.server';
import { db } from '~/platform/db.server';

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { role, id } = await requireStaff(request, 'viewer');
  const { mode } = await consoleRealm();
  const customer = await readCustomerHead(db(), params['customerId'] ?? '');
  if (customer === undefined) throw new Response(null, { status: 404 });
  const isOwn = customer.login?.id === id;
  const mayDelete = hasRole(role, 'admin');
  const [deletion, preview] = await Promise.all([
    readDeletion(db(), customer.id),
    mayDelete ? previewDeletion(db(), customer.id) : undefined,
  ]);
  const mayAct = hasRole(role, 'support') && !isOwn;
  return { customer, book: mode, mayAct, deletion, preview, mayDelete };
}

export { unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export default function CustomerPage() {
  const { customer, book, mayAct, deletion, preview, mayDelete } =
    useHeldData(useLoaderData<typeof loader>());
  useLive();
  const { pathname } = useLocation();
  const title = customerName(customer);
  const path = `/admin/customers/${customer.id}`;
  const tabs = [
    { to: path, label: 'Credits' },
    { to: `${path}/payments`, label: 'Payments and plans' },
    { to: `${path}/approvals`, label: 'Approvals', count: some(customer.openApprovals) },
    { to: `${path}/notes`, label: 'Notes', count: some(customer.notes) },
    { to: `${path}/timeline`, label: 'Timeline' },
  ];
  return (
    <>
      <PageHeader
        back={{ to: '/admin/customers', label: 'Customers' }}
        title={title}
        badge={
          customer.freezes.some((freeze) => freeze.book === book) ? (
            <Badge tone="bad">Frozen</Badge>
          ) : undefined
        }
        description={
          <span className="flex flex-wrap items-center gap-x-3">
            {customer.name === null || customer.name === title ? null : <span>{customer.name}</span>}
            <CopyId id={customer.id} label="customer id" full className="!px-0" />
            <Link to={`/admin/audit?subject=${customer.id}`} prefetch="intent" className="prose-link">
              Audit
            </Link>
          </span>
        }
        actions={
          mayAct ? (
            <>
              <CheckWithStripe about={customer.id} label="Check with Stripe" />
              <FreezeDialog customerId={customer.id} />
              <AdjustDialog customerId={customer.id} />
              {preview === undefined ? null : <DeleteCustomer customerId={customer.id} preview={preview} />}
            </>
          ) : undefined
        }
      />
      {deletion === undefined ? null : (
        <DeletionBanner customerId={customer.id} deletion={deletion} mayCallOff={mayDelete} />
      )}
      <Freezes customerId={customer.id} freezes={customer.freezes} mayThaw={mayAct ? book : undefined} />
      <div className="mb-6">
        <Tabs label="Customer" tabs={tabs} current={pathname.replace(/\/$/, '')} />
      </div>
      <Outlet context={customer} />
    </>
  );
}

/** None is not counted. */
const some = (count: number): number | undefined => (count === 0 ? undefined : count);

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data === undefined ? 'Customer' : customerName(data.customer)} · Credence console` },
];

export function ErrorBoundary() {
  return (
    <RouteErrorBoundary
      home={{ to: '/admin/customers', label: 'Show all customers' }}
      texts={{ 404: { title: 'No such customer', happened: 'No customer has this id.' } }}
    />
  );
}
