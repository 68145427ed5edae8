import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { Cause } from '~/components/console/cause';
import { SendingStateBadge } from '~/components/console/outgoing-tables';
import { ResendThese } from '~/components/console/resend-dialogs';
import { SendingTries } from '~/components/console/sending-tries';
import { useHeldData, useLive } from '~/components/console/use-live';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { Card } from '~/components/ui/card';
import { CopyId } from '~/components/ui/copy-id';
import { Fact, FactList } from '~/components/ui/fact-list';
import { type Json } from '~/components/ui/json-search';
import { JsonView } from '~/components/ui/json-view';
import { PageHeader } from '~/components/ui/page-header';
import { EmptyState } from '~/components/ui/states';
import { TimeAgo, Timestamp } from '~/components/ui/time';
import { readOutgoing } from '~/modules/admin/index.server';
import { type SendingLine } from '~/modules/admin/shared';
import { requireStaff } from '~/modules/auth/index.server';
import { hasRole } from '~/modules/auth/shared';
import { db } from '~/platform/db.server';
import { seconds } from '~/platform/time';

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { role } = await requireStaff(request, 'viewer');
  const message = await readOutgoing(db(), params['messageId'] ?? '');
  if (message === undefined) throw new Response(null, { status: 404 });
  return { message, mayAct: hasRole(role, 'support') };
}

export { unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export default function OutgoingMessagePage() {
  const { message, mayAct } = useHeldData(useLoaderData<typeof loader>());
  const isMoving = message.sendings.some(({ state }) => state === 'pending');
  useLive({ every: isMoving ? seconds(2) : seconds(15) });
  const body: Json = JSON.parse(message.body);
  return (
    <>
      <PageHeader
        back={{ to: '/admin/webhooks/outgoing', label: 'Outgoing' }}
        title={message.type}
        description={<CopyId id={message.id} label="message id" full className="!px-0" />}
      />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <div className="grid min-w-0 gap-6">
          {message.sendings.length === 0 ? (
            <Card>
              <EmptyState title="Nobody listened">
                No endpoint wanted it when it was written. It is kept; “Send again…” on the list sends what an
                endpoint missed.
              </EmptyState>
            </Card>
          ) : null}
          {message.sendings.map((sending) => (
            <Sending key={sending.id} sending={sending} mayAct={mayAct} />
          ))}
          <Card title="Body" description="What is signed and sent, each time the same.">
            <JsonView value={body} label={`Body of ${message.id}`} depth={3} />
          </Card>
        </div>
        <Card title="Facts">
          <FactList>
            {message.customer === null ? null : (
              <Fact label="Customer">
                <Link to={`/admin/customers/${message.customer.id}`} prefetch="intent" className="prose-link">
                  {message.customer.email ?? message.customer.name ?? message.customer.id}
                </Link>
              </Fact>
            )}
            <Fact label="Caused by">
              <Cause cause={message.cause} />
            </Fact>
            <Fact label="Written">
              <Timestamp at={message.at} />
            </Fact>
            <Fact label="Book">{message.book}</Fact>
            <Fact label="webhook-id">
              <CopyId id={message.id} label="webhook-id" />
            </Fact>
            <Fact label="webhook-timestamp">the second of each try</Fact>
            <Fact label="webhook-signature">v1, one for each secret in force; not kept</Fact>
          </FactList>
        </Card>
      </div>
    </>
  );
}

function Sending({ sending, mayAct }: { sending: SendingLine; mayAct: boolean }) {
  const { endpoint, actor, state, n } = sending;
  return (
    <section id={sending.id} className="min-w-0 scroll-mt-4">
      <Card
        title={
          <span className="flex flex-wrap items-center gap-2 [overflow-wrap:anywhere]">
            {endpoint.url} <SendingStateBadge state={state} />
          </span>
        }
        description={
          <>
            {n === 1 ? 'Sent as it was written' : `Sent again, ${n - 1}`}
            {actor === null ? '' : ` by ${actor.name}`}, <TimeAgo at={sending.createdAt} />.
            {state === 'pending' ? (
              <>
                {' '}
                Due <TimeAgo at={sending.dueAt} />.
              </>
            ) : null}
          </>
        }
        actions={
          mayAct && state !== 'pending' && endpoint.state === 'on' ? (
            <ResendThese opener={{ label: 'Send again…', size: 'sm' }} sendings={[sending]} />
          ) : undefined
        }
        flush
      >
        <SendingTries tries={sending.log} />
      </Card>
    </section>
  );
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.message.type ?? 'Message'} · Credence console` },
];

export function ErrorBoundary() {
  return (
    <RouteErrorBoundary
      home={{ to: '/admin/webhooks/outgoing', label: 'Show all sendings' }}
      texts={{ 404: { title: 'No such message', happened: 'No message and no sending has this id.' } }}
    />
  );
}
