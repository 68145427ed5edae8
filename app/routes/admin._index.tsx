import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { type ReactNode } from 'react';
import { DeliveryTable } from '~/components/console/delivery-table';
import { PaymentTable } from '~/components/console/payment-table';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { Amount } from '~/components/money/amount';
import { Credits } from '~/components/money/credits';
import { Card } from '~/components/ui/card';
import { classes } from '~/components/ui/classes';
import { PageHeader } from '~/components/ui/page-header';
import { EmptyState } from '~/components/ui/states';
import { TimeAgo } from '~/components/ui/time';
import { type Tone, TONE_DOT } from '~/components/ui/tone';
import { consoleRealm, readOverview } from '~/modules/admin/index.server';
import { type OverviewView, REFUSED_VERDICTS } from '~/modules/admin/shared';
import { requireStaff } from '~/modules/auth/index.server';
import { EVENT_STATUS, type EventStatus } from '~/modules/webhooks/shared';
import { db } from '~/platform/db.server';
import { formatCredits } from '~/platform/money';

export async function loader({ request }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  const realm = await consoleRealm();
  return readOverview(db(), realm.id, new Date());
}

const refused = REFUSED_VERDICTS.map((verdict) => `verdict=${verdict}`).join('&');

export default function OverviewPage() {
  const view = useLoaderData<typeof loader>();
  const { settled, deliveries, today } = view;
  const settledToday = `/admin/payments?settled=${today}`;
  return (
    <>
      <PageHeader title="Overview" description={`Today is ${today}, since midnight UTC.`} />
      {view.isNew ? (
        <Card className="mb-6" flush>
          <EmptyState title="Nothing has happened yet">
            Once a customer buys a pack, the payment, the events that Stripe sends and the credits they bring
            appear here.
          </EmptyState>
        </Card>
      ) : null}
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Figure
          label="Payments settled today"
          to={settledToday}
          value={formatCredits(BigInt(settled.payments))}
        >
          {settled.amounts.length === 0 ? (
            'No money yet'
          ) : (
            <span className="flex flex-wrap gap-x-3">
              {settled.amounts.map(({ currency, amount }) => (
                <Amount key={currency} minor={amount} currency={currency} />
              ))}
            </span>
          )}
        </Figure>
        <Figure label="Credits granted today" to={settledToday} value={<Credits value={settled.credits} />}>
          From those payments
        </Figure>
        <Figure
          label="Payments in review"
          to="/admin/payments?state=review"
          value={formatCredits(BigInt(view.inReview))}
          tone={view.inReview > 0 ? 'warn' : undefined}
        >
          {view.inReview === 0 ? 'Nothing to decide' : 'Settled money that awaits a decision'}
        </Figure>
        <Figure
          label="Deliveries refused today"
          to={`/admin/webhooks?${refused}&since=${today}`}
          value={formatCredits(BigInt(deliveries.refused))}
          tone={deliveries.refused > 0 ? 'bad' : undefined}
        >
          <span className="figures">of {formatCredits(BigInt(deliveries.today))} received</span>
        </Figure>
      </div>
      <EventStrip view={view} />
      <div className="mt-6 grid gap-6">
        <Card title="Latest payments" flush actions={<All to="/admin/payments">All payments</All>}>
          {view.latestPayments.length === 0 ? (
            <p className="px-4 py-6 text-text-muted">No payments yet.</p>
          ) : (
            <PaymentTable label="Latest payments" payments={view.latestPayments} />
          )}
        </Card>
        <Card
          title="Latest refused deliveries"
          flush
          actions={<All to={`/admin/webhooks?${refused}`}>All refused</All>}
        >
          {view.latestRefused.length === 0 ? (
            <p className="px-4 py-6 text-text-muted">No delivery was refused.</p>
          ) : (
            <DeliveryTable label="Latest refused deliveries" deliveries={view.latestRefused} />
          )}
        </Card>
      </div>
    </>
  );
}

function All({ to, children }: { to: string; children: ReactNode }) {
  return (
    <Link to={to} prefetch="intent" className="prose-link text-sm">
      {children}
    </Link>
  );
}

interface FigureProps {
  label: string;
  to: string;
  value: ReactNode;
  tone?: Tone | undefined;
  children: ReactNode;
}

/** A number that opens the list behind it. */
function Figure({ label, to, value, tone, children }: FigureProps) {
  return (
    <Link
      to={to}
      prefetch="intent"
      className="block min-w-0 rounded border bg-surface-raised px-4 py-3 shadow-card transition-colors hover:bg-surface-hover"
    >
      <span className="block text-xs text-text-muted">{label}</span>
      <span className="figures my-1 flex items-center gap-2 text-2xl font-semibold">
        {value}
        {tone === undefined ? null : (
          <span aria-hidden className={classes('h-2 w-2 rounded-full', TONE_DOT[tone])} />
        )}
      </span>
      <span className="block text-xs text-text-muted">{children}</span>
    </Link>
  );
}

/** What is unfinished, whenever it came; what is finished, today. */
const STATUSES: readonly { status: EventStatus; isToday: boolean }[] = [
  { status: 'queued', isToday: false },
  { status: 'waiting', isToday: false },
  { status: 'quarantined', isToday: false },
  { status: 'dead', isToday: false },
  { status: 'done', isToday: true },
  { status: 'dismissed', isToday: true },
];

function EventStrip({ view }: { view: OverviewView }) {
  const { oldestUnprocessed: oldest, events, today } = view;
  return (
    <Card
      className="mt-6"
      title="Events"
      description={
        oldest === undefined ? (
          'Everything received is processed.'
        ) : (
          <>
            Oldest unprocessed:{' '}
            <Link to={`/admin/webhooks/events/${oldest.id}`} className="prose-link">
              {oldest.type}
            </Link>
            , received <TimeAgo at={oldest.receivedAt} />
          </>
        )
      }
      actions={<All to="/admin/webhooks/events">All events</All>}
    >
      <ul className="grid grid-cols-2 gap-x-4 gap-y-2 sm:grid-cols-3 lg:grid-cols-6">
        {STATUSES.map(({ status, isToday }) => (
          <li key={status}>
            <Link
              to={`/admin/webhooks/events?status=${status}${isToday ? `&since=${today}` : ''}`}
              prefetch="intent"
              className="-mx-2 block rounded px-2 py-1 hover:bg-surface-hover"
            >
              <span className="figures block text-lg font-semibold">
                {formatCredits(BigInt(events[status]))}
              </span>
              <span className="flex items-center gap-2 text-xs text-text-muted">
                <span
                  aria-hidden
                  className={classes(
                    'h-1.5 w-1.5 rounded-full',
                    TONE_DOT[events[status] === 0 ? 'idle' : EVENT_STATUS[status].tone],
                  )}
                />
                {EVENT_STATUS[status].label}
                {isToday ? ' today' : ''}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}

export const meta: MetaFunction = () => [{ title: 'Overview · Credence console' }];

export function ErrorBoundary() {
  return <RouteErrorBoundary home={{ to: '/admin', label: 'Back to the overview' }} />;
}
