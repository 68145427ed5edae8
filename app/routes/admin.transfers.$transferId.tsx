import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { Cause } from '~/components/console/cause';
import { customerName } from '~/components/console/payment-table';
import { StatementTable } from '~/components/console/statement-table';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { Credits } from '~/components/money/credits';
import { Card } from '~/components/ui/card';
import { CopyId } from '~/components/ui/copy-id';
import { Fact, FactList } from '~/components/ui/fact-list';
import { PageHeader } from '~/components/ui/page-header';
import { Timestamp } from '~/components/ui/time';
import { readTransfer } from '~/modules/admin/index.server';
import { type TransferView } from '~/modules/admin/shared';
import { requireStaff } from '~/modules/auth/index.server';
import { TRANSFER_KIND_LABEL } from '~/modules/ledger/shared';
import { db } from '~/platform/db.server';

export async function loader({ request, params }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  const transfer = await readTransfer(db(), params['transferId'] ?? '');
  if (transfer === undefined) throw new Response(null, { status: 404 });
  return transfer;
}

export { unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export default function TransferPage() {
  const transfer = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader
        back={{
          to: `/admin/customers/${transfer.customer.id}#ledger`,
          label: customerName(transfer.customer),
        }}
        title={
          <>
            {TRANSFER_KIND_LABEL[transfer.kind]} <Credits value={transfer.amount} />
          </>
        }
        description={<CopyId id={transfer.id} label="transfer id" full className="!px-0" />}
      />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <Card title="Entries" description="What this one act moved, in order." flush>
          <StatementTable label="Entries" lines={transfer.lines} about="transfer" />
        </Card>
        <TransferFacts transfer={transfer} />
      </div>
    </>
  );
}

function TransferFacts({ transfer }: { transfer: TransferView }) {
  const others = [
    ['Reverses', transfer.reversesId],
    ['Reversed by', transfer.reversedById],
  ] as const;
  return (
    <Card title="Transfer" description="One act on one wallet; it is never changed.">
      <FactList>
        <Fact label="Business key">
          <CopyId id={transfer.key} label="business key" />
        </Fact>
        <Fact label="By">
          <Cause cause={transfer.actor} />
        </Fact>
        {transfer.paymentId === null ? null : (
          <Fact label="Payment">
            <Link
              to={`/admin/payments/${transfer.paymentId}#transfer:${transfer.id}`}
              prefetch="intent"
              className="prose-link mr-1"
            >
              Show
            </Link>
            <CopyId id={transfer.paymentId} label="payment id" />
          </Fact>
        )}
        {others.map(([label, id]) =>
          id === null ? null : (
            <Fact key={label} label={label}>
              <Link to={`/admin/transfers/${id}`} prefetch="intent" className="prose-link mr-1">
                Show
              </Link>
              <CopyId id={id} label="transfer id" />
            </Fact>
          ),
        )}
        <Fact label="Customer">
          <Link to={`/admin/customers/${transfer.customer.id}`} prefetch="intent" className="prose-link">
            {customerName(transfer.customer)}
          </Link>
        </Fact>
        <Fact label="Wallet">
          <CopyId id={transfer.walletId} label="wallet id" />
        </Fact>
        <Fact label="Book">
          <span className="capitalize">{transfer.book}</span>
        </Fact>
        <Fact label="Happened">
          <Timestamp at={transfer.occurredAt} />
        </Fact>
        <Fact label="Recorded">
          <Timestamp at={transfer.recordedAt} />
        </Fact>
      </FactList>
    </Card>
  );
}

export const meta: MetaFunction<typeof loader> = ({ data: transfer }) => [
  { title: `Transfer ${transfer?.id ?? ''} · Credence console` },
];

export function ErrorBoundary() {
  return (
    <RouteErrorBoundary
      home={{ to: '/admin/customers', label: 'Show all customers' }}
      texts={{ 404: { title: 'No such transfer', happened: 'No transfer of credits has this id.' } }}
    />
  );
}
