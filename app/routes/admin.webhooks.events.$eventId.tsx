import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData, useParams } from '@remix-run/react';
import { AttemptTable } from '~/components/console/attempt-table';
import { DeliveryTable } from '~/components/console/delivery-table';
import { EventFacts } from '~/components/console/event-facts';
import { EventStuck } from '~/components/console/event-stuck';
import { isActedOn, useConsole } from '~/components/console/console-context';
import { ExportIncident } from '~/components/console/export-incident';
import { explainCode, explainEvent, explainOutcome } from '~/components/console/explain-step';
import { PayloadNote, RedactPayload } from '~/components/console/payload-redaction';
import { KeylessNotice, RealmMark } from '~/components/console/realm-mark';
import { ReplayOne } from '~/components/console/replay-dialog';
import { EventStatusBadge } from '~/components/console/state-badges';
import { StripeId } from '~/components/console/stripe-id';
import { useHeldData, useLive } from '~/components/console/use-live';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { Card } from '~/components/ui/card';
import { type Json } from '~/components/ui/json-search';
import { JsonView } from '~/components/ui/json-view';
import { PageHeader } from '~/components/ui/page-header';
import { EmptyState } from '~/components/ui/states';
import { readCatalogChoices, readEvent } from '~/modules/admin/index.server';
import { type EventView } from '~/modules/admin/shared';
import { listLimits } from '~/modules/approvals/index.server';
import { requireStaff } from '~/modules/auth/index.server';
import { hasRole } from '~/modules/auth/shared';
import { type Book } from '~/modules/ledger/shared';
import { db } from '~/platform/db.server';
import { seconds } from '~/platform/time';

export async function loader({ request, params }: LoaderFunctionArgs) {
  const user = await requireStaff(request, 'viewer');
  const event = await readEvent(db(), params['eventId'] ?? '');
  if (event === undefined) throw new Response(null, { status: 404 });
  const isStuck = event.stuck !== null && hasRole(user.role, 'support');
  return {
    event,
    role: user.role,
    choices: isStuck ? await readCatalogChoices(db()) : [],
    limit: isStuck ? await limitOf(event.realm.mode, user.role) : undefined,
  };
}

/** Credits that one assignment by this role may grant alone. */
async function limitOf(book: Book, role: string): Promise<bigint | undefined> {
  const limits = await listLimits(db(), book);
  return limits.find((limit) => limit.act === 'assign' && limit.unit === 'credits' && limit.role === role)
    ?.perAct;
}

export { unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

/** Another event is another page: nothing that was open stays. */
export default function EventPage() {
  const { eventId } = useParams();
  return <Event key={eventId} />;
}

function Event() {
  const { event, role, choices, limit } = useHeldData(useLoaderData<typeof loader>());
  const surroundings = useConsole();
  const payload: Json = JSON.parse(event.payload);
  const isMoving = event.status === 'queued' || event.status === 'waiting';
  useLive({ every: isMoving ? seconds(1.5) : seconds(15) });
  const seen = { realmId: event.realm.id, eventId: event.id, run: event.run };
  const mayAct = hasRole(role, 'support');
  const mayRedact = hasRole(role, 'admin') && !isMoving && event.redactedAt === null;
  return (
    <>
      <PageHeader
        back={{ to: '/admin/webhooks/events', label: 'Events' }}
        title={event.type}
        badge={
          <>
            <EventStatusBadge status={event.status} />
            <RealmMark realmId={event.realm.id} />
          </>
        }
        description={<StripeId id={event.id} label="event" realm={event.realm} full />}
        actions={
          <>
            {hasRole(role, 'finance') && isActedOn(surroundings, event.realm) && !isMoving ? (
              <ExportIncident about={event.id} />
            ) : null}
            {mayAct && !isMoving && event.stuck === null ? <ReplayOne seen={seen} isPrimary={false} /> : null}
          </>
        }
      />
      <KeylessNotice realmId={event.realm.id} />
      <p className="mb-4 max-w-[60rem] text-base [overflow-wrap:anywhere]">
        {explainEvent(event)} {explainOutcome(event)} {obstacleOf(event)}
      </p>
      {event.stuck === null ? null : (
        <EventStuck event={event} stuck={event.stuck} role={role} choices={choices} limit={limit} />
      )}
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <div className="grid min-w-0 gap-6">
          <section id="attempts" className="min-w-0 scroll-mt-4">
            <Card title="Attempts" description="Each try of a worker, newest first." flush>
              {event.attempts.length === 0 ? (
                <EmptyState title="Not processed">
                  {event.status === 'done'
                    ? 'This type needs no processing: it was settled when it was received.'
                    : 'A worker has not taken it yet.'}
                </EmptyState>
              ) : (
                <AttemptTable attempts={event.attempts} />
              )}
            </Card>
          </section>
          <Card
            title="Payload"
            description={<PayloadNote {...event} />}
            actions={mayRedact ? <RedactPayload eventId={event.id} realmId={event.realm.id} /> : undefined}
          >
            <JsonView value={payload} label={`Payload of ${event.id}`} />
          </Card>
        </div>
        <EventFacts event={event} />
      </div>
      <Card
        className="mt-6"
        title="Deliveries"
        description="The HTTP requests that carried it, newest first."
        flush
      >
        {event.deliveries.length === 0 ? (
          <EmptyState title="No deliveries">
            It was read from Stripe, or its deliveries were cleared.
          </EmptyState>
        ) : (
          <DeliveryTable label="Deliveries" deliveries={event.deliveries} withEvent={false} />
        )}
      </Card>
    </>
  );
}

/** Why the newest try did not decide it. */
function obstacleOf({ status, attempts, stuck }: EventView): string | undefined {
  const code = status === 'done' || stuck !== null ? undefined : attempts[0]?.code;
  return code === undefined || code === null ? undefined : explainCode(code);
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.event.type ?? 'Event'} · Credence console` },
];

export function ErrorBoundary() {
  return (
    <RouteErrorBoundary
      home={{ to: '/admin/webhooks/events', label: 'Show all events' }}
      texts={{ 404: { title: 'No such event', happened: 'No event with this id was received.' } }}
    />
  );
}
