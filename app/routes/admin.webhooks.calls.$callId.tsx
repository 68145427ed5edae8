import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { explainCall, explainCallKind } from '~/components/console/explain-step';
import { RealmMark, realmWords } from '~/components/console/realm-mark';
import { CallStateBadge } from '~/components/console/state-badges';
import { StripeId } from '~/components/console/stripe-id';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { Card } from '~/components/ui/card';
import { CopyId } from '~/components/ui/copy-id';
import { Fact, FactList } from '~/components/ui/fact-list';
import { type Json } from '~/components/ui/json-search';
import { JsonView } from '~/components/ui/json-view';
import { PageHeader } from '~/components/ui/page-header';
import { TimeAgo, Timestamp } from '~/components/ui/time';
import { readCall } from '~/modules/admin/index.server';
import { type CallView } from '~/modules/admin/shared';
import { requireStaff } from '~/modules/auth/index.server';
import { db } from '~/platform/db.server';

export async function loader({ request, params }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  const call = await readCall(db(), params['callId'] ?? '');
  if (call === undefined) throw new Response(null, { status: 404 });
  return call;
}

export { unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export default function CallPage() {
  const call = useLoaderData<typeof loader>();
  const body: Json = JSON.parse(call.body);
  return (
    <>
      <PageHeader
        back={{ to: '/admin/webhooks/calls', label: 'Calls to Stripe' }}
        title={call.kind}
        badge={
          <>
            <CallStateBadge state={call.state} />
            <RealmMark realmId={call.realm.id} />
          </>
        }
        description={<CopyId id={call.id} label="call id" full className="!px-0" />}
      />
      <p className="mb-4 max-w-[60rem] text-base">
        {explainCallKind(call.kind)} {explainCall(call)}
      </p>
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <Card title="What is sent" description="Stored before the first send; every send is exactly this.">
          <JsonView value={body} label={`Body of ${call.id}`} />
        </Card>
        <CallFacts call={call} />
      </div>
    </>
  );
}

function CallFacts({ call }: { call: CallView }) {
  return (
    <Card title="Facts">
      <FactList>
        {call.paymentId === null ? null : (
          <Fact label="Payment">
            <Link
              to={`/admin/payments/${call.paymentId}#call:${call.id}`}
              prefetch="intent"
              className="prose-link mr-1"
            >
              Show
            </Link>
            <CopyId id={call.paymentId} label="payment id" />
          </Fact>
        )}
        {call.customerId === null ? null : (
          <Fact label="Customer">
            <Link to={`/admin/customers/${call.customerId}`} prefetch="intent" className="prose-link mr-1">
              Show
            </Link>
            <CopyId id={call.customerId} label="customer id" />
          </Fact>
        )}
        <Fact label="Idempotency key">
          <CopyId id={call.idempotencyKey} label="idempotency key" />
        </Fact>
        <Fact label="Attempt">{call.attempt}</Fact>
        <Fact label="Sent">{call.sends === 1 ? 'once' : `${call.sends} times`}</Fact>
        {call.httpStatus === null ? null : <Fact label="Answered">{call.httpStatus}</Fact>}
        {call.objectId === null ? null : (
          <Fact label="Made">
            <StripeId id={call.objectId} label="made object" realm={call.realm} />
          </Fact>
        )}
        {call.requestId === null ? null : (
          <Fact label="Stripe’s request">
            <StripeId id={call.requestId} label="Stripe request" realm={call.realm} />
          </Fact>
        )}
        {call.errorCode === null ? null : <Fact label="Fault">{call.errorCode}</Fact>}
        {call.errorMessage === null ? null : <Fact label="Stripe says">{call.errorMessage}</Fact>}
        <OptionalTime label="First sent" at={call.firstSentAt} />
        <OptionalTime label="Last sent" at={call.lastSentAt} />
        <OptionalTime label="Not found at Stripe" at={call.absentAt} />
        <OptionalTime label="Ended" at={call.endedAt} />
        {call.dueAt === null ? null : (
          <Fact label="Next look">
            <TimeAgo at={call.dueAt} />
          </Fact>
        )}
        <Fact label="Realm">{realmWords(call.realm)}</Fact>
      </FactList>
    </Card>
  );
}

function OptionalTime({ label, at }: { label: string; at: Date | null }) {
  if (at === null) return null;
  return (
    <Fact label={label}>
      <Timestamp at={at} />
    </Fact>
  );
}

export const meta: MetaFunction<typeof loader> = ({ data: call }) => [
  { title: `${call?.kind ?? 'Call'} · Credence console` },
];

export function ErrorBoundary() {
  return (
    <RouteErrorBoundary
      home={{ to: '/admin/webhooks/calls', label: 'Show all calls' }}
      texts={{ 404: { title: 'No such call', happened: 'No call to Stripe has this id.' } }}
    />
  );
}
