import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { type ActReply } from '~/components/console/act-reply';
import { OpenAlerts, PastAlerts } from '~/components/console/alert-list';
import { DayChart } from '~/components/console/day-chart';
import { FirstSignal, HealthFigures } from '~/components/console/health-figures';
import { LatencyChart } from '~/components/console/latency-chart';
import { useHeldData, useLive } from '~/components/console/use-live';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { Card } from '~/components/ui/card';
import { PageHeader } from '~/components/ui/page-header';
import { parseAct } from '~/console/act-form.server';
import { acknowledgeForm } from '~/console/alert-form.server';
import { consoleRealm } from '~/modules/admin/index.server';
import { type AcknowledgeOutcome, acknowledgeAlert, listAlerts } from '~/modules/alerts/index.server';
import { actOnce } from '~/modules/audit/index.server';
import { assertSameOrigin, requireStaff } from '~/modules/auth/index.server';
import { hasRole } from '~/modules/auth/shared';
import { readHealth } from '~/modules/metrics/index.server';
import { type HealthView } from '~/modules/metrics/shared';
import { assertNever } from '~/platform/assert-never';
import { db } from '~/platform/db.server';
import { seconds } from '~/platform/time';

export { sendAct as clientAction, unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export async function loader({ request }: LoaderFunctionArgs) {
  const user = await requireStaff(request, 'viewer');
  const realm = await consoleRealm();
  const [health, alerts] = await Promise.all([readHealth(db(), realm.id, new Date()), listAlerts(db())]);
  return { health, ...alerts, present: realm.mode, mayAct: hasRole(user.role, 'support') };
}

export async function action({ request }: ActionFunctionArgs): Promise<ActReply> {
  assertSameOrigin(request);
  const user = await requireStaff(request, 'support');
  const parsed = parseAct(await request.formData(), acknowledgeForm);
  if (!parsed.ok) return parsed.reply;
  const { key, alertId, reason, comment } = parsed.value;
  const actor = user.id;
  const did = await actOnce(db(), 'acknowledge alert', { key, actor, done: ['acknowledged'] }, (tx) =>
    acknowledgeAlert(tx, { alertId, actor, reason, comment, now: new Date() }),
  );
  return replyTo(did.outcome);
}

function replyTo(outcome: AcknowledgeOutcome['outcome'] | 'repeated'): ActReply {
  switch (outcome) {
    case 'acknowledged':
    case 'repeated':
      return { outcome: 'done', message: 'Acknowledged. It is not told again unless it grows.' };
    case 'already':
      return { outcome: 'refused', message: 'Somebody acknowledged it before. Their comment stands.' };
    case 'not_open':
      return { outcome: 'refused', message: 'It is over already.' };
    default:
      return assertNever(outcome);
  }
}

export default function HealthPage() {
  const { health, open, past, present, mayAct } = useHeldData(useLoaderData<typeof loader>());
  useLive({ every: seconds(15) });
  return (
    <>
      <PageHeader
        title="Health"
        description="Whether what is paid becomes credits, and what says that it may not."
      />
      <div className="grid gap-4">
        <FirstSignal paid={health.paid} />
        <OpenAlerts alerts={open} mayAct={mayAct} />
        <HealthFigures view={health} present={present} />
        <Charts hours={health.hours} />
        <PastAlerts alerts={past} />
      </div>
    </>
  );
}

const hourWords = (hour: string) => `${hour.slice(11)}:00 UTC`;
const HOURS = { noun: 'hours', last: 'Now', nameOf: hourWords };

function Charts({ hours }: { hours: HealthView['hours'] }) {
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <Card title="Event to decision">
        <LatencyChart hours={hours} nameOf={hourWords} />
      </Card>
      <Card title="Events that failed" description={failureWords(hours)}>
        <DayChart
          label="Events that died or were quarantined, by the hour they came in"
          noun="failed"
          tone="bad"
          span={HOURS}
          bars={hours.map(({ hour, failed }) => ({
            day: hour,
            value: failed,
            to: `/admin/dead-letters?since=${hour.slice(0, 10)}&until=${hour.slice(0, 10)}`,
          }))}
        />
      </Card>
    </div>
  );
}

function failureWords(hours: HealthView['hours']): string {
  const n = hours.reduce((all, hour) => all + hour.n, 0);
  const failed = hours.reduce((all, hour) => all + hour.failed, 0);
  return n === 0 ? 'Nothing was decided.' : `${((failed / n) * 100).toFixed(2)} % of what was decided.`;
}

export const meta: MetaFunction = () => [{ title: 'Health · Credence console' }];

export function ErrorBoundary() {
  return <RouteErrorBoundary home={{ to: '/admin', label: 'Go to the overview' }} />;
}
