import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { PayloadNote } from '~/components/console/payload-redaction';
import { RealmMark, realmWords } from '~/components/console/realm-mark';
import { EventStatusBadge, inWords, tookWords, VerdictBadge } from '~/components/console/state-badges';
import { StripeId } from '~/components/console/stripe-id';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { Card } from '~/components/ui/card';
import { CopyId } from '~/components/ui/copy-id';
import { Fact, FactList } from '~/components/ui/fact-list';
import { PageHeader } from '~/components/ui/page-header';
import { Timestamp } from '~/components/ui/time';
import { readDelivery } from '~/modules/admin/index.server';
import { type DeliveryView } from '~/modules/admin/shared';
import { requireStaff } from '~/modules/auth/index.server';
import { VERDICT } from '~/modules/webhooks/shared';
import { db } from '~/platform/db.server';
import { formatCredits } from '~/platform/money';

export async function loader({ request, params }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  const delivery = await readDelivery(db(), params['deliveryId'] ?? '');
  if (delivery === undefined) throw new Response(null, { status: 404 });
  return delivery;
}

export { unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export default function DeliveryPage() {
  const delivery = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader
        back={{ to: '/admin/webhooks', label: 'Deliveries' }}
        title={`Delivery ${delivery.id}`}
        badge={
          <>
            <VerdictBadge verdict={delivery.verdict} />
            <RealmMark realmId={delivery.realm?.id ?? null} />
          </>
        }
        description={delivery.eventType ?? 'No event was read from it.'}
      />
      <p className="mb-4 max-w-[60rem] text-base [overflow-wrap:anywhere]">
        {VERDICT[delivery.verdict].means}
        {delivery.detail === null ? '' : ` ${inWords(delivery.detail)}.`}
      </p>
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <Request delivery={delivery} />
        <Answer delivery={delivery} />
      </div>
    </>
  );
}

const nothing = <span className="text-text-muted">None</span>;

function Request({ delivery }: { delivery: DeliveryView }) {
  const { redactedAt } = delivery;
  const taken =
    redactedAt === null ? (
      nothing
    ) : (
      <span className="text-text-muted">
        Redacted <Timestamp at={redactedAt} />
      </span>
    );
  return (
    <Card title="Request" description="What is kept of its headers; refused bodies are not kept.">
      <FactList>
        <Fact label="Path">{delivery.path}</Fact>
        <Fact label="From">{delivery.ip ?? taken}</Fact>
        <Fact label="User-Agent">{delivery.agent ?? taken}</Fact>
        <Fact label="Stripe-Version">{delivery.apiVersion ?? nothing}</Fact>
        <Fact label="Stripe-Signature">
          {delivery.secret === null ? 'Made by no secret of ours' : `Made by secret no. ${delivery.secret}`}
        </Fact>
        <Fact label="Body">{formatCredits(BigInt(delivery.bytes))} bytes</Fact>
        <Fact label="Received">
          <Timestamp at={delivery.at} />
        </Fact>
      </FactList>
    </Card>
  );
}

function Answer({ delivery }: { delivery: DeliveryView }) {
  const { event, realm } = delivery;
  return (
    <Card title="Answer">
      <FactList>
        <Fact label="Status">{delivery.status}</Fact>
        <Fact label="Answered after">{tookWords(delivery.ms)}</Fact>
        <Fact label="Realm">{realm === null ? nothing : realmWords(realm)}</Fact>
        <Fact label="Event">
          {event === null || realm === null ? (
            (delivery.eventId ?? nothing)
          ) : (
            <span className="inline-flex flex-wrap items-center justify-end gap-x-2">
              <EventStatusBadge status={event.status} />
              <Link to={`/admin/webhooks/events/${event.id}`} prefetch="intent" className="prose-link">
                {event.type}
              </Link>
              <StripeId id={event.id} label="event" realm={realm} />
            </span>
          )}
        </Fact>
        {event === null ? null : (
          <Fact label="Payload">
            <PayloadNote {...event} />
          </Fact>
        )}
        <Fact label="Our request">
          {delivery.requestId === null ? nothing : <CopyId id={delivery.requestId} label="request id" />}
        </Fact>
      </FactList>
    </Card>
  );
}

export const meta: MetaFunction<typeof loader> = ({ data: delivery }) => [
  { title: `Delivery ${delivery?.id ?? ''} · Credence console` },
];

export function ErrorBoundary() {
  return (
    <RouteErrorBoundary
      home={{ to: '/admin/webhooks', label: 'Show all deliveries' }}
      texts={{ 404: { title: 'No such delivery', happened: 'No delivery has this number.' } }}
    />
  );
}
