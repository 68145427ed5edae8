import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { explainCode, explainEvent, explainOutcome } from '~/components/console/explain-step';
import { RealmMark, realmWords } from '~/components/console/realm-mark';
import { StripeId } from '~/components/console/stripe-id';
import { AttemptTable } from '~/components/console/attempt-table';
import { DeliveryTable } from '~/components/console/delivery-table';
import {
  DECISION_LABEL,
  EventStatusBadge,
  inWords,
  PaymentStateBadge,
} from '~/components/console/state-badges';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { Card } from '~/components/ui/card';
import { CopyId } from '~/components/ui/copy-id';
import { Fact, FactList } from '~/components/ui/fact-list';
import { type Json } from '~/components/ui/json-search';
import { JsonView } from '~/components/ui/json-view';
import { PageHeader } from '~/components/ui/page-header';
import { EmptyState } from '~/components/ui/states';
import { TimeAgo, Timestamp } from '~/components/ui/time';
import { readEvent } from '~/modules/admin/index.server';
import { type EventView } from '~/modules/admin/shared';
import { requireStaff } from '~/modules/auth/index.server';
import { db } from '~/platform/db.server';

export async function loader({ request, params }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  const event = await readEvent(db(), params['eventId'] ?? '');
  if (event === undefined) throw new Response(null, { status: 404 });
  return event;
}

export default function EventPage() {
  const event = useLoaderData<typeof loader>();
  const payload: Json = JSON.parse(event.payload);
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
      />
      <p className="mb-4 max-w-[60rem] text-base [overflow-wrap:anywhere]">
        {explainEvent(event)} {explainOutcome(event)} {obstacleOf(event)}
      </p>
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
          <Card title="Payload" description="As Stripe signed it.">
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
function obstacleOf({ status, attempts }: EventView): string | undefined {
  const code = status === 'done' ? undefined : attempts[0]?.code;
  return code === undefined || code === null ? undefined : explainCode(code);
}

function EventFacts({ event }: { event: EventView }) {
  const isUndecided = event.status === 'queued' || event.status === 'waiting';
  return (
    <Card title="Facts">
      <FactList>
        <Fact label="Decision">
          {event.decision === null ? (
            <span className="text-text-muted">None yet</span>
          ) : (
            DECISION_LABEL[event.decision]
          )}
        </Fact>
        {event.reason === null ? null : <Fact label="Reason">{inWords(event.reason)}</Fact>}
        {event.waitsFor === null ? null : (
          <Fact label="Waits for">
            <CopyId id={event.waitsFor} label="object it waits for" />
          </Fact>
        )}
        {event.payments.map((payment) => (
          <Fact key={payment.id} label="Payment">
            <Link
              to={`/admin/payments/${payment.id}#event:${event.id}`}
              prefetch="intent"
              className="prose-link mr-2"
            >
              Show
            </Link>
            <PaymentStateBadge state={payment.state} />
          </Fact>
        ))}
        {event.objectId === null ? null : (
          <Fact label="Object">
            <Link to={`/admin/webhooks/events?object=${event.objectId}`} className="prose-link mr-1">
              Events
            </Link>
            <StripeId id={event.objectId} label="object" realm={event.realm} />
          </Fact>
        )}
        <Fact label="Came by">
          {event.source === 'delivery' ? 'Delivery' : 'Stripe’s list: no delivery came'}
        </Fact>
        <Fact label="Run">{event.run}</Fact>
        <Fact label="Tries">{event.tries}</Fact>
        {isUndecided ? (
          <Fact label="Due">
            <TimeAgo at={event.dueAt} />
          </Fact>
        ) : null}
        <Fact label="Happened at Stripe">
          <Timestamp at={event.created} />
        </Fact>
        <Fact label="Received">
          <Timestamp at={event.receivedAt} />
        </Fact>
        {event.decidedAt === null ? null : (
          <Fact label="Decided">
            <Timestamp at={event.decidedAt} />
          </Fact>
        )}
        <Fact label="API version">{event.apiVersion ?? 'None'}</Fact>
        <Fact label="Realm">{realmWords(event.realm)}</Fact>
        {event.account === null ? null : (
          <Fact label="Account">
            <CopyId id={event.account} label="account id" />
          </Fact>
        )}
      </FactList>
    </Card>
  );
}

export const meta: MetaFunction<typeof loader> = ({ data: event }) => [
  { title: `${event?.type ?? 'Event'} · Credence console` },
];

export function ErrorBoundary() {
  return (
    <RouteErrorBoundary
      home={{ to: '/admin/webhooks/events', label: 'Show all events' }}
      texts={{ 404: { title: 'No such event', happened: 'No event with this id was received.' } }}
    />
  );
}
