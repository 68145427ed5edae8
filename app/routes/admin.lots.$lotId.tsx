import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { customerName } from '~/components/console/payment-table';
import { turnWords } from '~/components/console/lot-table';
import { StatementTable } from '~/components/console/statement-table';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { Amount } from '~/components/money/amount';
import { Credits } from '~/components/money/credits';
import { Badge } from '~/components/ui/badge';
import { Card } from '~/components/ui/card';
import { CopyId } from '~/components/ui/copy-id';
import { Fact, FactList } from '~/components/ui/fact-list';
import { PageHeader } from '~/components/ui/page-header';
import { TimeAgo, Timestamp } from '~/components/ui/time';
import { readLot } from '~/modules/admin/index.server';
import { type LotPageView } from '~/modules/admin/shared';
import { requireStaff } from '~/modules/auth/index.server';
import { db } from '~/platform/db.server';

export async function loader({ request, params }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  const lot = await readLot(db(), params['lotId'] ?? '');
  if (lot === undefined) throw new Response(null, { status: 404 });
  return lot;
}

export { unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export default function LotPage() {
  const lot = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader
        back={{ to: `/admin/customers/${lot.customer.id}#lots`, label: customerName(lot.customer) }}
        title={
          <>
            <Credits value={lot.granted} unit /> from {lot.kind}
          </>
        }
        badge={
          lot.turn === null ? (
            <Badge tone="idle">{lot.isOpen ? 'Nothing to spend now' : 'Used up'}</Badge>
          ) : (
            <Badge tone="ok">{`Spent: ${turnWords(lot.turn).toLowerCase()}`}</Badge>
          )
        }
        description={<CopyId id={lot.id} label="lot id" full className="!px-0" />}
      />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <Card title="Entries" description="Every movement into and out of this lot, oldest first." flush>
          <StatementTable label="Entries" lines={lot.lines} about="lot" />
          {lot.isCut ? (
            <p className="px-4 py-3 text-text-muted">More follow; the customer’s ledger has them all.</p>
          ) : null}
        </Card>
        <LotFacts lot={lot} />
      </div>
    </>
  );
}

function LotFacts({ lot }: { lot: LotPageView }) {
  const parts = [
    ['Available', lot.available],
    ['Held', lot.held],
    ['Claimed', lot.claimed],
    ['Revoked', lot.revoked],
    ['Expired', lot.expired],
    ['Moved on', lot.moved],
  ] as const;
  return (
    <Card title="Lot" description="Credits of one origin and one expiry.">
      <FactList>
        {parts.map(([label, value]) =>
          value === 0n && label !== 'Available' ? null : (
            <Fact key={label} label={label}>
              <Credits value={value} />
            </Fact>
          ),
        )}
        <Fact label="Expires">{lot.expiresAt === null ? 'Never' : <TimeAgo at={lot.expiresAt} />}</Fact>
        {lot.paymentId === null ? null : (
          <Fact label="Payment">
            <Link to={`/admin/payments/${lot.paymentId}`} prefetch="intent" className="prose-link mr-1">
              Show
            </Link>
            <CopyId id={lot.paymentId} label="payment id" />
          </Fact>
        )}
        {lot.paidMinor === null || lot.currency === null ? null : (
          <Fact label="Paid for it">
            <Amount minor={lot.paidMinor} currency={lot.currency} />
          </Fact>
        )}
        {lot.parentLotId === null ? null : (
          <Fact label="Came out of">
            <Link to={`/admin/lots/${lot.parentLotId}`} prefetch="intent" className="prose-link mr-1">
              Lot
            </Link>
            <CopyId id={lot.parentLotId} label="parent lot id" />
          </Fact>
        )}
        <Fact label="Customer">
          <Link to={`/admin/customers/${lot.customer.id}`} prefetch="intent" className="prose-link">
            {customerName(lot.customer)}
          </Link>
        </Fact>
        <Fact label="Wallet">
          <CopyId id={lot.walletId} label="wallet id" />
        </Fact>
        <Fact label="Book">
          <span className="capitalize">{lot.book}</span>
        </Fact>
        <Fact label="Granted">
          <Timestamp at={lot.createdAt} />
        </Fact>
      </FactList>
    </Card>
  );
}

export const meta: MetaFunction<typeof loader> = ({ data: lot }) => [
  { title: `Lot ${lot?.id ?? ''} · Credence console` },
];

export function ErrorBoundary() {
  return (
    <RouteErrorBoundary
      home={{ to: '/admin/customers', label: 'Show all customers' }}
      texts={{ 404: { title: 'No such lot', happened: 'No lot of credits has this id.' } }}
    />
  );
}
