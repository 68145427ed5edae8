import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import ChevronLeft from 'lucide-react/icons/chevron-left';
import ChevronRight from 'lucide-react/icons/chevron-right';
import Download from 'lucide-react/icons/download';
import { type ReactNode } from 'react';
import { FinanceCheck } from '~/components/console/finance-check';
import { LeftByDeletedCard } from '~/components/console/left-by-deleted';
import {
  daysOf,
  DebtTable,
  earnedOf,
  hasDebt,
  RollForwardTable,
  soldOf,
} from '~/components/console/roll-forward';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { Amount } from '~/components/money/amount';
import { Credits } from '~/components/money/credits';
import { Card } from '~/components/ui/card';
import { Menu, MenuLink } from '~/components/ui/menu';
import { PageHeader } from '~/components/ui/page-header';
import { EmptyState } from '~/components/ui/states';
import { Tabs } from '~/components/ui/tabs';
import { consoleRealm } from '~/modules/admin/index.server';
import { requireStaff } from '~/modules/auth/index.server';
import { bookOf, listMonths, monthOf } from '~/modules/finance/index.server';
import { readLeftByDeleted, readRollForward } from '~/modules/finance/index.server';
import { type CurrencyRoll } from '~/modules/finance/shared';
import { BOOKS } from '~/modules/ledger/shared';
import { db } from '~/platform/db.server';

export async function loader({ request }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  const { searchParams } = new URL(request.url);
  const now = new Date();
  const book = bookOf(searchParams, (await consoleRealm()).mode);
  const month = monthOf(searchParams, now);
  const [roll, months, left] = await Promise.all([
    readRollForward(db(), { book, month }),
    listMonths(db(), book, now),
    readLeftByDeleted(db(), book),
  ]);
  return { roll, months, left, currency: searchParams.get('currency'), isRunning: month === months[0] };
}

/** The value of `?currency=` for credits that nobody paid for. */
const WITHOUT_PRICE = 'none';

