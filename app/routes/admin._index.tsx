import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { type ReactNode } from 'react';
import { DayChart } from '~/components/console/day-chart';
import { DeliveryTable } from '~/components/console/delivery-table';
import { MoneyFigures, TroubleFigures } from '~/components/console/overview-figures';
import { SpeedFigures } from '~/components/console/overview-speed';
import { Findings } from '~/components/console/findings';
import { PaymentTable } from '~/components/console/payment-table';
import { useLive } from '~/components/console/use-live';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { Card } from '~/components/ui/card';
import { PageHeader } from '~/components/ui/page-header';
import { EmptyState } from '~/components/ui/states';
import { consoleRealm, readOverview } from '~/modules/admin/index.server';
import { type OverviewView, REFUSED_QUERY } from '~/modules/admin/shared';
import { requireStaff } from '~/modules/auth/index.server';
import { db } from '~/platform/db.server';
import { seconds } from '~/platform/time';

export async function loader({ request }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  return readOverview(db(), await consoleRealm(), new Date());
}

export { unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export default function OverviewPage() {
  const view = useLoaderData<typeof loader>();
  useLive({ every: seconds(15) });
  return (
    <>
      <PageHeader title="Overview" description={`Today is ${view.today}, since midnight UTC.`} />
      {view.isNew ? (
        <Card className="mb-4" flush>
          <EmptyState title="No payments yet">
            Once a customer buys a pack, the payment, the events that Stripe sends and the credits they bring
            appear here.
          </EmptyState>
        </Card>
      ) : null}
      <div className="grid gap-3">
        <MoneyFigures view={view} />
        <TroubleFigures view={view} />
        <SpeedFigures view={view} />
      </div>
      {view.isNew ? null : <Charts days={view.days} />}
      <div className="mt-4 grid gap-4">
        {view.isNew ? null : (
          <Card title="Latest payments" flush actions={<All to="/admin/payments">All payments</All>}>
            <PaymentTable label="Latest payments" payments={view.latestPayments} />
          </Card>
        )}
        <Findings findings={view.findings} />
        <Card
          title="Latest refused deliveries"
          flush
          actions={<All to={`/admin/webhooks?${REFUSED_QUERY}`}>All refused</All>}
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

function Charts({ days }: { days: OverviewView['days'] }) {
  return (
    <div className="mt-4 grid gap-4 lg:grid-cols-3">
      <Card title="Settled and granted per day">
        <DayChart
          label="Credits sold by payments that settled on each of the last thirty days, and those granted"
          noun="credits settled"
          followedNoun="granted"
          tone="accent"
          bars={days.map(({ day, soldCredits, grantedCredits }) => ({
            day,
            value: Number(soldCredits),
            followed: Number(grantedCredits),
            to: `/admin/payments?settled=${day}&settledUntil=${day}`,
          }))}
        />
      </Card>
      <Card title="Failed payments per day">
        <DayChart
          label="Payments begun on each of the last thirty days that failed"
          noun="payments failed"
          tone="warn"
          bars={days.map(({ day, failed }) => ({
            day,
            value: failed,
            to: `/admin/payments?state=failed&since=${day}&until=${day}`,
          }))}
        />
      </Card>
      <Card title="Dead events per day">
        <DayChart
          label="Events received on each of the last thirty days that are dead"
          noun="events dead"
          tone="bad"
          bars={days.map(({ day, dead }) => ({
            day,
            value: dead,
            to: `/admin/webhooks/events?status=dead&since=${day}&until=${day}`,
          }))}
        />
      </Card>
    </div>
  );
}

function All({ to, children }: { to: string; children: ReactNode }) {
  return (
    <Link to={to} prefetch="intent" className="prose-link text-sm">
      {children}
    </Link>
  );
}

export const meta: MetaFunction = () => [{ title: 'Overview · Credence console' }];

export function ErrorBoundary() {
  return <RouteErrorBoundary home={{ to: '/admin', label: 'Back to the overview' }} />;
}
