import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';

import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { Credits } from '~/components/money/credits';
import { CustomerPayments } from '~/components/money/customer-payments';
import { DownloadLinks } from '~/components/money/download-links';
import { LotBars } from '~/components/money/lot-bars';
import { Statement } from '~/components/money/statement';
import { WalletNotes } from '~/components/money/wallet-notes';
import { type StoreHandle } from '~/components/shell/store-handle';
import { ButtonLink } from '~/components/ui/button';
import { Card } from '~/components/ui/card';
import { PageHeader } from '~/components/ui/page-header';
import { Pagination } from '~/components/ui/pagination';
import { EmptyState } from '~/components/ui/states';
import { type Tab, Tabs } from '~/components/ui/tabs';
import { requireCustomer } from '~/modules/auth/index.server';
import { readWallet, type StatementPlace } from '~/modules/ledger/index.server';
import {
  type BalanceView,
  BURN_ORDER_SENTENCE,
  KINDS_OF_FILTER,
  type LotView,
  STATEMENT_FILTER_LABEL,
  STATEMENT_FILTERS,
  type StatementFilter,
  type StatementView,
} from '~/modules/ledger/shared';
import { listCustomerPayments } from '~/modules/payments/index.server';
import { currentRealm } from '~/modules/stripe/index.server';
import { db } from '~/platform/db.server';

const LINES = 25;
const LATEST_PAYMENTS = 5;
const FIRST_LOTS = 5;

export async function loader({ request }: LoaderFunctionArgs) {
  const { customerId } = await requireCustomer(request);
  const realm = await currentRealm();
  const wallet = { book: realm.mode, customerId };
  const search = new URL(request.url).searchParams;
  const place = placeOf(search);
  const filter = STATEMENT_FILTERS.find((known) => known === search.get('show'));
  const kinds = filter === undefined ? undefined : KINDS_OF_FILTER[filter];
  const [{ balance, statement, lots }, sales] = await Promise.all([
    readWallet(db(), { ...wallet, kinds, place, lines: LINES, lots: FIRST_LOTS }),
    listCustomerPayments(db(), {
      book: realm.mode,
      customerId,
      place: { from: 'newest' },
      take: LATEST_PAYMENTS,
    }),
  ]);
  return {
    balance,
    statement,
    filter,
    lots,
    payments: sales.payments,
    hasMorePayments: sales.older !== undefined,
    unbooked: place.from === 'newest' && filter === undefined ? unbookedChange(statement, balance) : 0n,
  };
}

/** A cursor is the number of a line; anything else is the first page. */
function placeOf(search: URLSearchParams): StatementPlace {
  for (const [name, from] of [['after', 'older'] as const, ['before', 'newer'] as const]) {
    const seq = search.get(name);
    if (seq !== null && /^\d{1,18}$/.test(seq)) return { from, seq: BigInt(seq) };
  }
  return { from: 'newest' };
}

/** Credits expire, and holds end, to the instant; the lines that say so follow a little later. */
function unbookedChange({ lines }: StatementView, balance: BalanceView): bigint {
  const newest = lines.at(0);
  return newest?.seq === balance.seq ? balance.available - newest.availableAfter : 0n;
}

export default function HistoryPage() {
  const { balance, statement, filter, lots, payments, hasMorePayments, unbooked } =
    useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader
        title="History"
        description={
          <>
            You have <Credits value={balance.available} unit className="font-medium text-text" />
            {balance.frozen ? '.' : ' to spend.'}
          </>
        }
        actions={
          <ButtonLink to="/" variant="primary">
            Buy credits
          </ButtonLink>
        }
      />
      <div className="grid gap-8">
        <WalletNotes balance={balance} />
        {lots.length === 0 ? null : <Lots lots={lots} balance={balance} />}
        <Card
          title="Credits"
          flush
          actions={
            statement.lines.length === 0 && filter === undefined ? undefined : (
              <DownloadLinks path="/history" what="the whole statement" />
            )
          }
        >
          <Filters current={filter} />
          {unbooked === 0n ? null : (
            <p className="border-b px-4 py-3 text-sm text-text-muted">
              <Credits value={unbooked} unit signed />: credits expired, or held ones came back, since the
              last entry; the entry follows.
            </p>
          )}
          {statement.lines.length === 0 ? <NoLines filter={filter} /> : <Statement lines={statement.lines} />}
          {statement.older === undefined && statement.newer === undefined ? null : (
            <Pagination next={statement.older?.toString()} previous={statement.newer?.toString()} />
          )}
        </Card>
        <Card
          title="Payments"
          flush
          actions={
            hasMorePayments ? (
              <Link className="prose-link text-sm" to="/history/payments">
                All payments
              </Link>
            ) : undefined
          }
        >
          {payments.length === 0 ? (
            <EmptyState title="No payments yet">Each pack you buy appears here with its receipt.</EmptyState>
          ) : (
            <CustomerPayments payments={payments} />
          )}
        </Card>
      </div>
    </>
  );
}

function Lots({ lots, balance }: { lots: LotView[]; balance: BalanceView }) {
  const later = balance.available - lots.reduce((sum, { left }) => sum + left, 0n);
  return (
    <Card title={balance.frozen ? 'Your credits' : 'What you can spend'} description={BURN_ORDER_SENTENCE}>
      <LotBars lots={lots} />
      {later > 0n ? (
        <p className="mt-4 text-sm text-text-muted">
          And <Credits value={later} unit /> more, which are spent after these.
        </p>
      ) : null}
    </Card>
  );
}

function Filters({ current }: { current: StatementFilter | undefined }) {
  const tabs: Tab[] = [
    { to: '/history', label: 'All' },
    ...STATEMENT_FILTERS.map((filter) => ({
      to: `/history?show=${filter}`,
      label: STATEMENT_FILTER_LABEL[filter],
    })),
  ];
  return (
    <div className="border-b px-4 [&>nav]:border-b-0">
      <Tabs
        label="Kinds of entries"
        tabs={tabs}
        current={current === undefined ? '/history' : `/history?show=${current}`}
      />
    </div>
  );
}

const NOTHING: Record<StatementFilter, string> = {
  added: 'No credits were added yet.',
  spent: 'No credits were spent yet.',
  expired: 'No credits have expired.',
  other: 'There were no refunds or corrections.',
};

function NoLines({ filter }: { filter: StatementFilter | undefined }) {
  return filter === undefined ? (
    <EmptyState title="No credits yet">
      Every credit that comes or goes appears here, with the balance after it.
    </EmptyState>
  ) : (
    <EmptyState title={NOTHING[filter]}>Other entries stand under “All”.</EmptyState>
  );
}

export const meta: MetaFunction = () => [{ title: 'History · Credence' }];

export const handle: StoreHandle<{ balance: BalanceView }> = {
  balance: ({ balance }) => balance.available,
};

export function ErrorBoundary() {
  return <RouteErrorBoundary />;
}