const monthName = (month: string) =>
  new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${month}-01T00:00:00Z`),
  );

export { unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export default function FinancePage() {
  const { roll, months, left, currency, isRunning } = useLoaderData<typeof loader>();
  const { book, month } = roll;
  const isShown = (one: { currency: string | null }) =>
    currency === null || (one.currency ?? WITHOUT_PRICE) === currency;
  const shown = roll.currencies.filter(isShown);
  const address = (change: { book?: string; month?: string; currency?: string | null }) => {
    const asked = { book, month, currency, ...change };
    return `/admin/finance?book=${asked.book}&month=${asked.month}${asked.currency === null ? '' : `&currency=${asked.currency}`}`;
  };
  return (
    <>
      <PageHeader
        title="Finance"
        description={`What the ${book} ledger recorded in ${monthName(month)}, by UTC days${isRunning ? ', so far' : ''}.`}
        actions={
          <a
            href={`/admin/finance.csv?book=${book}&month=${month}`}
            download
            className="inline-flex h-9 items-center gap-2 rounded border border-line-strong bg-surface-raised px-3 text-sm font-medium shadow-card hover:bg-surface-hover"
          >
            <Download aria-hidden size={14} className="text-text-muted" />
            Export CSV
          </a>
        }
      />
      <div className="mb-4 flex flex-wrap items-center gap-x-6 gap-y-3">
        <MonthPicker month={month} months={months} address={(of) => address({ month: of })} />
        <Tabs
          label="Book"
          current={address({ currency: null })}
          tabs={BOOKS.map((of) => ({
            to: address({ book: of, currency: null }),
            label: of === 'live' ? 'Live book' : 'Test book',
          }))}
        />
      </div>
      {roll.currencies.length === 0 ? (
        <Card flush>
          <EmptyState title={`Nothing in the ${book} book by the end of ${monthName(month)}`}>
            What is sold, given, spent, expired and taken back appears here as soon as the ledger records it.
          </EmptyState>
        </Card>
      ) : (
        <>
          <div className="mb-4">
            <Tabs
              label="Currency"
              current={address({})}
              tabs={[
                { to: address({ currency: null }), label: 'All credits' },
                ...roll.currencies.map((one) => ({
                  to: address({ currency: one.currency ?? WITHOUT_PRICE }),
                  label: one.currency?.toUpperCase() ?? 'Without a price',
                })),
              ]}
            />
          </div>
          <Figures shown={shown} month={month} />
          <Card title="Roll-forward" flush>
            <RollForwardTable roll={roll} currencies={shown} />
          </Card>
          <div className="mt-4 grid gap-4 lg:grid-cols-2">
            {hasDebt(shown) ? (
              <Card title="Credits owed" flush>
                <DebtTable currencies={shown} />
              </Card>
            ) : null}
            <LeftByDeletedCard left={left.filter(isShown)} />
            <Card title="Tied to the ledger">
              <FinanceCheck key={book} book={book} />
            </Card>
            <Card title="How it is counted">
              <HowCounted />
            </Card>
          </div>
        </>
      )}
    </>
  );
}

function MonthPicker({
  month,
  months,
  address,
}: {
  month: string;
  months: string[];
  address: (of: string) => string;
}) {
  const at = months.indexOf(month);
  const step =
    'grid h-9 w-9 place-items-center rounded border border-line-strong bg-surface-raised shadow-card';
  const arrow = (to: string | undefined, label: string, icon: ReactNode) =>
    to === undefined ? (
      <span aria-hidden className={`${step} text-text-muted opacity-50`}>
        {icon}
      </span>
    ) : (
      <Link
        to={address(to)}
        aria-label={label}
        prefetch="intent"
        className={`${step} hover:bg-surface-hover`}
      >
        {icon}
      </Link>
    );
  return (
    <div className="flex items-center gap-2">
      {arrow(at === -1 ? undefined : months[at + 1], 'The month before', <ChevronLeft size={16} />)}
      <Menu
        label={`Month: ${monthName(month)}`}
        align="start"
        triggerClassName="h-9 border border-line-strong bg-surface-raised px-3 text-sm font-medium shadow-card hover:bg-surface-hover"
        trigger={<span className="min-w-[8.5rem] text-center">{monthName(month)}</span>}
      >
        {months.map((of) => (
          <MenuLink key={of} to={address(of)}>
            {monthName(of)}
          </MenuLink>
        ))}
      </Menu>
      {arrow(at > 0 ? months[at - 1] : undefined, 'The month after', <ChevronRight size={16} />)}
    </div>
  );
}

/** What finance looks at first. */
function Figures({ shown, month }: { shown: CurrencyRoll[]; month: string }) {
  const priced = shown.filter(({ currency }) => currency !== null);
  const [first, last] = daysOf(month);
  const money = (of: (roll: CurrencyRoll) => bigint) =>
    priced.length === 0 ? (
      '–'
    ) : (
      <span className="flex flex-wrap gap-x-3">
        {priced.map((one) => (
          <Amount key={one.currency} minor={of(one)} currency={one.currency ?? ''} />
        ))}
      </span>
    );
  return (
    <dl className="mb-4 grid grid-cols-2 gap-3 lg:grid-cols-4">
      <Plain label="Sold, without tax" value={money(soldOf)}>
        <Link to={`/admin/payments?settled=${first}&settledUntil=${last}`} className="prose-link">
          Payments that settled
        </Link>
      </Plain>
      <Plain label="Earned" value={money(earnedOf)}>
        Spent, expired or repaid a debt
      </Plain>
      <Plain label="Deferred at the end" value={money((one) => one.closing.money)}>
        Paid for credits that are left
      </Plain>
      <Plain
        label="Outstanding at the end"
        value={<Credits value={shown.reduce((sum, one) => sum + one.closing.credits, 0n)} />}
      >
        <Link to="/admin/customers" className="prose-link">
          Credits in all wallets
        </Link>
      </Plain>
    </dl>
  );
}

function Plain({ label, value, children }: { label: string; value: ReactNode; children: ReactNode }) {
  return (
    <div className="min-w-0 rounded border bg-surface-raised px-4 py-3 shadow-card">
      <dt className="truncate text-xs text-text-muted">{label}</dt>
      <dd className="figures my-1 text-xl font-semibold">{value}</dd>
      <dd className="text-xs text-text-muted">{children}</dd>
    </div>
  );
}

function HowCounted() {
  return (
    <ul className="grid list-disc gap-2 pl-4 text-sm text-text-muted">
      <li>Each credit that was paid for carries its share of the price, without tax. Gifts carry none.</li>
      <li>Deferred is that share of what is left, rounded up to the smallest unit per lot.</li>
      <li>Earned is what was spent, expired or repaid a debt, less what was taken back.</li>
      <li>A month is what the ledger recorded in it. Once it is over it never changes.</li>
    </ul>
  );
}

export const meta: MetaFunction = () => [{ title: 'Finance · Credence console' }];

export function ErrorBoundary() {
  return <RouteErrorBoundary home={{ to: '/admin/finance', label: 'Show this month' }} />;
}
